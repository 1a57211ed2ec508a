import { found, writtenText, type Asking, type Probe, type QuietAnswers } from '../asking.ts';
import type { ProbeResult } from '../../../core/fingerprint.ts';

const askedTokens = 5;

async function maxTokens(asking: Asking): Promise<ProbeResult> {
  const answer = await asking.ask({ text: 'tell a long story about a lighthouse.', maxTokens: askedTokens });
  const { usage, finishReason } = answer.generation;
  const words = writtenText(answer)
    .split(/\s+/u)
    .filter((word) => word !== '').length;
  // Where the server counts nothing, a word is at least one token.
  const least = Math.max(usage.completionTokens ?? 0, words);
  const facts = { asked: askedTokens, completionTokens: usage.completionTokens, words, finishReason };
  if (least > askedTokens)
    return found('no', `${least} tokens or more came where at most ${askedTokens} were allowed`, facts);
  if (finishReason === 'length') return found('yes', 'the answer ended at the limit and said so', facts);
  if (least < askedTokens) return found('unknown', 'the answer ended before the limit', facts);
  return found('no', `the answer ended at the limit with the finish reason ${finishReason}`, facts);
}

/** A word of the answer that has something before it. */
const laterWord = (text: string | null): string | null => /\s\S*?(\p{L}{3,})/u.exec(text ?? '')?.[1] ?? null;

async function stop(asking: Asking, { questions, alone }: QuietAnswers): Promise<ProbeResult> {
  const index = alone.findIndex(({ generation }) => laterWord(generation.text) !== null);
  const question = questions[index];
  const word = laterWord(alone[index]?.generation.text ?? null);
  if (!question || word === null) return found('unknown', 'no answer had a word to stop at');
  const { generation } = await asking.ask({ ...question, stop: [word] });
  const text = generation.text ?? '';
  const facts = { stop: word, finishReason: generation.finishReason };
  if (text.includes(word)) return found('no', `the answer goes on past the stop text ${JSON.stringify(word)}`, facts);
  if (generation.finishReason === 'stop') return found('yes', 'the answer ended before the stop text', facts);
  return found('unknown', 'the answer took another way and never came to the stop text', facts);
}

/** Whether limits on the output hold. */
export const limits: Probe = {
  ids: ['max_tokens', 'stop'],
  run: async (asking, quiet) => ({ max_tokens: await maxTokens(asking), stop: await stop(asking, quiet) }),
};
