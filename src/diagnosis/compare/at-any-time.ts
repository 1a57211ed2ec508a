import type { ResultDocument } from '../../core/result-document.ts';
import { anytimeMean } from '../../stats/anytime-interval.ts';
import type { PairedComparison } from '../../stats/compare-paired.ts';
import { untilDecided } from '../../stats/until-decided.ts';
import { rangeOf, type SamplePair } from './pair-samples.ts';

/** True when a run ended a task because a comparison was decided: how many samples it has then depends on what they said. */
export const wasDecidedEarly = (result: ResultDocument | null, task: string): boolean =>
  result?.tasks.some((entry) => entry.task === task && entry.decided?.isEarly === true) ?? false;

/** The comparison of a task that was ended early, with intervals that hold whenever one stops; tests for a fixed number of samples do not apply. */
export function atAnyTime(
  comparison: PairedComparison,
  pairs: readonly SamplePair[],
  options: { readonly delta: number; readonly tasks: number; readonly metric: string | undefined },
): PairedComparison {
  const range = rangeOf(options.metric);
  const differences = pairs.map(({ a, b }) => a.score - b.score);
  const { verdict, difference } = untilDecided(differences, { ...options, range });
  const of = (values: readonly number[]) => anytimeMean(values, { range });
  return {
    ...comparison,
    a: of(pairs.map(({ a }) => a.score)),
    b: of(pairs.map(({ b }) => b.score)),
    difference,
    equivalence: untilDecided(differences, { ...options, tasks: 1, level: 0.9, range }).difference,
    verdict,
    pValue: null,
    adjustedPValue: null,
    minimumDetectableEffect: null,
    pairsToDecide: null,
  };
}
