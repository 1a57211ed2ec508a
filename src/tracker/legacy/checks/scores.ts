import type { Estimate } from '../../../core/estimate.ts';
import { isEstimated } from '../../../core/estimate.ts';
import { proportionEstimate } from '../../../stats/proportion-estimate.ts';
import { formatShare } from '../../../text/format-estimate.ts';
import type { LegacyFinding, LegacyResult, LegacyScore } from '../legacy-tracker.ts';
import {
  cellOfScore,
  modelOfResult,
  quoteOf,
  scoresOf,
  type CheckFacts,
  type LegacyCheck,
  type PublishedScore,
} from './legacy-check.ts';

/** Samples up to which a share says next to nothing. */
const hardlyAny = 10;

/** Samples below which an interval is wider than most differences that are looked for. */
const few = 400;

interface ScoreClaim {
  readonly result: LegacyResult;
  readonly score: LegacyScore;
  readonly estimate: Estimate | null;
  readonly published: PublishedScore | null;
  readonly chanceLevel: number | null;
  readonly isRating: boolean;
}

/** Zeros in one result from which they are no coincidence. */
const together = 3;

/** Scores of 0 where guessing gets more, shares where ratings belong, scores that published ones exclude, and samples that are too few or not stated. */
export const checkScores: LegacyCheck = (legacy, context) => [
  ...legacy.results.flatMap((result) => zerosTogether(result, context)),
  ...scoresOf(legacy).flatMap(({ result, score }) => {
    const claim = claimOf(result, score, context);
    return [notARating, hardlyMeasured, zero, belowPublished, sampleSize].flatMap((rule) => {
      const found = rule(claim);
      if (found === null) return [];
      return [{ ...found, quote: quoteOf(score), lines: [score.line], cells: cellOfScore(result, score) }];
    });
  }),
];

function zerosTogether(result: LegacyResult, facts: CheckFacts): readonly LegacyFinding[] {
  const zeros = result.scores.filter((score) => {
    const { isRating } = claimOf(result, score, facts);
    return !isRating && score.value === 0 && score.n !== null && score.n > hardlyAny;
  });
  if (zeros.length < together) return [];
  return [
    {
      id: 'legacy.zeros_together',
      severity: 'error',
      quote: zeros.map(quoteOf).join(', '),
      explanation: `0 on ${zeros.length} benchmarks of different kinds at once (${result.model}, ${result.preset}): one fault of the evaluation, not ${zeros.length} weaknesses of a model`,
      lines: zeros.map(({ line }) => line),
      cells: zeros.flatMap((score) => cellOfScore(result, score)),
    },
  ];
}

type Rule = (claim: ScoreClaim) => Pick<LegacyFinding, 'id' | 'severity' | 'explanation'> | null;

function claimOf(result: LegacyResult, score: LegacyScore, facts: CheckFacts): ScoreClaim {
  const task = score.task === null ? undefined : facts.tasks.get(score.task);
  const model = modelOfResult(result, facts);
  const { successes, n } = score;
  return {
    result,
    score,
    estimate: successes === null || n === null ? null : proportionEstimate(successes, n),
    published: model && score.task !== null ? facts.published(model.id, score.task) : null,
    chanceLevel: task?.chanceLevel ?? null,
    isRating: task?.headline === 'rating',
  };
}

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;

const notARating: Rule = ({ isRating, score }) =>
  isRating
    ? {
        id: 'legacy.not_a_rating',
        severity: 'error',
        explanation: `${score.text} is no score of ${score.label}: a judge rates its answers from 1 to 10, so the lowest is 1, and no judge answered`,
      }
    : null;

const hardlyMeasured: Rule = ({ score, estimate, isRating }) =>
  score.n !== null && score.n <= hardlyAny && estimate !== null && !isRating
    ? {
        id: 'legacy.hardly_measured',
        severity: 'error',
        explanation: `${score.successes} of ${score.n} is ${formatShare(estimate)}: ${score.n} samples can hardly tell a good model from a bad one`,
      }
    : null;

const zero: Rule = ({ score, estimate, published, chanceLevel, isRating }) => {
  const { value, n, label } = score;
  if (value !== 0 || n === null || n <= hardlyAny || isRating || estimate === null) return null;
  const guess =
    chanceLevel === null
      ? ''
      : ` Guessing gets ${percent(chanceLevel)}; that ${n} guesses are all wrong happens once in ${formatOdds((1 - chanceLevel) ** n)}.`;
  const official =
    published === null
      ? ' No official value is known.'
      : ` Published is ${percent(published.value)} (${published.setting}).`;
  return {
    id: 'legacy.zero_score',
    severity: 'error',
    explanation: `0 of ${n} right on ${label}, ${formatShare(estimate)}, is a fault of the evaluation, not of the model: the answers were not found or the tests not run as the benchmark means them.${guess}${official}`,
  };
};

/** `1 / p` with one significant digit: `1e+12`. */
const formatOdds = (probability: number): string => (1 / probability).toExponential(0);

const belowPublished: Rule = ({ score, estimate, published, result }) => {
  if (published === null || estimate === null || !isEstimated(estimate) || score.value === 0) return null;
  if (published.value >= estimate.low && published.value <= estimate.high) return null;
  const { value } = estimate;
  const side = published.value > value ? 'below' : 'above';
  return {
    id: `legacy.${side}_published`,
    severity: 'error',
    explanation: `${formatShare(estimate)} lies ${side} the published ${percent(published.value)} of ${result.modelId} (${published.setting}; ${published.source}) by ${Math.abs((published.value - value) * 100).toFixed(1)} points, and the interval excludes it: how it was asked, cut off or extracted is the first suspect, not the model`,
  };
};

const sampleSize: Rule = ({ score, estimate, isRating }) => {
  if (isRating || score.value === null) return null;
  if (score.n === null) {
    const [numerator, denominator] = simplestFraction(score.value);
    const example = proportionEstimate(numerator, denominator);
    return {
      id: 'legacy.samples_not_stated',
      severity: 'warning',
      explanation: `the number of samples is not stated, so ${score.text} has no interval; it could be ${numerator} of ${denominator}, which is ${formatShare(example)}`,
    };
  }
  if (score.n <= hardlyAny || score.n >= few || estimate === null) return null;
  return {
    id: 'legacy.few_samples',
    severity: 'warning',
    explanation: `n = ${score.n}: the interval is ${formatShare(estimate)}, and which ${score.n} samples were asked is not stated`,
  };
};

/** The fraction with the smallest denominator that rounds to the share at its first decimal of a percent. */
function simplestFraction(share: number): readonly [number, number] {
  for (let denominator = 1; denominator < 1000; denominator++) {
    const numerator = Math.round(share * denominator);
    if (Math.abs(numerator / denominator - share) <= 5.1e-4) return [numerator, denominator];
  }
  return [Math.round(share * 1000), 1000];
}
