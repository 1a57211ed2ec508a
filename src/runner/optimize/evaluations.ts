import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { leastCoverage } from '../../core/coverage-shortfall.ts';
import { isQwenEvalError, QwenEvalError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { RunEvent } from '../../core/run-event.ts';
import { loadRun, type LoadedRun } from '../../diagnosis/loaded-run.ts';
import { loadResultDocument, runDirectoryAt } from '../../store/run-directory.ts';
import { replaceFile } from '../../store/replace-file.ts';
import { contentHash } from '../content-hash.ts';
import { resume, run, type RunOptions, type RunRuntime } from '../run.ts';

const stateSchema = z.strictObject({ schemaVersion: z.literal(1), runs: z.record(z.string(), z.string()) });

/** A finished evaluation, or why there is none. */
export type Evaluation =
  | { readonly kind: 'done'; readonly run: LoadedRun; readonly outputTokens: number; readonly seconds: number }
  | { readonly kind: 'failed'; readonly code: string; readonly reason: string; readonly mend: string | null };

/**
 * Evaluations of one optimisation in a folder of their own. What is evaluated is remembered, so that the same command goes on where it
 * was interrupted and asks nothing twice.
 */
export class Evaluations {
  readonly #folder: string;
  readonly #runtime: RunRuntime;
  readonly #runs: Record<string, string>;

  constructor(folder: string, runtime: RunRuntime) {
    this.#folder = folder;
    this.#runtime = runtime;
    mkdirSync(folder, { recursive: true });
    this.#runs = existsSync(this.#stateFile) ? this.#load() : {};
  }

  get #stateFile(): string {
    return join(this.#folder, 'optimization.json');
  }

  #load(): Record<string, string> {
    try {
      return { ...stateSchema.parse(JSON.parse(readFileSync(this.#stateFile, 'utf8'))).runs };
    } catch (cause) {
      throw new QwenEvalError('E_INPUT_INVALID', `${this.#stateFile} is not the state of an optimisation`, {
        hint: 'remove its folder to begin anew',
        cause,
      });
    }
  }

  /** Runs an evaluation, or takes the one that was made before under the same identity. Throws E_INTERRUPTED when it was stopped. */
  async evaluate(options: RunOptions, identity: Json & { readonly phase: 'search' | 'confirm' }): Promise<Evaluation> {
    const runtime = { ...this.#runtime, isPart: identity.phase === 'search' };
    if (runtime.control?.drain.aborted) throw interrupted();
    const key = contentHash(identity).slice(0, 16);
    try {
      const earlier = this.#runs[key];
      const known = earlier === undefined ? null : this.#find(earlier);
      if (known && loadResultDocument(known)?.status === 'complete') return this.#evaluationOf(known.path);
      const begun = known ? resume(known.path, options, runtime) : run({ ...options, out: this.#folder }, runtime);
      const path = await this.#follow(begun, key);
      // What failed for causes that may pass is tried once more.
      if (loadResultDocument(runDirectoryAt(path))?.status === 'incomplete')
        await this.#follow(resume(path, options, runtime), key);
      return this.#evaluationOf(path);
    } catch (error) {
      if (!isQwenEvalError(error) || error.code === 'E_INTERRUPTED') throw error;
      return { kind: 'failed', code: error.code, reason: error.message, mend: error.hint };
    }
  }

  #find(runId: string) {
    const directory = runDirectoryAt(join(this.#folder, runId));
    return existsSync(directory.runFile) ? directory : null;
  }

  async #follow(events: AsyncIterable<RunEvent>, key: string): Promise<string> {
    let path: string | null = null;
    let isInterrupted = false;
    for await (const event of events) {
      if (event.kind === 'runStarted') {
        path = event.directory;
        this.#runs[key] = event.document.runId;
        replaceFile(this.#stateFile, `${JSON.stringify({ schemaVersion: 1, runs: this.#runs }, null, 2)}\n`);
      }
      if (event.kind === 'runEnded') isInterrupted = event.reason === 'interrupted';
    }
    if (isInterrupted) throw interrupted();
    if (path === null) throw new Error('the run ended without having begun');
    return path;
  }

  #evaluationOf(path: string): Evaluation {
    const loaded = loadRun(runDirectoryAt(path));
    const { result } = loaded;
    const [task] = result?.tasks ?? [];
    if (!result || !task)
      return { kind: 'failed', code: 'E_RUN_INCOMPLETE', reason: 'the run left no result', mend: null };
    if (task.refused) {
      const { code, message, hint } = task.refused;
      return { kind: 'failed', code, reason: message, mend: hint };
    }
    if (task.coverage < leastCoverage) {
      const share = (task.coverage * 100).toFixed(1);
      const [cause = 'unknown'] = Object.keys(task.counts.byCode);
      const verdict = result.diagnosis.find(({ severity }) => severity === 'error');
      return {
        kind: 'failed',
        code: 'E_RUN_INCOMPLETE',
        reason: `only ${share} % of the samples are scored (${verdict?.summary ?? cause})`,
        mend: verdict ? `as the run advises (the same options go to optimize): ${verdict.advice}` : null,
      };
    }
    return {
      kind: 'done',
      run: loaded,
      outputTokens: result.usage.completionTokens ?? 0,
      seconds: (result.timings.wallMs ?? 0) / 1000,
    };
  }
}

/** What an interrupted optimisation throws. */
export const interrupted = (): QwenEvalError =>
  new QwenEvalError('E_INTERRUPTED', 'the optimisation was interrupted; every finished evaluation is saved', {
    hint: 'run the same command again to go on',
  });
