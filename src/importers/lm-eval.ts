import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { lmEvalSamples, lmEvalRowSchema } from './support/lm-eval-rows.ts';
import type { ImportedLog, LoggedTask } from './support/imported-log.ts';
import { importLogs } from './support/import-logs.ts';
import { defineImporter } from './support/importer.ts';
import { readLogFile, readLogJson, readLogLines, type LogFile } from './support/read-log.ts';

const summarySchema = z.record(z.string(), z.unknown());

const configSchema = z.looseObject({
  num_fewshot: z.int().nullish(),
  output_type: z.string().nullish(),
  generation_kwargs: z.looseObject({ max_gen_toks: z.int().nullish(), temperature: z.number().nullish() }).nullish(),
});

const resultsSchema = z.looseObject({
  results: z.record(z.string(), summarySchema).default({}),
  configs: z.record(z.string(), configSchema).default({}),
  'n-shot': z.record(z.string(), z.int().nullable()).default({}),
  config: z.looseObject({ model: z.string().nullish(), model_args: z.unknown() }).default({ model_args: null }),
  date: z.number().nullish(),
  git_hash: z.string().nullish(),
  lm_eval_version: z.string().nullish(),
  model_name: z.string().nullish(),
  chat_template_sha: z.string().nullish(),
  total_evaluation_time_seconds: z.union([z.string(), z.number()]).nullish(),
});

type Results = z.infer<typeof resultsSchema>;

/** `samples_gsm8k_2026-01-21T03-44-18.458309.jsonl`: task and time of the evaluation. */
const fileName = /^samples_(?<task>.+)_(?<time>\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(?:\.\d+)?)\.jsonl$/;

const partsOf = (path: string): { readonly task: string; readonly time: string } => {
  const groups = fileName.exec(basename(path))?.groups;
  return { task: groups?.['task'] ?? basename(path, '.jsonl').replace(/^samples_/, ''), time: groups?.['time'] ?? '' };
};

/** Sample files of one evaluation: those of one folder and time. */
function evaluationsOf(files: readonly string[]): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const path of files) {
    const key = join(dirname(path), partsOf(path).time);
    groups.set(key, [...(groups.get(key) ?? []), path]);
  }
  return [...groups.values()];
}

function resultsFileOf(samples: string): LogFile | null {
  const path = join(dirname(samples), `results_${partsOf(samples).time}.json`);
  return existsSync(path) ? readLogFile(path) : null;
}

function readEvaluation(paths: readonly string[]): ImportedLog {
  const [first = ''] = paths;
  const resultsFile = resultsFileOf(first);
  const results = resultsFile === null ? null : readLogJson(resultsFile, resultsSchema);
  const files = paths.map(readLogFile);
  const seconds = Number(results?.total_evaluation_time_seconds ?? Number.NaN);
  const startMs = results?.date == null ? null : results.date * 1000;
  const isTimed = Number.isFinite(seconds);
  return {
    tool: 'lm-eval',
    version: results?.lm_eval_version ?? results?.git_hash ?? null,
    files: [...files, ...(resultsFile === null ? [] : [resultsFile])].map(({ name, sha256 }) => ({ name, sha256 })),
    model: modelOf(results) ?? basename(dirname(first)).replace('__', '/'),
    startedAt: startMs === null ? null : new Date(startMs).toISOString(),
    endedAt: startMs === null || !isTimed ? null : new Date(startMs + seconds * 1000).toISOString(),
    wallMs: isTimed ? seconds * 1000 : null,
    settings: settingsOf(results),
    templateSha256: results?.chat_template_sha ?? null,
    tasks: files.map((file) => readTask(file, results)),
  };
}

/** The model's name; out of the arguments where an older version wrote no name. */
function modelOf(results: Results | null): string | null {
  const named = results?.model_name;
  if (named) return named;
  const given = results?.config.model_args;
  const text = typeof given === 'string' ? given : JSON.stringify(given ?? '');
  return /(?:^|,|")(?:pretrained|model)"?[=:]\s*"?([^,"]+)/.exec(text)?.[1] ?? results?.config.model ?? null;
}

/** Settings that say how answers were made; model arguments are left out, as they may hold addresses and keys. */
const kept = [
  'model',
  'model_dtype',
  'model_revision',
  'model_sha',
  'batch_size',
  'limit',
  'gen_kwargs',
  'random_seed',
];

function settingsOf(results: Results | null): ImportedLog['settings'] {
  const config = z.record(z.string(), z.json()).safeParse(results?.config ?? {});
  const entries = Object.entries(config.data ?? {});
  return { tool: 'lm-eval', ...Object.fromEntries(entries.filter(([name]) => kept.includes(name))) };
}

function readTask(file: LogFile, results: Results | null): LoggedTask {
  const { task } = partsOf(file.path);
  const config = results?.configs[task];
  const samples = lmEvalSamples(readLogLines(file, lmEvalRowSchema));
  const isScored = samples.some(({ answer }) => answer.continuations !== null);
  const budget =
    config?.generation_kwargs?.max_gen_toks ?? samples.find(({ maxTokens }) => maxTokens !== null)?.maxTokens;
  const temperature = config?.generation_kwargs?.temperature;
  return {
    name: task,
    choiceMode: isScored ? 'loglikelihood' : null,
    fewShot: results?.['n-shot'][task] ?? config?.num_fewshot ?? null,
    maxTokens: budget ?? null,
    sampling: temperature == null ? {} : { temperature },
    samples,
    metrics: summaryOf(results?.results[task] ?? {}),
    warnings: [],
  };
}

/** Figures of a summary by the names verdicts have: `acc,none` is `acc`. */
const summaryOf = (summary: Readonly<Record<string, unknown>>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(summary).flatMap(([name, value]) =>
      typeof value === 'number' && !name.includes('_stderr') ? [[name.replace(/,none$/, ''), value]] : [],
    ),
  );

export default defineImporter({
  id: 'lm-eval',
  title: 'samples_*.jsonl of lm-evaluation-harness, with results_*.json beside them',
  recognises: ({ path, head }) =>
    path.endsWith('.jsonl') && (fileName.test(basename(path)) || /^\s*\{"doc_id"\s*:/.test(head)),
  run: (request) =>
    importLogs(
      evaluationsOf(request.files).map((paths) => () => readEvaluation(paths)),
      request,
    ),
});
