import type { Job } from '../support/job.ts';
import type { WasmModule } from './web-assembly.ts';

/** What the host asks of the child process. */
export type HostMessage =
  | { readonly kind: 'job'; readonly id: number; readonly job: Job }
  | { readonly kind: 'abort'; readonly id: number };

/** How a job ended in a worker: the tester's text, or what went wrong on which side. */
export type WorkerOutcome =
  | { readonly kind: 'report'; readonly text: string }
  /** The candidate's interpreter is over: refused call, exit or crash. */
  | { readonly kind: 'ended'; readonly how: 'denied' | 'exit' | 'crash'; readonly detail: string }
  /** The tester's interpreter is over: ours. */
  | { readonly kind: 'fault'; readonly detail: string };

/** What the child process tells the host. */
export type ChildMessage =
  | { readonly kind: 'ready'; readonly pythonVersion: string; readonly version: string }
  | { readonly kind: 'failed'; readonly detail: string }
  | {
      readonly kind: 'done';
      readonly id: number;
      readonly outcome: WorkerOutcome | { readonly kind: 'timeout' } | { readonly kind: 'aborted' };
      readonly wallMs: number;
    };

/** What a worker tells its process. */
export type WorkerMessage =
  | { readonly kind: 'ready'; readonly pythonVersion: string; readonly version: string }
  | { readonly kind: 'started' }
  | { readonly kind: 'done'; readonly outcome: WorkerOutcome; readonly wallMs: number; readonly isSpent: boolean };

/** What a worker is started with; memory and code are shared, not copied. */
export interface WorkerSetup {
  readonly folder: string;
  readonly module: WasmModule;
  readonly snapshot: SharedArrayBuffer;
  readonly interrupt: SharedArrayBuffer;
  readonly isStrict: boolean;
}
