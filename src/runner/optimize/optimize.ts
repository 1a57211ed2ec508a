import { join } from 'node:path';
import { canonicalJson } from '../../core/canonical-json.ts';
import { isQwenEvalError, QwenEvalError, type ErrorCode } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { seededRng } from '../../stats/rng.ts';
import { contentHash } from '../content-hash.ts';
import { loadTask } from '../load-plugin.ts';
import { prepareRun } from '../prepare-run.ts';
import type { PreparedTask } from '../prepared-run.ts';
import type { RunnerDependencies } from '../runner-dependencies.ts';
import { completeOptions, withoutConcurrency, type RunOptions, type RunRuntime } from '../run.ts';
import { systemDependencies } from '../system-dependencies.ts';
import { affordableSamples, type Budget } from './budget.ts';
import { confirmGain, type Confirmation } from './confirm-gain.ts';
import { Evaluations } from './evaluations.ts';
import { balancedOrder, cutPools, type SamplePools } from './sample-pools.ts';
import { search, type SearchResult, type TriedCandidate } from './search.ts';
import { defaultSearchSpace, drawCandidates, parseSearchSpace, type Baseline, type Changes } from './search-space.ts';

/** What an optimisation is asked for; `options` are those of the run without changes. */
export interface OptimizeRequest {
  readonly task: string;
  readonly options: RunOptions;
  /** Samples of the search's last round. */
  readonly searchSamples: number;
  readonly confirmSamples: number;
  /** Ways of asking, the one without changes included. */
  readonly candidates: number;
  /** Null searches what is worth trying on the task. */
  readonly space: JsonObject | null;
  readonly budget: Budget;
  /** Told of what is evaluated. */
  readonly onProgress?: (message: string) => void;
}

/** What an optimisation found. Scores of the search are in it nowhere: the best of many is too good to be true. */
export interface Optimization {
  readonly task: string;
  readonly model: string;
  readonly verdict: 'gain' | 'no_gain';
  /** One sentence on why. */
  readonly reason: string;
  /** The best of the search; null when none was better than asking without changes. */
  readonly winner: Changes | null;
  /** Winner against no change on fresh samples; null when there was nothing to confirm. */
  readonly confirmation: Confirmation | null;
  readonly tried: readonly TriedCandidate[];
  readonly spent: SearchResult['spent'];
  /** Holds the runs of search and confirmation. */
  readonly directory: string;
}

interface Prepared extends Baseline {
  readonly pools: SamplePools;
  readonly isSynthetic: boolean;
  readonly key: string;
}

/** Samples a search in which samples are few is confirmed on at least. */
const leastConfirmed = 10;

/**
 * Searches among ways of asking a task (wording, tool format, shots, sampling, thinking, budget, retries, self-check) by successive
 * halving on paired samples, and compares the winner with asking without changes on fresh samples.
 */
export async function optimize(request: OptimizeRequest, runtime: RunRuntime = {}): Promise<Optimization> {
  const given = { ...request.options, tasks: [request.task], suite: null };
  const space = request.space === null ? null : parseSearchSpace(request.space);
  const prepared = await prepare(request, given, runtime);
  const directory = join(completeOptions(given).out, 'optimizations', prepared.key);
  const evaluations = new Evaluations(directory, runtime);
  const candidates = drawCandidates(space ?? defaultSearchSpace(prepared), {
    count: request.candidates - 1,
    rng: seededRng(`optimize/${given.seed ?? 0}/candidates`),
  });
  const found = await search(candidates, {
    evaluations,
    options: { ...given, limit: prepared.isSynthetic ? request.searchSamples : null },
    samples: prepared.pools.search,
    budget: request.budget,
    onProgress: request.onProgress ?? (() => undefined),
  });
  const base = {
    task: request.task,
    model: prepared.plan.model.registryId ?? prepared.plan.model.name,
    tried: found.tried,
    directory,
  };
  const nothing = (reason: string, winner: Changes | null): Optimization => ({
    ...base,
    verdict: 'no_gain',
    reason,
    winner,
    confirmation: null,
    spent: found.spent,
  });
  if (found.winner === null) return nothing(found.reason, null);
  const pool = prepared.isSynthetic ? request.confirmSamples : prepared.pools.confirm.length;
  const count = affordableSamples(Math.min(pool, request.confirmSamples), request.budget, found.spent);
  if (count < Math.min(leastConfirmed, request.confirmSamples))
    return nothing(`what is left (samples or budget) confirms nothing: ${count} fresh samples`, found.winner);
  const confirmed = await confirmGain(found.winner, {
    task: request.task,
    evaluations,
    options: prepared.isSynthetic
      ? { ...given, limit: count, split: 'fresh', seed: freshSeed(given) }
      : { ...given, limit: null, samples: prepared.pools.confirm.slice(0, count), seed: freshSeed(given) },
    onProgress: request.onProgress ?? (() => undefined),
    spent: found.spent,
  });
  return { ...base, winner: found.winner, ...confirmed };
}

/** Sampling and generators of the confirmation draw other numbers than those of the search. */
const freshSeed = ({ seed }: RunOptions): number => (seed ?? 0) + 1;

/** Plans the run without changes, and cuts its samples into what is searched and what is confirmed on. */
async function prepare(request: OptimizeRequest, given: RunOptions, runtime: RunRuntime): Promise<Prepared> {
  const task = await loadTask(request.task);
  const isSynthetic = task.artefacts.length === 0;
  const options = completeOptions({ ...given, limit: isSynthetic ? request.searchSamples : null });
  const dependencies = runtime.dependencies ?? systemDependencies(options, runtime.onDownload);
  const run = await prepareRun(options, dependencies);
  await run.close();
  const [entry] = run.tasks;
  if (!entry?.selection || entry.plan.refused) {
    const { code, message, hint } = entry?.plan.refused ?? {
      code: 'E_BUG',
      message: 'no task was planned',
      hint: null,
    };
    throw new QwenEvalError(code as ErrorCode, message, { hint: hint ?? undefined });
  }
  const order = balancedOrder(await entry.selection.open(), seededRng(`optimize/${options.seed}/samples`));
  const { candidates, searchSamples, space } = request;
  return {
    task,
    plan: run.plan,
    taskPlan: entry.plan,
    takesShots: await takesShots(entry, dependencies),
    isSynthetic,
    pools: cutPools(order, { search: searchSamples, confirm: isSynthetic ? 0 : request.confirmSamples }),
    key: `${request.task}-${contentHash({ plan: withoutConcurrency(run.plan), candidates, searchSamples, space }).slice(0, 8)}`,
  };
}

/** True when two more examples change what a task asks. */
async function takesShots({ task, plan }: PreparedTask, { loadData }: RunnerDependencies): Promise<boolean> {
  const ask = async (fewShot: number): Promise<string> => {
    const settings = { ...plan.settings, fewShot };
    const samples = await task.loadSamples({
      data: await loadData(task.artefacts, task.id),
      settings,
      tokenizer: null,
    });
    for (const sample of samples) return canonicalJson(task.render(sample, settings));
    return '';
  };
  try {
    return (await ask(plan.settings.fewShot)) !== (await ask(plan.settings.fewShot + 2));
  } catch (error) {
    if (isQwenEvalError(error)) return false;
    throw error;
  }
}
