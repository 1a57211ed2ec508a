import { code } from './markdown.ts';

/** Makes a link to a run's directory from where the tracker stands. */
export type RunLinks = (runId: string) => string;

/** Links below a folder; `folder` is relative to the tracker, with forward slashes. */
export const runLinks =
  (folder: string): RunLinks =>
  (runId) =>
    `[${code(runId)}](${encodeURI([folder, runId].filter((part) => part !== '').join('/'))}/)`;
