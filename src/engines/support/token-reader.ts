import type { TokenLogProbability } from '../../core/generation.ts';
import type { Sampling } from '../../core/sampling.ts';
import type { LoadedLlama, NativeSampler, SamplerConfig } from './llama-binding.ts';

/**
 * The sampler chain of a request. Null parameters are off, a null temperature is greedy. Presence and repetition penalties look at the
 * whole output, the repetition penalty at the prompt as well.
 */
export function samplerConfig(options: {
  readonly sampling: Sampling & { readonly seed: number };
  readonly prompt: readonly number[];
  readonly maxTokens: number;
}): SamplerConfig {
  const { sampling, prompt, maxTokens } = options;
  const { topK, topP, minP, presencePenalty, repetitionPenalty } = sampling;
  const repeats = repetitionPenalty !== null && repetitionPenalty !== 1;
  const history = repeats ? prompt : [];
  return {
    temperature: sampling.temperature ?? 0,
    seed: sampling.seed >>> 0,
    ...(topK !== null && topK > 0 ? { topK } : {}),
    ...(topP !== null && topP < 1 ? { topP } : {}),
    ...(minP !== null && minP > 0 ? { minP } : {}),
    ...(repeats || (presencePenalty !== null && presencePenalty !== 0)
      ? {
          repeatPenalty: repetitionPenalty ?? 1,
          repeatPenaltyPresencePenalty: presencePenalty ?? 0,
          repeatPenaltyTokens: Uint32Array.from(history),
          repeatPenaltyMaxTokens: history.length + maxTokens,
        }
      : {}),
  };
}

/** Probabilities of one output row at temperature 1 without penalties; natural logarithms. */
export interface RowProbabilities {
  /** The most likely token. */
  readonly best: number;
  of(token: number): Promise<number | null>;
  /** The most likely tokens, best first. */
  top(count: number): Promise<readonly { readonly token: number; readonly logProbability: number }[]>;
}

/** Added to a token's logit so that it is among the two best; the second covers tokens more than 30 nats below the best. */
const biases = [30, 90];

/**
 * Reads log-probabilities from output rows. The library gives either the probability of the chosen token among all, or all of them as a
 * list (152,000 entries a row); so the best token's probability is read first, and any other token's distance to it from a chain that
 * keeps two candidates: six times cheaper, equal to 4e-6.
 */
export class TokenReader {
  readonly #llama: LoadedLlama;
  readonly #probe: NativeSampler;

  constructor(llama: LoadedLlama) {
    this.#llama = llama;
    this.#probe = llama.createSampler();
  }

  async read(row: number): Promise<RowProbabilities> {
    this.#probe.applyConfig({ temperature: 0 });
    const [best, , confidence] = await this.#look(row, false);
    const bestLog = Math.log(confidence ?? Number.NaN);
    return {
      best,
      of: async (token) => {
        const distance = token === best ? 0 : await this.#distance(row, token, best);
        return distance === null ? null : bestLog + distance;
      },
      top: async (count) => {
        this.#probe.applyConfig({ temperature: 1, topK: count, seed: 0 });
        const [, pairs = []] = await this.#look(row, true);
        const first = pairs[1] ?? Number.NaN;
        return Array.from({ length: pairs.length / 2 }, (_, index) => ({
          token: pairs[2 * index] ?? 0,
          logProbability: bestLog + Math.log((pairs[2 * index + 1] ?? 0) / first),
        }));
      },
    };
  }

  /** The log-probability of a generated token with its alternatives, as a generation reports it. */
  async describe(row: number, token: number, alternatives: number): Promise<TokenLogProbability> {
    const probabilities = await this.read(row);
    const label = this.#llama.tokenLabel;
    const top = alternatives > 0 ? await probabilities.top(alternatives) : [];
    return {
      token: label(token),
      logProbability: (await probabilities.of(token)) ?? Number.NEGATIVE_INFINITY,
      top: top.map((entry) => ({ token: label(entry.token), logProbability: entry.logProbability })),
    };
  }

  dispose(): void {
    this.#probe.dispose();
  }

  /** Nats from the best token to this one; null when it is too far below to be measured. */
  async #distance(row: number, token: number, best: number): Promise<number | null> {
    for (const bias of biases) {
      this.#probe.applyConfig({
        temperature: 1,
        topK: 2,
        seed: 0,
        tokenBiasKeys: Uint32Array.of(token),
        tokenBiasValues: Float32Array.of(bias),
      });
      const [, pairs = []] = await this.#look(row, true);
      const own = pairs[0] === token ? pairs[1] : pairs[2] === token ? pairs[3] : undefined;
      const other = pairs[0] === best ? pairs[1] : pairs[2] === best ? pairs[3] : undefined;
      if (own !== undefined && other !== undefined && own > 0 && other > 0)
        return Math.log(own) - Math.log(other) - bias;
    }
    return null;
  }

  async #look(
    row: number,
    all: boolean,
  ): Promise<readonly [number, readonly number[] | undefined, number | undefined]> {
    const result = await this.#llama.context.sampleToken(row, this.#probe, all, !all);
    return typeof result === 'number' ? [result, undefined, undefined] : result;
  }
}
