import { found, type Probe } from '../asking.ts';

/** Whether the server's tokens of a question, template and all, are those it was asked with. */
export const template: Probe = {
  ids: ['template'],
  run: async (asking, { questions, alone }) => {
    const { engine, description, signal } = asking.parts;
    const [question] = questions;
    const promptTokens = alone[0]?.generation.usage.promptTokens ?? null;
    const { tokenize } = description.capabilities;
    if (!tokenize.supported) return { template: found('absent', tokenize.reason) };
    if (!question || promptTokens === null) return { template: found('unknown', 'prompt tokens are not reported') };
    const rendered = (await engine.tokenize(asking.render(question).prompt, signal)).length;
    const facts = { rendered, promptTokens };
    // A token that begins the text is added by some and counted by some.
    return {
      template:
        Math.abs(rendered - promptTokens) <= 1
          ? found('yes', `${promptTokens} prompt tokens, as the template gives`, facts)
          : found('no', `${promptTokens} prompt tokens where the template gives ${rendered}`, facts),
    };
  },
};
