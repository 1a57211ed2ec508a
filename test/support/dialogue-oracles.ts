import type { DatasetReader } from '../../src/core/ports/dataset.ts';
import type { Task, TaskSettings } from '../../src/core/ports/task.ts';
import type { SampleResponse } from '../../src/core/response.ts';
import type { Sample } from '../../src/core/sample.ts';
import type { Scored } from '../../src/core/score.ts';

/** Settings of a synthetic task as a plan would fix them. */
export function syntheticSettings<I, T>(task: Task<I, T>, change: Partial<TaskSettings> = {}): TaskSettings {
  return {
    fewShot: task.defaults.fewShot,
    choiceMode: null,
    maxTokens: task.defaults.maxTokens,
    toolFormat: task.needs.includes('tools') ? 'native' : null,
    seed: 0,
    split: 'pinned',
    size: task.defaults.size ?? 200,
    extra: task.defaults.extra ?? {},
    ...change,
  };
}

const noData: DatasetReader = {
  files: new Map(),
  text: () => Promise.reject(new Error('no data')),
  jsonLines: () => Promise.reject(new Error('no data')),
  json: () => Promise.reject(new Error('no data')),
  csv: () => Promise.reject(new Error('no data')),
  parquet: () => Promise.reject(new Error('no data')),
  zip: () => Promise.reject(new Error('no data')),
};

/** The samples of a task that reads no data. */
export async function syntheticSamples<I, T>(
  task: Task<I, T>,
  settings: TaskSettings,
): Promise<readonly Sample<I, T>[]> {
  return [...(await task.loadSamples({ data: noData, settings, tokenizer: null }))];
}

/** Scores a response of a task whose scorer needs no services; throws when it was not scored. */
export function scoreOf<I, T>(
  task: Task<I, T>,
  asked: { readonly sample: Sample<I, T>; readonly settings: TaskSettings; readonly response: SampleResponse },
): Scored {
  const outcome = task.scorer.score(asked, { sandbox: null, judge: null });
  if (outcome instanceof Promise || outcome.kind !== 'scored')
    throw new Error(`not scored: ${JSON.stringify(outcome)}`);
  return outcome;
}

/** A tally of outcomes by kind of response: how many scored 1, how many in all, the codes of those that did not, and an example of each. */
export interface Tally {
  right: number;
  total: number;
  readonly codes: Map<string, number>;
  accepted: string | null;
  rejected: string | null;
}

/** Adds an outcome to the tally of its kind. */
export function tally(
  tallies: Map<string, Tally>,
  kind: string,
  outcome: { readonly scored: Scored; readonly example: string },
): void {
  const fresh: Tally = { right: 0, total: 0, codes: new Map(), accepted: null, rejected: null };
  const entry = tallies.get(kind) ?? fresh;
  tallies.set(kind, entry);
  entry.total += 1;
  if (outcome.scored.score === 1) {
    entry.right += 1;
    entry.accepted ??= outcome.example;
  } else {
    const code = outcome.scored.codes[0] ?? 'none';
    entry.codes.set(code, (entry.codes.get(code) ?? 0) + 1);
    entry.rejected ??= outcome.example;
  }
}

/** Share of responses of each kind that scored 1, for kinds where it is not `expected`, with an example: empty when all is as it should be. */
export const unexpected = (tallies: ReadonlyMap<string, Tally>, expected: number): readonly string[] =>
  [...tallies].flatMap(([kind, { right, total, accepted, rejected, codes }]) => {
    const example = expected === 1 ? rejected : accepted;
    return right === expected * total
      ? []
      : [`${kind}: ${right} of ${total} scored 1 ${JSON.stringify([...codes])} ${example ?? ''}`];
  });
