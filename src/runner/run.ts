import { setMaxListeners } from 'node:events';
import { options as optionTable, type Options } from '../config/options.ts';
import type { OptionDefinition } from '../config/option-definition.ts';
import { resolveOptions } from '../config/resolve-options.ts';
import { isQwenEvalError, QwenEvalError } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { RunDocument } from '../core/run-document.ts';
import type { RunEvent } from '../core/run-event.ts';
import type { RunPlan } from '../core/run-plan.ts';
import {
  createRunDirectory,
  findRunDirectory,
  loadRunDocument,
  writeRunDocument,
  type RunDirectory,
} from '../store/run-directory.ts';
import { parseBaseUrl } from '../engines/support/base-url.ts';
import { certificateOf } from './certificate-cache.ts';
import { describeCards, describeEnvironment } from './describe-environment.ts';
import { packageVersion } from './package-version.ts';
import { holdRun } from './hold-run.ts';
import { openServices } from './open-services.ts';
import { planDifference } from './plan-difference.ts';
import { planMemory } from './plan-memory.ts';
import { probeBudgets, withBudgets } from './probe-budgets.ts';
import { preflight, refuseByFingerprint } from './preflight/preflight.ts';
import { prepareRun } from './prepare-run.ts';
import type { PreparedRun } from './prepared-run.ts';
import type { RunnerDependencies } from './runner-dependencies.ts';
import { budgetNotices, preflightNotices } from './run-notices.ts';
import { RunSession, type RunControl } from './run-session.ts';
import { runTelemetry, telemetryTarget } from './run-telemetry.ts';
import { cacheFolder, systemDependencies, type OnDownload } from './system-dependencies.ts';

/** Option values by name; what is left out has its default. */
export type RunOptions = Partial<{ readonly [Name in keyof Options]: Options[Name] }>;

/** How a library caller steers a run; everything has a default. */
export interface RunRuntime {
  readonly control?: RunControl;
  readonly dependencies?: RunnerDependencies;
  /** Told of downloads of data and model files. */
  readonly onDownload?: OnDownload;
  /** Told what an engine that takes long to start is doing. */
  readonly onProgress?: RunnerDependencies['onProgress'];
  /** True for one of many runs of an undertaking: no preflight, no telemetry and no Parquet file. */
  readonly isPart?: boolean;
}

const neverEnding = (): RunControl => ({ drain: new AbortController().signal, stop: new AbortController().signal });

/** Checks option values given by a program and adds defaults; reads neither environment nor config file. */
export function completeOptions(given: RunOptions): Options {
  const flags = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined));
  const secrets = (optionTable as readonly OptionDefinition[])
    .filter((option) => option.environmentOnly)
    .map((option) => option.name);
  const { values } = resolveOptions({ flags, environment: {}, config: {} });
  return { ...values, ...Object.fromEntries(secrets.map((name) => [name, flags[name] ?? null])) };
}

/** Plans a run without starting it: opens the engine, reads data headers, closes the engine again. */
export async function plan(
  given: RunOptions,
  runtime: RunRuntime = {},
): Promise<{ readonly plan: RunPlan; readonly planHash: string }> {
  const options = completeOptions(given);
  const prepared = await prepareRun(options, runtime.dependencies ?? systemDependencies(options, runtime.onDownload));
  await prepared.close();
  return { plan: prepared.plan, planHash: prepared.planHash };
}

const dependenciesOf = (options: Options, runtime: RunRuntime, signal: AbortSignal): RunnerDependencies => ({
  ...(runtime.dependencies ?? systemDependencies(options, runtime.onDownload)),
  ...(runtime.onProgress ? { onProgress: runtime.onProgress } : {}),
  signal,
});

/** Prepares a run; an interruption while an engine starts is no bug. */
async function prepare(options: Options, dependencies: RunnerDependencies): Promise<PreparedRun> {
  try {
    return await prepareRun(options, dependencies);
  } catch (error) {
    if (!dependencies.signal?.aborted || isQwenEvalError(error)) throw error;
    throw new QwenEvalError('E_INTERRUPTED', 'interrupted before the run began: nothing was asked', {
      hint: 'start it again',
      cause: error,
    });
  }
}

