/** Sampling parameters; null leaves the engine's default and is recorded as such. */
export interface Sampling {
  /** 0 is greedy. */
  readonly temperature: number | null;
  readonly topP: number | null;
  readonly topK: number | null;
  readonly minP: number | null;
  readonly presencePenalty: number | null;
  readonly repetitionPenalty: number | null;
  readonly seed: number | null;
}

/** Greedy decoding with nothing else set. */
export const greedySampling: Sampling = {
  temperature: 0,
  topP: null,
  topK: null,
  minP: null,
  presencePenalty: null,
  repetitionPenalty: null,
  seed: null,
};
