import { isQwenEvalError } from '../../../core/errors.ts';
import { found, type Probe } from '../asking.ts';

/** A longer context is not worth the traffic of finding out. */
const longestTokens = 262_144;
const spare = 64;

/** Whether a prompt that cannot fit is refused, not clipped. */
export const contextLimit: Probe = {
  ids: ['context_limit'],
  run: async (asking) => {
    const { contextLength } = asking.parts.description;
    if (contextLength === null) return { context_limit: found('unknown', 'the server does not state its context') };
    if (contextLength > longestTokens)
      return { context_limit: found('unknown', `${contextLength} tokens are stated, not tried`, { contextLength }) };
    // No tokenizer makes one token of two words.
    const least = contextLength + spare;
    const text = Array.from({ length: least }, (_, index) => (index % 2 === 0 ? 'sea' : 'sky')).join(' ');
    try {
      const { generation } = await asking.ask({ text, maxTokens: 1 });
      const { promptTokens } = generation.usage;
      const facts = { contextLength, sentAtLeast: least, promptTokens };
      if (promptTokens !== null && promptTokens >= least)
        return { context_limit: found('unknown', `more than the stated ${contextLength} tokens are taken`, facts) };
      const seen = promptTokens === null ? 'answered' : `clipped to ${promptTokens} tokens`;
      return { context_limit: found('no', `a prompt of more than ${contextLength} tokens was ${seen}`, facts) };
    } catch (error) {
      if (!isQwenEvalError(error) || error.code !== 'E_CONTEXT_EXCEEDED') throw error;
      return {
        context_limit: found('yes', `a prompt beyond ${contextLength} tokens is refused`, { contextLength }),
      };
    }
  },
};
