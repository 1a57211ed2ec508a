import type { Options } from '../config/options.ts';
import { unavailable } from '../core/estimate.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { MetricRow } from '../core/ports/metric.ts';
import type { RunDocument } from '../core/run-document.ts';
import type { TaskResult } from '../core/result-document.ts';
import type { RunPlan, TaskPlan } from '../core/run-plan.ts';
import type { Sample } from '../core/sample.ts';
import type { SampleOutcome } from '../store/read-outcomes.ts';
import { differingIdentity, requireComparable } from '../diagnosis/compare/identity-check.ts';
import { rangeOf } from '../diagnosis/compare/pair-samples.ts';
import { comparedValue, readTaskScores, type SampleScore, type TaskScores } from '../diagnosis/compare/task-scores.ts';
import { seededRng } from '../stats/rng.ts';
import { untilDecided, type SequentialVerdict } from '../stats/until-decided.ts';
import { findRunDirectory, loadRunDocument } from '../store/run-directory.ts';
import type { PreparedTask } from './prepared-run.ts';
import type { SampleSelection } from './select-samples.ts';

/** The run that another is compared with while it goes. */
export interface Baseline {
  readonly document: RunDocument;
  readonly scores: ReadonlyMap<string, TaskScores>;
}

/** Reads the scores of a run to compare with. Throws E_RUN_NOT_FOUND. */
export function openBaseline(out: string, reference: string): Baseline {
  const directory = findRunDirectory(out, reference);
  const document = loadRunDocument(directory);
  const headlines = new Map(document.plan.tasks.map(({ task, headline }) => [task, { headline }]));
  return { document, scores: readTaskScores(directory.samplesFile, headlines) };
}

/** What `--until-decided` adds to the plan of each task; nothing without it. Throws E_OPTION_INVALID with several epochs: a sample must count once. */
export function planUntilDecided(
  options: Pick<Options, 'delta' | 'epochs'>,
  { baseline, tasks }: { readonly baseline: Baseline | null; readonly tasks: number },
): Pick<TaskPlan, 'untilDecided'> {
  if (baseline === null) return {};
  if (options.epochs > 1)
    throw new QwenEvalError('E_OPTION_INVALID', '--until-decided takes every sample once, and --epochs asks for more', {
      hint: 'leave one of the two out',
    });
  return { untilDecided: { baseline: baseline.document.runId, delta: options.delta, tasks } };
}

/** Refuses a baseline that lacks a task or asked something else. Throws E_NOT_COMPARABLE. */
export function requireBaseline(plan: RunPlan, { document, scores }: Baseline): void {
  const pairs = plan.tasks.flatMap((task) => {
    if (task.refused !== null) return [];
    const other = document.plan.tasks.find((candidate) => candidate.task === task.task);
    if (other && (scores.get(task.task)?.size ?? 0) > 0) return [{ a: task, b: other }];
    throw new QwenEvalError('E_NOT_COMPARABLE', `run ${document.runId} has no scores of ${task.task} to compare with`, {
      hint: `it has ${[...scores.keys()].join(', ') || 'none at all'}; name other --tasks or another run`,
    });
  });
  requireComparable(differingIdentity({ a: { plan, fingerprint: null }, b: document }, pairs), []);
}

/** The same samples in random order, the same for the same task: what may be looked at before all of them are there must not be sorted. */
export const shuffledSelection = (selection: SampleSelection, task: string): SampleSelection => ({
  ...selection,
  open: async () => seededRng(`until-decided/${task}`).shuffle<Sample>([...(await selection.open())]),
});

/** The selection of a recorded task in the order in which it was asked, with the scores it was to be decided against. */
export function withBaseline(
  { task, untilDecided: asked }: TaskPlan,
  { selection, out }: { readonly selection: SampleSelection; readonly out: string },
): { readonly selection: SampleSelection; readonly baseline?: TaskScores } {
  if (!asked) return { selection };
  const baseline = openBaseline(out, asked.baseline).scores.get(task) ?? new Map<string, SampleScore>();
  return { selection: shuffledSelection(selection, task), baseline };
}

