import { availableParallelism } from 'node:os';
import type { Options } from '../config/options.ts';
import { isQwenEvalError, QwenEvalError } from '../core/errors.ts';
import type { Judge } from '../core/ports/judge.ts';
import type { Sandbox, SandboxDescription } from '../core/ports/sandbox.ts';
import type { ScoringServices } from '../core/ports/scorer.ts';
import { rememberEvaluations } from '../sandbox/support/remember-evaluations.ts';
import { calibratedSandbox, type CalibratingTask } from './calibrated-sandbox.ts';
import { loadSandbox, sandboxIds } from './load-plugin.ts';
import { cacheFolder } from './system-dependencies.ts';

/** Services of a run or a scoring; close them when done. */
export interface OpenServices {
  readonly services: ScoringServices;
  close(): Promise<void>;
}

/** Bytes a tested program may use. */
const programMemoryBytes = 256 * 1024 * 1024;

type ServiceOptions = Pick<Options, 'sandbox' | 'sandboxMode' | 'cacheDir'>;

/**
 * Opens what the tasks' scorers need and nothing else; a judge is handed in open. Time limits of the sandbox are calibrated on the tasks'
 * solutions when it is first used. Throws E_SANDBOX_MISSING with what to install: code is never run unsandboxed.
 */
export async function openServices(
  tasks: readonly CalibratingTask[],
  options: ServiceOptions,
  judge: Judge | null = null,
): Promise<OpenServices> {
  const tested = tasks.filter(({ task }) => task.needs.includes('sandbox'));
  const sandbox =
    tested.length === 0
      ? null
      : calibratedSandbox(rememberEvaluations(await openSandbox(options), cacheFolder(options)), tested);
  return { services: { sandbox, judge }, close: async () => sandbox?.close() };
}

/** What the sandbox says of itself; null where none is open. */
export const describeSandbox = async ({ sandbox }: ScoringServices): Promise<SandboxDescription | null> =>
  sandbox === null ? null : sandbox.describe();

/** The first sandbox that can run here, or the one that is asked for; one that says it can and does not start gives way to the next. */
async function openSandbox(options: ServiceOptions): Promise<Sandbox> {
  const ids = options.sandbox === null ? sandboxIds().toSorted((a) => (a === 'pyodide' ? -1 : 1)) : [options.sandbox];
  const reasons: string[] = [];
  for (const id of ids) {
    const plugin = await loadSandbox(id);
    const availability = await plugin.probe();
    if (!availability.available) {
      reasons.push(`${id}: ${availability.reason} (${availability.hint})`);
      continue;
    }
    try {
      return await plugin.open({
        mode: options.sandboxMode,
        workers: Math.max(1, Math.min(2, availableParallelism())),
        memoryBytes: programMemoryBytes,
        timeFactor: 1,
        cacheDir: cacheFolder(options),
      });
    } catch (error) {
      if (!isQwenEvalError(error) || error.code !== 'E_SANDBOX_FAILED') throw error;
      reasons.push(`${id}: ${error.message}`);
    }
  }
  throw new QwenEvalError('E_SANDBOX_MISSING', `no sandbox can run here: ${reasons.join('; ')}`, {
    hint: 'see `qwen-eval doctor`; generated code is never run without a sandbox',
  });
}
