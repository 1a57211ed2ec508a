import { found, type Probe } from '../asking.ts';

/** Whether log-probabilities of generated tokens are real. */
export const logProbabilities: Probe = {
  ids: ['log_probabilities'],
  run: (asking, { alone }) => {
    const capability = asking.parts.description.capabilities.tokenLogProbabilities;
    if (!capability.supported) return Promise.resolve({ log_probabilities: found('absent', capability.reason) });
    const tokens = alone.flatMap(({ generation }) => generation.logProbabilities ?? []);
    const values = tokens.flatMap((token) => [token.logProbability, ...token.top.map((one) => one.logProbability)]);
    const facts = { tokens: tokens.length, different: new Set(values).size };
    const result =
      values.length === 0
        ? found('no', 'the engine says it has log-probabilities and gave none', facts)
        : values.some((value) => value > 1e-6)
          ? found('no', 'log-probabilities above 0', facts)
          : values.length > 1 && facts.different === 1
            ? found('no', `every log-probability is ${values[0]}`, facts)
            : found('yes', 'log-probabilities differ from token to token', facts);
    return Promise.resolve({ log_probabilities: result });
  },
};
