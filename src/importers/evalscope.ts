import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { evalscopeSamples, predictionSchema, reviewSchema } from './support/evalscope-rows.ts';
import { importLogs } from './support/import-logs.ts';
import type { ImportedLog, LoggedTask } from './support/imported-log.ts';
import { defineImporter } from './support/importer.ts';
import { readLogFile, readLogLines, type LogFile } from './support/read-log.ts';

/** Files of verdicts lie under `reviews` as the answers lie under `predictions`. */
function reviewsOf(predictions: string): LogFile | null {
  const path = predictions.replace(/(^|[\\/])predictions(?=[\\/](?:[^\\/]+[\\/])?[^\\/]+$)/, '$1reviews');
  return path !== predictions && existsSync(path) ? readLogFile(path) : null;
}

/** Files of one model, which lie in one folder. */
function evaluationsOf(files: readonly string[]): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const path of files) groups.set(dirname(path), [...(groups.get(dirname(path)) ?? []), path]);
  return [...groups.values()];
}

function readEvaluation(paths: readonly string[]): ImportedLog {
  const parts = paths.map((path) => {
    const predictions = readLogFile(path);
    const reviews = reviewsOf(path);
    const rows = readLogLines(predictions, predictionSchema);
    return {
      predictions,
      reviews,
      rows,
      task: taskOf(path, evalscopeSamples(rows, reviews === null ? [] : readLogLines(reviews, reviewSchema))),
    };
  });
  const files = parts.flatMap(({ predictions, reviews }) =>
    reviews === null ? [predictions] : [predictions, reviews],
  );
  const model = parts.flatMap(({ rows }) => rows).find(({ row }) => row.model)?.row.model;
  return {
    tool: 'evalscope',
    version: null,
    files: files.map(({ path, sha256 }) => ({ name: join(basename(dirname(path)), basename(path)), sha256 })),
    model: model ?? basename(dirname(dirname(paths[0] ?? ''))),
    startedAt: null,
    endedAt: null,
    wallMs: null,
    settings: { tool: 'evalscope' },
    templateSha256: null,
    tasks: parts.map(({ task }) => task),
  };
}

const taskOf = (path: string, samples: LoggedTask['samples']): LoggedTask => ({
  name: basename(path, '.jsonl'),
  choiceMode: null,
  fewShot: null,
  maxTokens: null,
  sampling: {},
  samples,
  metrics: {},
  warnings: ['the log does not say how many examples stood before the questions'],
});

export default defineImporter({
  id: 'evalscope',
  title: 'predictions of EvalScope, with its reviews beside them',
  recognises: ({ path, head }) =>
    path.endsWith('.jsonl') && /^\s*\{"index"\s*:/.test(head) && head.includes('"model_output"'),
  run: (request) =>
    importLogs(
      evaluationsOf(request.files).map((paths) => () => readEvaluation(paths)),
      request,
    ),
});
