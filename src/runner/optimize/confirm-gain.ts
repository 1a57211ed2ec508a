import { isEstimated, type Estimate } from '../../core/estimate.ts';
import { compareRuns, type TaskComparison } from '../../diagnosis/compare/compare-runs.ts';
import type { LoadedRun } from '../../diagnosis/loaded-run.ts';
import { readJournal } from '../../store/journal.ts';
import { formatEstimate } from '../../text/format-estimate.ts';
import type { RunOptions } from '../run.ts';
import type { Spending } from './budget.ts';
import type { Evaluations } from './evaluations.ts';
import { describeChanges, type Changes } from './search-space.ts';

/** What an answer costs; null where the engine does not tell. */
export interface AnswerCost {
  readonly promptTokens: number | null;
  readonly outputTokens: number | null;
  /** Mean time of an answer, self-check and retries included. */
  readonly seconds: number | null;
}

/** The winner of a search against no change, on samples that the search has not seen. */
export interface Confirmation {
  readonly metric: string;
  readonly samples: number;
  readonly pairs: number;
  readonly seed: number;
  readonly split: string;
  readonly winner: Estimate;
  readonly unchanged: Estimate;
  /** Winner − no change, paired by sample. */
  readonly gain: Estimate;
  /** Smallest gain that these samples show; null where none can be shown. */
  readonly minimumDetectableEffect: number | null;
  readonly cost: { readonly winner: AnswerCost; readonly unchanged: AnswerCost };
  readonly runs: { readonly winner: string; readonly unchanged: string };
}

interface ConfirmInput {
  readonly task: string;
  readonly evaluations: Evaluations;
  /** Options of the run without changes on the fresh samples. */
  readonly options: RunOptions;
  readonly onProgress: (message: string) => void;
  readonly spent: Spending;
}

export interface Confirmed {
  readonly verdict: 'gain' | 'no_gain';
  readonly reason: string;
  readonly confirmation: Confirmation | null;
  readonly spent: Spending;
}

/** Parts of the identity that an optimisation changes on purpose. */
const searchedParts = ['shots', 'tool-format', 'prompt', 'workflow'];

/** Evaluates winner and no change on fresh samples, and says whether the winner is better: the 95 % interval of the paired difference lies above 0. */
export async function confirmGain(winner: Changes, input: ConfirmInput): Promise<Confirmed> {
  let { spent } = input;
  const runs: LoadedRun[] = [];
  for (const changes of [winner, {}]) {
    input.onProgress(`confirm ${runs.length + 1}/2: ${describeChanges(changes)}`);
    const { limit = null, samples = null, seed = 0, split = 'pinned' } = input.options;
    const identity = { phase: 'confirm', changes: { ...changes }, limit, samples, seed, split } as const;
    const evaluation = await input.evaluations.evaluate({ ...input.options, ...(changes as RunOptions) }, identity);
    if (evaluation.kind === 'failed') {
      const reason = `${describeChanges(changes)} could not be evaluated on fresh samples: ${evaluation.reason}`;
      return { verdict: 'no_gain', reason, confirmation: null, spent };
    }
    const { run, outputTokens, seconds } = evaluation;
    spent = {
      evaluations: spent.evaluations + 1,
      samples: spent.samples + (run.document.plan.tasks[0]?.samples.count ?? 0),
      seconds: spent.seconds + seconds,
      outputTokens: spent.outputTokens + outputTokens,
    };
    runs.push(run);
  }
  const [better, unchanged] = runs;
  if (!better || !unchanged) throw new Error('two runs were to be compared');
  const { comparisons } = compareRuns(better, unchanged, {
    tasks: [input.task],
    delta: 0.02,
    allowDifferent: searchedParts,
  });
  const [comparison] = comparisons;
  if (!comparison) throw new Error('two runs of one task have no comparison');
  return {
    verdict: comparison.verdict === 'a' ? 'gain' : 'no_gain',
    reason: reasonOf(comparison),
    confirmation: confirmationOf(comparison, better, unchanged),
    spent,
  };
}

function confirmationOf(comparison: TaskComparison, winner: LoadedRun, unchanged: LoadedRun): Confirmation {
  const [plan] = winner.document.plan.tasks;
  return {
    metric: comparison.metric,
    samples: plan?.samples.count ?? 0,
    pairs: comparison.pairs,
    seed: plan?.settings.seed ?? 0,
    split: plan?.settings.split ?? '',
    winner: comparison.a,
    unchanged: comparison.b,
    gain: comparison.difference,
    minimumDetectableEffect: comparison.minimumDetectableEffect,
    cost: { winner: costOf(winner), unchanged: costOf(unchanged) },
    runs: { winner: winner.document.runId, unchanged: unchanged.document.runId },
  };
}

function reasonOf({ verdict, metric, difference, pairs, minimumDetectableEffect }: TaskComparison): string {
  if (!isEstimated(difference)) return `the gain cannot be estimated: ${difference.unavailable}`;
  const shown = `${formatEstimate(metric, difference)} on ${pairs} fresh samples`;
  if (verdict === 'a') return `better by ${shown}`;
  if (verdict === 'b') return `worse than no change: ${shown}`;
  if (verdict === 'tied') return `no difference that matters: ${shown}`;
  const shownFrom =
    minimumDetectableEffect === null
      ? ''
      : `; they would show a gain from ${effect(metric, minimumDetectableEffect)} on`;
  return `no gain is shown: ${shown}${shownFrom}`;
}

const effect = (metric: string, value: number): string =>
  metric === 'rating' ? value.toFixed(2) : `${(value * 100).toFixed(1)} %`;

/** Mean cost of an answer of a run with one task. */
function costOf({ directory, result }: LoadedRun): AnswerCost {
  let answers = 0;
  let seconds: number | null = 0;
  for (const { timings } of readJournal(directory.samplesFile)) {
    seconds = seconds === null || timings.latencyMs === null ? null : seconds + timings.latencyMs / 1000;
    answers += 1;
  }
  const tokens = result?.tasks[0]?.tokens;
  const each = (sum: number | null | undefined): number | null => (answers === 0 || sum == null ? null : sum / answers);
  return { promptTokens: each(tokens?.prompt), outputTokens: each(tokens?.completion), seconds: each(seconds) };
}
