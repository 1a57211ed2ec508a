import { code } from './markdown.ts';

/** Makes a link to a run's directory from where the tracker stands. */
export type RunLinks = (runId: string) => string;

/** A part of a path as a link has it; parentheses would end the link. */
const encoded = (part: string): string =>
  encodeURIComponent(part)
    .replaceAll('(', '%28')
    .replaceAll(')', '%29')
    .replace(/^([A-Za-z])%3A$/, '$1:');

/** Links below a folder; `folder` is relative to the tracker, with forward slashes. */
export const runLinks =
  (folder: string): RunLinks =>
  (runId) =>
    `[${code(runId)}](${[folder, runId]
      .filter((part) => part !== '')
      .join('/')
      .split('/')
      .map(encoded)
      .join('/')}/)`;
