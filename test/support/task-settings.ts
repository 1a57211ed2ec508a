import type { TaskSettings } from '../../src/core/ports/task.ts';

/** Settings of a task as a plan without options makes them. */
export const defaultSettings: TaskSettings = {
  fewShot: 0,
  choiceMode: null,
  maxTokens: 2048,
  toolFormat: null,
  seed: 0,
  split: 'pinned',
  size: 100,
  extra: {},
};
