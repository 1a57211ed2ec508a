import type { RunPlan, TaskPlan } from '../../core/run-plan.ts';
import { readOutcomes, type SampleOutcome } from '../../store/read-outcomes.ts';

/** The score of one sample in a run: the mean over its scored epochs. */
export interface SampleScore {
  readonly score: number;
  readonly category: string | null;
  readonly cluster: string | null;
  /** Primary failure code of the last epoch that has one; null when all are right. */
  readonly code: string | null;
  readonly epochs: number;
  /** Epochs with the full score. */
  readonly right: number;
}

/** Scores of a task by sample id, in the order of the journal. */
export type TaskScores = ReadonlyMap<string, SampleScore>;

/** What a rated sample's score is compared by: its rating in 1–10 where the headline is a rating, else its score in [0,1]. */
export const comparedValue = (
  { score, measures }: Pick<SampleOutcome, 'score' | 'measures'>,
  headline: string | undefined,
): number | null => (headline === 'rating' && typeof measures['rating'] === 'number' ? measures['rating'] : score);

/** What the scores of a task are put together to. */
export type HeadlinePlan = Pick<TaskPlan, 'headline' | 'headlineParts'>;

/** The headlines of a plan by task. */
export const headlinesOf = ({ tasks }: Pick<RunPlan, 'tasks'>): ReadonlyMap<string, HeadlinePlan> =>
  new Map(tasks.map((plan) => [plan.task, plan]));

/**
 * Reads the scores of a run's journal by task; samples without a score are left out. Where a headline counts items of several samples, an
 * item stands for them under the name that they share: right when all are, and left out where one has no score.
 */
export function readTaskScores(
  samplesFile: string,
  headlines: ReadonlyMap<string, HeadlinePlan>,
): ReadonlyMap<string, TaskScores> {
  const tasks = new Map<string, ScoreTally>();
  for (const outcome of readOutcomes(samplesFile)) {
    const headline = headlines.get(outcome.task);
    const value = comparedValue(outcome, headline?.headline);
    if (outcome.score === null || value === null) continue;
    let tally = tasks.get(outcome.task);
    if (!tally) tasks.set(outcome.task, (tally = new ScoreTally(headline?.headlineParts)));
    tally.add(outcome, value);
  }
  return new Map([...tasks].map(([task, tally]) => [task, tally.scores]));
}

/** One try of a sample or an item. */
interface Tried extends Pick<SampleScore, 'category' | 'cluster' | 'code'> {
  readonly value: number;
  readonly isRight: boolean;
}

/** The samples of one try of an item. */
interface ItemTry {
  readonly samples: number;
  readonly right: number;
  readonly code: string | null;
}

/** Averages the epochs of each sample, or of each item. */
class ScoreTally {
  readonly scores = new Map<string, SampleScore>();
  readonly #itemSize: number | null;
  readonly #tries = new Map<string, ItemTry>();

  constructor(parts: HeadlinePlan['headlineParts']) {
    this.#itemSize = parts?.unit === 'item' ? parts.samples : null;
  }

  add(outcome: SampleOutcome, value: number): void {
    const { sampleId, category, cluster, code } = outcome;
    if (this.#itemSize === null)
      this.#average(sampleId, { value, isRight: outcome.score === 1, category, cluster, code });
    else if (cluster !== null) this.#addToItem(cluster, outcome);
  }

  #addToItem(item: string, { epoch, score, category, code }: SampleOutcome): void {
    const key = `${item}\u0000${epoch}`;
    const before = this.#tries.get(key) ?? { samples: 0, right: 0, code: null };
    const samples = before.samples + 1;
    const right = before.right + (score === 1 ? 1 : 0);
    const now = { samples, right, code: before.code ?? code };
    this.#tries.set(key, now);
    if (samples !== this.#itemSize) return;
    const isRight = right === samples;
    this.#average(item, { value: isRight ? 1 : 0, isRight, category, cluster: null, code: now.code });
  }

  #average(id: string, { value, isRight, category, cluster, code }: Tried): void {
    const before = this.scores.get(id);
    const epochs = (before?.epochs ?? 0) + 1;
    const score = before ? before.score + (value - before.score) / epochs : value;
    const right = (before?.right ?? 0) + (isRight ? 1 : 0);
    this.scores.set(id, { score, category, cluster, code: code ?? before?.code ?? null, epochs, right });
  }
}
