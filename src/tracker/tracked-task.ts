import type { TaskCategory, TaskKind } from '../core/ports/task.ts';

/** Part of the results in which a task stands. */
export type TaskGroup = 'dataset' | 'function_calling' | 'agent' | 'long_context';

/** What the tracker must know of a task as it is installed: its current version decides which results still stand. */
export interface TrackedTask {
  readonly id: string;
  readonly title: string;
  readonly kind: TaskKind;
  readonly category: TaskCategory;
  readonly group: TaskGroup;
  readonly version: number;
  readonly scorer: string;
  readonly scorerVersion: number;
  readonly headline: string;
  /** Samples that a run without a limit asks; null when it depends on settings. */
  readonly sampleCount: number | null;
  /** Output tokens a request may take without thinking. */
  readonly maxTokens: number;
  readonly needs: readonly string[];
  /** Every sha256 a file of the task may have, by file. */
  readonly files: Readonly<Record<string, readonly string[]>>;
}