const clusteredReason =
  'its samples share sources, so that nothing is decided before all are there: see `qwen-eval compare`';
const partsReason =
  'its headline is no plain mean over samples, so that nothing is decided before all are there: see `qwen-eval compare`';

type Outcome = Pick<SampleOutcome, 'sampleId' | 'score' | 'measures' | 'cluster'>;

/**
 * Follows one task of a run beside a baseline and tells when their difference is decided. Outcomes may come in any order; they count in the
 * order of the plan, as far as they are there without a gap, so that quick answers are not looked at first.
 */
export class SequentialComparison {
  readonly #plan: TaskPlan;
  readonly #baseline: TaskScores;
  readonly #order: string[] = [];
  readonly #outcomes = new Map<string, number | null>();
  readonly #differences: number[] = [];
  #next = 0;
  #look = 1;
  /** Why nothing is decided early: samples that share a source are not independent, and a mean over parts is not the mean that is followed. */
  #reason: string | null;
  #verdict: SequentialVerdict | null = null;

  constructor(plan: TaskPlan, baseline: TaskScores) {
    this.#plan = plan;
    this.#baseline = baseline;
    this.#reason = plan.headlineParts ? partsReason : null;
  }

  /** Tells which sample is next in the order of the plan. */
  place(sampleId: string): void {
    this.#order.push(sampleId);
    this.#advance();
  }

  /** Takes a finished sample. */
  see(outcome: Outcome): void {
    if (outcome.cluster !== null) this.#reason ??= clusteredReason;
    this.#outcomes.set(outcome.sampleId, comparedValue(outcome, this.#plan.headline));
    this.#advance();
  }

  /** The verdict, once there is one other than undecided. */
  get decided(): SequentialVerdict | null {
    return this.#verdict;
  }

  /** The verdict over what is there. */
  get verdict(): SequentialVerdict {
    if (this.#reason !== null) return { verdict: 'undecided', difference: unavailable(this.#reason) };
    return this.#verdict ?? this.#ask();
  }

  #ask(): SequentialVerdict {
    const { delta, tasks } = this.#plan.untilDecided ?? { delta: 0.02, tasks: 1 };
    return untilDecided(this.#differences, { delta, tasks, range: rangeOf(this.#plan.headline) });
  }

  #advance(): void {
    for (;;) {
      const sampleId = this.#order[this.#next];
      if (sampleId === undefined || this.#verdict !== null) return;
      const value = this.#outcomes.get(sampleId);
      if (value === undefined) return;
      this.#next += 1;
      const other = this.#baseline.get(sampleId);
      if (value === null || other === undefined) continue;
      this.#differences.push(value - other.score);
      this.#lookNow();
    }
  }

  /** Looks at every fiftieth part of what is there, so that many samples cost no more than a few. */
  #lookNow(): void {
    const n = this.#differences.length;
    if (this.#reason !== null || n < this.#look) return;
    this.#look = n + Math.max(1, Math.floor(n / 50));
    const asked = this.#ask();
    if (asked.verdict !== 'undecided') this.#verdict = asked;
  }
}

/** How a task compares with the run it was to be decided against; null where nothing was asked. The same samples give the same answer, whenever they came. */
export async function decisionOf(
  { plan, baseline, selection }: PreparedTask,
  /** `outcomeOf` is null for a sample that was answered and has no score, undefined for one that is not there. */
  answered: { readonly recorded: number; readonly outcomeOf: (sampleId: string) => MetricRow | null | undefined },
): Promise<Required<TaskResult>['decided'] | null> {
  if (!plan.untilDecided || baseline === undefined || selection === null) return null;
  const comparison = new SequentialComparison(plan, baseline);
  for (const { id } of await selection.open()) {
    const outcome = answered.outcomeOf(id);
    if (outcome !== undefined) comparison.see(outcome ?? { sampleId: id, score: null, measures: {}, cluster: null });
    comparison.place(id);
  }
  const { verdict, difference } = comparison.verdict;
  const available = plan.samples.count;
  const isEarly = comparison.decided !== null && answered.recorded < available;
  return { baseline: plan.untilDecided.baseline, verdict, difference, available, isEarly };
}
