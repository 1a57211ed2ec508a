import { found, writtenText, type Probe } from '../asking.ts';

const text = 'write one sentence of words chosen at random.';

/** Whether temperature and seed are honoured: two hot answers with one seed, one with another, and a greedy one. */
export const sampling: Probe = {
  ids: ['temperature', 'seed'],
  run: async (asking) => {
    const hot = (seed: number) => asking.ask({ text, maxTokens: 16, sampling: { temperature: 1.5, seed } });
    const answers = [await asking.ask({ text, maxTokens: 16 }), await hot(7), await hot(7), await hot(8)];
    const [greedy, first, again, other] = answers.map(writtenText);
    const isHot = new Set([greedy, first, again, other]).size > 1;
    if (!isHot) {
      return {
        temperature: found('no', 'answers at temperature 1.5 equal the greedy one, with every seed'),
        seed: found('unknown', 'nothing is drawn, so no seed can show'),
      };
    }
    return {
      temperature: found('yes', 'answers at temperature 1.5 differ from the greedy one or from each other'),
      seed:
        first === again
          ? found('yes', 'the same seed gave the same answer')
          : found('no', 'the same seed gave two answers'),
    };
  },
};