/** Runs an evaluation and gives its events in order; the last one is `runEnded` with the result. */
export async function* run(given: RunOptions, runtime: RunRuntime = {}): AsyncGenerator<RunEvent> {
  const options = completeOptions(given);
  const control = runtime.control ?? neverEnding();
  const signal = AbortSignal.any([control.drain, control.stop]);
  // Every request before the run listens to it: Node would take that for a leak.
  setMaxListeners(0, signal);
  const dependencies = dependenciesOf(options, runtime, signal);
  const planned = await prepare(options, dependencies);
  try {
    const fingerprint = runtime.isPart ? null : await preflight(planned, { dependencies, signal });
    const checked = await refuseByFingerprint(planned, fingerprint);
    const budgetProbes = options.probeBudget ? await probeBudgets(checked, { dependencies, signal }) : null;
    const prepared = budgetProbes === null ? checked : withBudgets(checked, budgetProbes);
    const document = { ...(await runDocumentOf(prepared, dependencies)), fingerprint, budgetProbes };
    const directory = createRunDirectory(options.out, document);
    const hold = await holdRun(directory);
    try {
      planned.engine.logTo?.(directory.engineLogFile);
      const { isPart = false } = runtime;
      for await (const event of sit(prepared, { directory, document, dependencies, control, isPart })) {
        yield event;
        if (event.kind !== 'runStarted') continue;
        yield* preflightNotices(fingerprint);
        yield* budgetNotices(budgetProbes);
      }
    } finally {
      await hold.release();
    }
  } finally {
    await planned.close();
  }
}

/** Options that may differ when a run is resumed, because no answer depends on them. */
const changeable = [
  'baseUrl',
  'maxConnections',
  'retries',
  'maxErrors',
  'requestTimeout',
  'idleTimeout',
  'dataDir',
  'offline',
  'tracker',
  'out',
  'uncertified',
  'threads',
  // Other judges change the plan, which is then refused with the difference.
  'judgeModel',
  'judgeBaseUrl',
  'judgeEngine',
] as const;

/** Does what an earlier run left undone. Throws E_PLAN_CHANGED with the difference when model, engine, data or code are no longer what they were. */
export async function* resume(
  reference: string,
  given: RunOptions,
  runtime: RunRuntime = {},
): AsyncGenerator<RunEvent> {
  const asked = completeOptions(given);
  const directory = findRunDirectory(asked.out, reference);
  const hold = await holdRun(directory);
  try {
    yield* resumeHeld(directory, asked, { given, runtime });
  } finally {
    await hold.release();
  }
}

async function* resumeHeld(
  directory: RunDirectory,
  asked: Options,
  { given, runtime }: { readonly given: RunOptions; readonly runtime: RunRuntime },
): AsyncGenerator<RunEvent> {
  const document = loadRunDocument(directory);
  if (document.imported) {
    throw new QwenEvalError('E_USAGE', `run ${document.runId} was imported from a log of ${document.imported.tool}`, {
      hint: 'nothing can be asked again; `qwen-eval rescore` scores its answers anew',
    });
  }
  const overrides = Object.fromEntries(
    changeable.filter((name) => given[name] !== undefined && given[name] !== null).map((name) => [name, given[name]]),
  );
  const { apiKey, judgeApiKey, hfToken } = asked;
  const options = {
    ...completeOptions({ ...(document.options as RunOptions), ...overrides }),
    apiKey,
    judgeApiKey,
    hfToken,
  };
  const control = runtime.control ?? neverEnding();
  const dependencies = dependenciesOf(options, runtime, AbortSignal.any([control.drain, control.stop]));
  const planned = await prepare(options, dependencies);
  try {
    planned.engine.logTo?.(directory.engineLogFile);
    const prepared = await refuseByFingerprint(planned, document.fingerprint);
    refuseChangedPlan(document, prepared.plan);
    const resumed: RunDocument = { ...document, resumed: [...document.resumed, dependencies.clock.now()] };
    writeRunDocument(directory, resumed);
    const { isPart = false } = runtime;
    yield* sit(prepared, { directory, document: resumed, dependencies, control, isPart });
  } finally {
    await planned.close();
  }
}

