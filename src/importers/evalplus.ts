import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { evalplusResultsSchema, evalplusSamples, evalplusSampleSchema } from './support/evalplus-rows.ts';
import { importLogs } from './support/import-logs.ts';
import type { ImportedLog, LoggedTask } from './support/imported-log.ts';
import { defineImporter } from './support/importer.ts';
import { readLogFile, readLogJson, readLogLines, type LogFile } from './support/read-log.ts';

/** Path of the sanitized samples, whichever file of an evaluation is given. */
const samplesPath = (path: string): string => path.replace(/(?:\.raw)?\.jsonl$/, '.jsonl');

/** Answers as the model gave them lie beside the sanitized ones. */
const rawPath = (path: string): string => samplesPath(path).replace(/\.jsonl$/, '.raw.jsonl');

const resultsPaths = (path: string): readonly string[] => {
  const stem = samplesPath(path).replace(/\.jsonl$/, '');
  return [`${stem}_eval_results.json`, `${stem}.eval_results.json`];
};

const readIfThere = (path: string | undefined): LogFile | null =>
  path !== undefined && existsSync(path) ? readLogFile(path) : null;

function readEvaluation(path: string): ImportedLog {
  const sanitized = readIfThere(samplesPath(path));
  const raw = readIfThere(rawPath(path));
  const resultsFile = readIfThere(resultsPaths(path).find((candidate) => existsSync(candidate)));
  const results = resultsFile === null ? null : readLogJson(resultsFile, evalplusResultsSchema);
  const answers = raw ?? sanitized ?? readLogFile(path);
  const samples = evalplusSamples(readLogLines(answers, evalplusSampleSchema), results);
  const files = [sanitized, raw, resultsFile].flatMap((file) => file ?? []);
  return {
    tool: 'evalplus',
    version: null,
    files: files.map(({ name, sha256 }) => ({ name, sha256 })),
    model: modelOf(path),
    startedAt: startOf(results?.date ?? null),
    endedAt: null,
    wallMs: null,
    settings: { tool: 'evalplus', dataHash: results?.hash ?? null },
    templateSha256: null,
    tasks: samples.map(({ name, samples: rows }): LoggedTask => ({
      name,
      choiceMode: null,
      fewShot: 0,
      maxTokens: null,
      sampling: temperatureOf(path),
      samples: rows,
      metrics: {},
      warnings: [],
    })),
  };
}

/** `Qwen--Qwen2.5-Coder_openai_temp_0.0.jsonl`: model, backend and temperature. */
const modelOf = (path: string): string =>
  basename(samplesPath(path), '.jsonl')
    .replace(/_[a-z]+_temp_[\d.]+$/, '')
    .replaceAll('--', '/');

function temperatureOf(path: string): LoggedTask['sampling'] {
  const said = /_temp_([\d.]+)$/.exec(basename(samplesPath(path), '.jsonl'))?.[1];
  return said === undefined ? {} : { temperature: Number(said) };
}

/** Its dates have no time zone and are taken for UTC: they put runs in order, no more. */
function startOf(date: string | null): string | null {
  const ms = date === null ? Number.NaN : Date.parse(`${date.trim().replace(' ', 'T')}Z`);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

export default defineImporter({
  id: 'evalplus',
  title: 'samples of EvalPlus (.jsonl), with .raw.jsonl and _eval_results.json beside them',
  recognises: ({ path, head }) =>
    path.endsWith('.jsonl') &&
    /^\s*\{(?=[^\n]*"task_id"\s*:\s*"(?:HumanEval|Mbpp)\/\d+")(?=[^\n]*"(?:solution|completion)"\s*:)/.test(head),
  run: (request) => {
    const evaluations = [...new Map(request.files.map((path) => [samplesPath(path), path])).values()];
    return importLogs(
      evaluations.map((path) => () => readEvaluation(path)),
      request,
    );
  },
});
