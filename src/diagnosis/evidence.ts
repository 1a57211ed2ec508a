import { familyOf } from '../core/failure-code.ts';
import type { SampleFacts } from './sample-facts.ts';

/** Share of samples from which a fault is worth a verdict. */
export const notableShare = 0.05;

/** True when `count` of `total` samples are more than a chance find: all of them, or two or more that make up the share. */
export const isNotable = (count: number, total: number, share: number = notableShare): boolean =>
  count > 0 && (count === total || (count >= 2 && count / total >= share));

/** Ids of the first samples that show a fault, for evidence. */
export const exampleIds = (samples: readonly SampleFacts[], shown = 3): readonly string[] =>
  samples.slice(0, shown).map(({ sampleId }) => sampleId);

/** True when one of a sample's codes belongs to the family. */
export const hasFamily = ({ code, codes }: SampleFacts, family: string): boolean =>
  [code, ...codes].some((one) => one !== null && familyOf(one) === family);

/** True for a scored sample that is not right. */
export const isMissed = ({ score }: SampleFacts): boolean => score !== null && score < 1;

/** `3 of 100`. */
export const countOf = (part: number, whole: number): string => `${part} of ${whole}`;

/** Counts by key, the most frequent first, equals in the order they came. */
export function tally<Key extends string>(keys: Iterable<Key>): readonly (readonly [Key, number])[] {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].toSorted(([, x], [, y]) => y - x);
}
