import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprintSchema, type Fingerprint } from '../../core/fingerprint.ts';
import type { RunPlan, TaskPlan } from '../../core/run-plan.ts';
import { contentHash } from '../content-hash.ts';
import { packageVersion } from '../package-version.ts';
import type { PreparedRun, PreparedTask } from '../prepared-run.ts';
import type { RunnerDependencies } from '../runner-dependencies.ts';
import { cacheFolder } from '../system-dependencies.ts';
import { takeFingerprint } from './take-fingerprint.ts';

/** A server may be started anew with other flags under the same address. */
const freshForMs = 3_600_000;
const quietMs = 2000;

/** Everything a fingerprint depends on that is known beforehand. */
function cacheKey({ plan, plugin, options, description }: PreparedRun): string {
  const { capabilities, processId: _process, ...stated } = description;
  return contentHash({
    version: packageVersion(),
    engine: plugin.id,
    baseUrls: options.baseUrl,
    stated: { ...stated, model: { ...stated.model } },
    capabilities: Object.entries(capabilities).map(([name, { supported }]) => [name, supported]),
    family: plan.model.family,
    mode: plan.mode,
    thinking: plan.thinking,
  });
}

function readCached(path: string, nowMs: number): Fingerprint | null {
  try {
    const fingerprint = fingerprintSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return nowMs - Date.parse(fingerprint.takenAt) < freshForMs ? fingerprint : null;
  } catch {
    return null;
  }
}

// A cache that cannot be written costs time, not truth.
function writeCached(path: string, fingerprint: Fingerprint): void {
  try {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(fingerprint));
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    return;
  }
}

/** Tells of a preflight that takes longer than a person looks at a blank screen. */
function tellSlowly({ clock, onProgress }: Telling): { readonly onAnswer: (answers: number) => void; end(): void } {
  const startMs = clock.nowMs();
  const seconds = (): string => `${Math.round((clock.nowMs() - startMs) / 1000)} s`;
  let isTold = false;
  return {
    onAnswer: (answers) => {
      if (clock.nowMs() - startMs < quietMs) return;
      isTold = true;
      onProgress?.(
        `preflight: ${answers} small requests answered in ${seconds()}, to see what is done as asked`,
        false,
      );
    },
    end: () => {
      if (isTold) onProgress?.(`preflight: done in ${seconds()}; for the next hour it is known`, true);
    },
  };
}

type Telling = Pick<RunnerDependencies, 'clock' | 'onProgress'>;

/** The server's fingerprint, from the cache when it is less than an hour old; null when it is switched off, the answers are recorded ones, or the run is to end. */
export async function preflight(
  prepared: PreparedRun,
  input: { readonly dependencies: Telling; readonly signal: AbortSignal },
): Promise<Fingerprint | null> {
  const { options, plugin, engine, description, model } = prepared;
  const { clock } = input.dependencies;
  if (options.preflight === 'off' || plugin.isSimulated || input.signal.aborted) return null;
  const path = join(cacheFolder(options), 'fingerprints', `${cacheKey(prepared)}.json`);
  const cached = options.preflight === 'refresh' ? null : readCached(path, Date.parse(clock.now()));
  if (cached) return cached;
  const told = tellSlowly(input.dependencies);
  try {
    const { guidance, mode } = model;
    const extraBody = options.extraBody ?? {};
    const fingerprint = await takeFingerprint({
      engine,
      description,
      guidance,
      mode,
      extraBody,
      clock,
      signal: input.signal,
      onAnswer: told.onAnswer,
    });
    if (input.signal.aborted) return null;
    writeCached(path, fingerprint);
    return fingerprint;
  } catch (error) {
    if (input.signal.aborted) return null;
    throw error;
  } finally {
    told.end();
  }
}

/** True when a task asks for output held to a schema. */
async function wantsSchema(entry: PreparedTask): Promise<boolean> {
  if (entry.selection === null) return false;
  for (const sample of await entry.selection.open()) {
    const rendered = entry.task.render(sample, entry.plan.settings);
    return rendered.kind === 'chat' && rendered.responseFormat?.kind === 'json_schema';
  }
  return false;
}

/** Refuses the tasks that need what the server does not do. */
export async function refuseByFingerprint(
  prepared: PreparedRun,
  fingerprint: Fingerprint | null,
): Promise<PreparedRun> {
  const schema = fingerprint?.probes.json_schema;
  if (schema === undefined || (schema.verdict !== 'no' && schema.verdict !== 'absent')) return prepared;
  const tasks: PreparedTask[] = [];
  for (const entry of prepared.tasks) {
    if (!(await wantsSchema(entry))) {
      tasks.push(entry);
      continue;
    }
    const refused: TaskPlan['refused'] = {
      code: 'E_CAPABILITY',
      message: `${entry.plan.task} needs output held to a JSON schema, and the server does not do that: ${schema.observed}`,
      hint: 'ask for JSON in the prompt alone: --task-options \'{"mode":"prompt"}\'',
    };
    tasks.push({ ...entry, plan: { ...entry.plan, refused }, selection: null, loadGold: null });
  }
  if (tasks.every((entry, index) => entry === prepared.tasks[index])) return prepared;
  const plan: RunPlan = { ...prepared.plan, tasks: tasks.map((entry) => entry.plan) };
  return { ...prepared, tasks, plan, planHash: contentHash(plan) };
}
