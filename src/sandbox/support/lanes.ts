import { QwenEvalError } from '../../core/errors.ts';
import type { Job, JobResult } from './job.ts';

/** Does one job at a time; mends itself between jobs. Rejects with the signal's reason when aborted. */
export interface Lane {
  execute(job: Job, signal: AbortSignal | undefined): Promise<JobResult>;
  close(): Promise<void>;
}

interface Waiting {
  readonly start: (lane: Lane) => void;
  readonly fail: (error: unknown) => void;
}

/** Hands jobs to lanes in order of arrival. */
export class Lanes {
  readonly #idle: Lane[];
  readonly #all: readonly Lane[];
  readonly #waiting: Waiting[] = [];
  #closed = false;

  constructor(lanes: readonly Lane[]) {
    this.#all = lanes;
    this.#idle = [...lanes];
  }

  async execute(job: Job, signal: AbortSignal | undefined): Promise<JobResult> {
    const lane = await this.#acquire(signal);
    try {
      return await lane.execute(job, signal);
    } finally {
      this.#release(lane);
    }
  }

  /** Ends all lanes; jobs that have not begun are rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { fail } of this.#waiting.splice(0)) fail(closedError());
    await Promise.all(this.#all.map((lane) => lane.close()));
  }

  async #acquire(signal: AbortSignal | undefined): Promise<Lane> {
    signal?.throwIfAborted();
    if (this.#closed) throw closedError();
    const lane = this.#idle.pop();
    if (lane) return lane;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal?.reason);
      };
      const waiting: Waiting = {
        start: (free) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(free);
        },
        fail: (error) => {
          signal?.removeEventListener('abort', onAbort);
          reject(error);
        },
      };
      this.#waiting.push(waiting);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  #release(lane: Lane): void {
    const next = this.#waiting.shift();
    if (next) next.start(lane);
    else this.#idle.push(lane);
  }
}

/** What jobs of a closed sandbox are rejected with. */
export const closedError = (): QwenEvalError => new QwenEvalError('E_SANDBOX_FAILED', 'the sandbox has been closed');
