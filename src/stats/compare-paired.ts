import type { Estimate, Unavailable } from '../core/estimate.ts';
import { groupBy } from '../core/group-by.ts';
import { isEquivalent } from './equivalence.ts';
import { holm, holmStepLevels } from './holm.ts';
import { meanMinimumDetectableEffect, pairedMinimumDetectableEffect } from './minimum-detectable-effect.ts';
import { meanEstimate } from './mean-estimate.ts';
import { meanOfIndependent } from './mean-of-independent.ts';
import { estimateOf, pairedDifference, type PairedDifference } from './paired-difference.ts';
import { equivalenceSampleSize, meanSampleSize, pairedProportionSampleSize } from './sample-size.ts';
import { scoreEstimate } from './score-estimate.ts';

/** The samples of one task that were scored in both runs, in the same order. */
export interface PairedTask {
  readonly task: string;
  readonly a: readonly number[];
  readonly b: readonly number[];
  /** One label a pair; pairs with the same label share a source. */
  readonly clusters?: readonly string[];
  /** One label a pair where the score of the task is the mean of the means of these strata. */
  readonly strata?: readonly string[];
  /** Lowest and highest possible score, default [0,1]. */
  readonly range?: readonly [number, number];
}

export interface ComparisonOptions {
  /** Confidence level over all tasks of the call together, default 0.95. */
  readonly level?: number;
  /** Differences within ±delta are a tie; share of the score's range, default 0.02. */
  readonly delta?: number;
  /** `none` tests each task at the level by itself; default `holm`. */
  readonly correction?: 'holm' | 'none';
  /** Further tasks of the call that are decided elsewhere, each with its share of the error, default 0. */
  readonly others?: number;
  /** Chance of deciding that the planned sizes aim for, default 0.8. */
  readonly power?: number;
}

/** What a paired comparison of one task says. */
export interface PairedComparison {
  readonly task: string;
  readonly pairs: number;
  /** Estimates of the same samples at the level of the call. */
  readonly a: Estimate;
  readonly b: Estimate;
  /** a − b at the level of its step in Holm's procedure: the interval excludes 0 exactly when the verdict is a or b. */
  readonly difference: Estimate;
  /** a − b at 90 %: the verdict tied needs it inside ±delta. */
  readonly equivalence: Estimate;
  /** In the unit of the score. */
  readonly delta: number;
  readonly verdict: 'a' | 'b' | 'tied' | 'undecided';
  /** Two-sided; null where the difference is unavailable. */
  readonly pValue: number | null;
  /** After Holm over the tasks of the call. */
  readonly adjustedPValue: number | null;
  /** Smallest difference that these pairs detect at the level of `difference`; null where none can be detected or the difference is unavailable. */
  readonly minimumDetectableEffect: number | null;
  /** Pairs with which the verdict would be expected if the difference stays as observed; null where it is decided or the difference is unavailable. */
  readonly pairsToDecide: number | null;
  /** Pairs where a scores higher (gained) and lower (lost) than b. */
  readonly flips: { readonly gained: number; readonly lost: number };
}

/** Compares paired scores task by task: a or b when the interval of the difference excludes 0 after Holm's correction, tied when the 90 % interval lies within ±delta, else undecided. */
export function comparePaired(tasks: readonly PairedTask[], options: ComparisonOptions = {}): PairedComparison[] {
  const { level = 0.95, correction = 'holm', others = 0 } = options;
  const differences = tasks.map((task) => pairedDifference(task.a, task.b, task));
  const pValues = differences.flatMap((difference) => ('pValue' in difference ? [difference.pValue] : []));
  // The others count as never rejected.
  const family = [...pValues, ...Array.from({ length: others }, () => 1)];
  const adjusted = correction === 'holm' ? holm(family) : pValues;
  const alphas = correction === 'holm' ? holmStepLevels(family, 1 - level) : pValues.map(() => 1 - level);
  let tested = 0;
  return differences.map((difference, index) => {
    const described = describe(tasks[index] as PairedTask, options);
    if ('unavailable' in difference) return { ...described, ...notTested(difference) };
    const adjustedPValue = adjusted[tested] as number;
    const stepLevel = 1 - (alphas[tested] as number);
    tested += 1;
    return {
      ...described,
      adjustedPValue,
      ...decide(difference, { ...options, level: stepLevel, delta: described.delta }),
    };
  });
}

