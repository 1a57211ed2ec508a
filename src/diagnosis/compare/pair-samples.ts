import type { SampleScore, TaskScores } from './task-scores.ts';

/** A sample that is scored in both runs. */
export interface SamplePair {
  readonly sampleId: string;
  readonly a: SampleScore;
  readonly b: SampleScore;
}

export interface PairedSamples {
  readonly both: readonly SamplePair[];
  /** Samples that only one of the runs scored. */
  readonly unpaired: { readonly a: number; readonly b: number };
}

/** Samples scored in both, by id, so that the order in which the runs finished them does not matter. */
export function pairSamples(a: TaskScores, b: TaskScores): PairedSamples {
  const both: SamplePair[] = [];
  for (const [sampleId, score] of a) {
    const other = b.get(sampleId);
    if (other) both.push({ sampleId, a: score, b: other });
  }
  both.sort((x, y) => (x.sampleId < y.sampleId ? -1 : 1));
  return { both, unpaired: { a: a.size - both.length, b: b.size - both.length } };
}

/** Labels of samples that share a source; none where every sample stands alone. */
export function clustersOf(pairs: readonly SamplePair[]): { readonly clusters?: readonly string[] } {
  if (pairs.every((pair) => pair.a.cluster === null)) return {};
  return {
    clusters: pairs.map(({ a, sampleId }) => (a.cluster === null ? `sample ${sampleId}` : `cluster ${a.cluster}`)),
  };
}

/** The category of each pair, for headlines that give each category the same weight. */
export const strataOf = (pairs: readonly SamplePair[]): readonly string[] => pairs.map(({ a }) => a.category ?? '');

/** Lowest and highest value of a headline metric. */
export const rangeOf = (headline: string | undefined): readonly [number, number] =>
  headline === 'rating' ? [1, 10] : [0, 1];
