import { availableParallelism } from 'node:os';
import type { Options } from '../config/options.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { Judge } from '../core/ports/judge.ts';
import type { Sandbox } from '../core/ports/sandbox.ts';
import type { ScoringServices } from '../core/ports/scorer.ts';
import type { Task } from '../core/ports/task.ts';
import { loadSandbox, sandboxIds } from './load-plugin.ts';

/** Services of a run or a scoring; close them when done. */
export interface OpenServices {
  readonly services: ScoringServices;
  close(): Promise<void>;
}

/** Bytes a tested program may use. */
const programMemoryBytes = 256 * 1024 * 1024;

/** Opens what the tasks' scorers need and nothing else; a judge is handed in open. Throws E_SANDBOX_MISSING with what to install: code is never run unsandboxed. */
export async function openServices(
  tasks: readonly Task[],
  options: Pick<Options, 'sandbox' | 'sandboxMode'>,
  judge: Judge | null = null,
): Promise<OpenServices> {
  const sandbox = tasks.some((task) => task.needs.includes('sandbox')) ? await openSandbox(options) : null;
  return { services: { sandbox, judge }, close: async () => sandbox?.close() };
}

async function openSandbox(options: Pick<Options, 'sandbox' | 'sandboxMode'>): Promise<Sandbox> {
  const ids = options.sandbox === null ? sandboxIds().toSorted((a) => (a === 'pyodide' ? -1 : 1)) : [options.sandbox];
  const reasons: string[] = [];
  for (const id of ids) {
    const plugin = await loadSandbox(id);
    const availability = await plugin.probe();
    if (availability.available) {
      const workers = Math.max(1, Math.min(2, availableParallelism()));
      return plugin.open({ mode: options.sandboxMode, workers, memoryBytes: programMemoryBytes, timeFactor: 1 });
    }
    reasons.push(`${id}: ${availability.reason} (${availability.hint})`);
  }
  throw new QwenEvalError('E_SANDBOX_MISSING', `no sandbox can run here: ${reasons.join('; ')}`, {
    hint: 'see `qwen-eval doctor`; generated code is never run without a sandbox',
  });
}
