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

/** Reads the scored samples of a run's journal by task; samples without a score are left out. `headlines` names each task's headline metric. */
export function readTaskScores(
  samplesFile: string,
  headlines: ReadonlyMap<string, string>,
): ReadonlyMap<string, TaskScores> {
  const tasks = new Map<string, Map<string, SampleScore>>();
  for (const outcome of readOutcomes(samplesFile)) {
    const { task, sampleId, category, cluster, code } = outcome;
    const value = comparedValue(outcome, headlines.get(task));
    if (outcome.score === null || value === null) continue;
    let samples = tasks.get(task);
    if (!samples) tasks.set(task, (samples = new Map<string, SampleScore>()));
    const before = samples.get(sampleId);
    const epochs = (before?.epochs ?? 0) + 1;
    const score = before ? before.score + (value - before.score) / epochs : value;
    const right = (before?.right ?? 0) + (outcome.score === 1 ? 1 : 0);
    samples.set(sampleId, { score, category, cluster, code: code ?? before?.code ?? null, epochs, right });
  }
  return tasks;
}