function describe(task: PairedTask, { level = 0.95, delta = 0.02 }: ComparisonOptions) {
  const { a, b, range = [0, 1] } = task;
  const [low, high] = range;
  const ofPart = (scores: readonly number[], clusters: readonly string[] | undefined): Estimate => {
    const options = { level, ...(clusters && { clusters }) };
    return low === 0 && high === 1 ? scoreEstimate(scores, options) : meanEstimate(scores, { ...options, range });
  };
  const parts = groupBy(a.keys(), (index) => task.strata?.[index] ?? '');
  const estimate = (scores: readonly number[]): Estimate =>
    parts.length < 2
      ? ofPart(scores, task.clusters)
      : meanOfIndependent(
          parts.map(([, places]) =>
            ofPart(
              places.map((index) => scores[index] as number),
              task.clusters && places.map((index) => task.clusters?.[index] as string),
            ),
          ),
        );
  const count = (holds: (difference: number) => boolean): number =>
    a.filter((score, index) => holds(score - (b[index] as number))).length;
  return {
    task: task.task,
    pairs: a.length,
    a: estimate(a),
    b: estimate(b),
    delta: delta * (high - low),
    flips: { gained: count((difference) => difference > 0), lost: count((difference) => difference < 0) },
  };
}

const notTested = (missing: Unavailable) =>
  ({
    difference: missing,
    equivalence: missing,
    verdict: 'undecided',
    pValue: null,
    adjustedPValue: null,
    minimumDetectableEffect: null,
    pairsToDecide: null,
  }) as const;

/** The options of one decision: the level of its step and delta in the unit of the score. */
type Decision = Required<Pick<ComparisonOptions, 'level' | 'delta'>> & Pick<ComparisonOptions, 'power'>;

function decide(difference: PairedDifference, decision: Decision) {
  const { level, delta } = decision;
  const { low, high } = difference.interval(level);
  const isTied = isEquivalent(difference.interval(equivalenceLevel), delta);
  const verdict: PairedComparison['verdict'] = low > 0 ? 'a' : high < 0 ? 'b' : isTied ? 'tied' : 'undecided';
  const { effectiveSize, variance, pValue } = difference;
  return {
    difference: estimateOf(difference, level),
    equivalence: estimateOf(difference, equivalenceLevel),
    verdict,
    pValue,
    minimumDetectableEffect: difference.binary
      ? pairedMinimumDetectableEffect(effectiveSize, Math.min(1, variance), decision)
      : meanMinimumDetectableEffect(effectiveSize, Math.sqrt(variance), decision),
    pairsToDecide: verdict === 'undecided' ? pairsToDecide(difference, decision) : null,
  };
}

const equivalenceLevel = 0.9;

/** The smaller of the sizes that would show the observed difference, or that it lies within ±delta. */
function pairsToDecide(
  { value, variance, binary, effectiveSize, pairs }: PairedDifference,
  decision: Decision,
): number {
  const { level, delta, power = 0.8 } = decision;
  const size = Math.abs(value);
  const sizes: number[] = [];
  if (size > 0)
    sizes.push(
      binary
        ? pairedProportionSampleSize(size, Math.max(size, variance), { level, power })
        : meanSampleSize(size, Math.sqrt(variance), { level, power }),
    );
  if (size < delta) {
    const standardDeviation = Math.sqrt(Math.max(0, binary ? variance - size * size : variance));
    sizes.push(equivalenceSampleSize({ difference: value, standardDeviation, delta, level: equivalenceLevel, power }));
  }
  return Math.max(pairs + 1, Math.ceil((Math.min(...sizes) * pairs) / effectiveSize));
}
