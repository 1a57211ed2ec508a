import type { TrackedTask } from '../../src/tracker/tracked-task.ts';

/** An installed task as the tracker sees it, with changes. */
export const trackedTask = (id: string, changes: Partial<TrackedTask> = {}): TrackedTask => ({
  id,
  title: id,
  kind: 'text',
  category: 'math',
  group: 'dataset',
  version: 1,
  scorer: 'numeric-answer',
  scorerVersion: 1,
  headline: 'accuracy',
  sampleCount: 400,
  maxTokens: 512,
  needs: [],
  files: {},
  ...changes,
});