const withoutThreads = (settings: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => name !== 'threads' && name !== '--threads'));

/** How many requests are in flight, and on how many threads, changes no identity. */
export const withoutConcurrency = (plan: RunPlan): RunPlan => ({
  ...plan,
  engine: { ...plan.engine, settings: withoutThreads(plan.engine.settings) },
  preset: { ...plan.preset, resolved: withoutThreads(plan.preset.resolved), startConcurrency: 1, maxConcurrency: 1 },
});

function refuseChangedPlan(document: RunDocument, plan: RunPlan): void {
  const difference = planDifference(withoutConcurrency(document.plan), withoutConcurrency(plan));
  if (difference.length === 0) return;
  throw new QwenEvalError(
    'E_PLAN_CHANGED',
    `run ${document.runId} cannot be resumed, its plan has changed: ${difference.slice(0, 5).join('; ')}`,
    {
      hint: 'bring model, engine, data and version back to what they were, or start a new run',
      details: { difference },
    },
  );
}

async function* sit(
  prepared: PreparedRun,
  input: {
    readonly directory: RunDirectory;
    readonly document: RunDocument;
    readonly dependencies: RunnerDependencies;
    readonly control: RunControl;
    readonly isPart: boolean;
  },
): AsyncGenerator<RunEvent> {
  const runnable = prepared.tasks.filter((entry) => entry.selection !== null);
  const { services, close } = await openServices(runnable, prepared.options);
  const cacheDir = cacheFolder(prepared.options);
  try {
    const session = new RunSession(prepared, {
      ...input,
      services,
      certify: (entry) => certificateOf(entry, { services, cacheDir, options: { scope: 'sample' } }),
      writesParquet: !input.isPart,
      // Recorded and scripted answers cost nothing that is worth measuring.
      ...(input.isPart || prepared.plugin.isSimulated
        ? {}
        : {
            startTelemetry: runTelemetry(prepared, {
              path: input.directory.telemetryFile,
              clock: input.dependencies.clock,
            }),
          }),
    });
    yield* session.run();
  } finally {
    await close();
  }
}

async function runDocumentOf(prepared: PreparedRun, { clock, random }: RunnerDependencies): Promise<RunDocument> {
  const target = telemetryTarget(prepared);
  const machine = await describeCards(target);
  const createdAt = clock.now();
  // To the millisecond: ids are the order of the runs, and two runs may start within a second.
  const stamp = createdAt.replaceAll(/[-:.]/g, '');
  const suffix = Array.from({ length: 4 }, () => Math.floor(random() * 36).toString(36)).join('');
  return {
    schemaVersion: 1,
    runId: `${stamp}-${prepared.planHash.slice(0, 8)}-${suffix}`,
    planHash: prepared.planHash,
    createdAt,
    plan: prepared.plan,
    engine: { ...prepared.description } as unknown as JsonObject,
    fingerprint: null,
    budgetProbes: null,
    environment: await describeEnvironment(target, machine),
    memory: planMemory(prepared, machine),
    versions: { 'qwen-eval': packageVersion(), node: process.version },
    options: publicOptions(prepared.options),
    resumed: [],
  };
}

/** Option values that may be written down: no secrets, no credentials in addresses. */
export function publicOptions(values: Options): JsonObject {
  const open = (optionTable as readonly OptionDefinition[]).filter(
    (option) => !option.secret && !option.environmentOnly,
  );
  const written = Object.fromEntries(
    open
      .map(({ name }) => [name, values[name as keyof Options] as Json] as const)
      .filter(([, value]) => value !== null),
  );
  const shown = (urls: readonly string[]): readonly string[] => urls.map((url) => parseBaseUrl(url).shown);
  return {
    ...written,
    ...(values.baseUrl === null ? {} : { baseUrl: shown(values.baseUrl) }),
    ...(values.judgeBaseUrl === null ? {} : { judgeBaseUrl: shown(values.judgeBaseUrl) }),
  };
}
