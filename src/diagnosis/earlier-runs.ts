import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../core/canonical-json.ts';
import { estimateSchema } from '../core/estimate-schema.ts';
import type { RunDocument } from '../core/run-document.ts';
import { listRunDirectories, type RunDirectory } from '../store/run-directory.ts';

/** What a diagnosis needs of an earlier run; read loosely, because another version may have written it. */
export interface EarlierRun {
  readonly runId: string;
  readonly model: string;
  readonly tasks: readonly EarlierTask[];
}

/** One task of an earlier run. */
export interface EarlierTask {
  readonly task: string;
  readonly split: string;
  /** How it was asked and marked, as `askedAs` gives it. */
  readonly asked: string;
  /** sha256 by name of the file. */
  readonly datasets: Readonly<Record<string, string>>;
  /** The headline; null when the run left none. */
  readonly headline: z.infer<typeof estimateSchema> | null;
}

const runSchema = z.object({
  runId: z.string(),
  plan: z.object({
    model: z.object({ name: z.string(), registryId: z.string().nullable(), sha256: z.string().nullish() }),
    mode: z.string().nullish(),
    tasks: z.array(
      z.looseObject({
        task: z.string(),
        settings: z.looseObject({ split: z.string() }),
        sampling: z.looseObject({}).optional(),
        datasets: z.array(z.object({ name: z.string(), sha256: z.string() })),
      }),
    ),
  }),
});

const resultSchema = z.object({
  tasks: z.array(z.object({ task: z.string(), headline: z.string(), metrics: z.record(z.string(), estimateSchema) })),
});

/** Newest runs that are looked at. */
const looked = 40;

/** The model of a run by the name that stays the same between runs. */
export const modelName = ({ plan }: Pick<RunDocument, 'plan'>): string => plan.model.registryId ?? plan.model.name;

interface AskedPlan {
  readonly model: { readonly sha256?: string | null | undefined };
  readonly mode?: string | null | undefined;
}

interface AskedTask {
  readonly taskVersion?: unknown;
  readonly scorerVersion?: unknown;
  readonly settings: object;
  readonly sampling?: object | undefined;
  readonly workflow?: unknown;
}

/** How a task was asked, of which weights, and how it was marked, but for the samples that were drawn: scores are of one kind where these texts are equal. */
export const askedAs = ({ model, mode }: AskedPlan, task: AskedTask): string =>
  canonicalJson({
    weights: model.sha256,
    mode,
    versions: [task.taskVersion, task.scorerVersion],
    settings: { ...task.settings, split: null, seed: null, size: null },
    sampling: { ...task.sampling, seed: null },
    workflow: task.workflow,
  });

/** Runs beside this one that are older and share a task with it, newest first, at most the last 40. Runs that cannot be read are left out. */
export function loadEarlierRuns(directory: RunDirectory, document: Pick<RunDocument, 'plan'>): readonly EarlierRun[] {
  const shared = new Set(document.plan.tasks.map((task) => task.task));
  return listRunDirectories(dirname(directory.path))
    .filter(({ runId }) => runId < directory.runId)
    .slice(-looked)
    .toReversed()
    .flatMap((other) => {
      const run = loadEarlierRun(other);
      return run?.tasks.some(({ task }) => shared.has(task)) ? [run] : [];
    });
}

function loadEarlierRun(directory: RunDirectory): EarlierRun | null {
  const run = runSchema.safeParse(readJson(directory.runFile));
  if (!run.success) return null;
  const result = resultSchema.safeParse(readJson(directory.resultFile));
  const { runId, plan } = run.data;
  return {
    runId,
    model: plan.model.registryId ?? plan.model.name,
    tasks: plan.tasks.map((planned) => {
      const { task, settings, datasets } = planned;
      const found = result.success ? result.data.tasks.find((other) => other.task === task) : undefined;
      return {
        task,
        split: settings.split,
        asked: askedAs(plan, planned),
        datasets: Object.fromEntries(datasets.map(({ name, sha256 }) => [name, sha256])),
        headline: found?.metrics[found.headline] ?? null,
      };
    }),
  };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
