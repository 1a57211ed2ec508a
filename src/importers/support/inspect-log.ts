import { z } from 'zod';
import type { ImportedLog, LoggedTask } from './imported-log.ts';
import { inspectSample, inspectSampleSchema, type InspectSample } from './inspect-sample.ts';
import type { LogFile } from './read-log.ts';

const configSchema = z.looseObject({
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  top_k: z.number().nullish(),
  presence_penalty: z.number().nullish(),
  seed: z.int().nullish(),
  max_tokens: z.int().positive().nullish(),
});

const evaluationSchema = z.looseObject({
  created: z.string(),
  task: z.string(),
  task_args: z.record(z.string(), z.json()).default({}),
  model: z.string(),
  model_generate_config: configSchema.default({}),
  config: z.looseObject({ limit: z.json().optional(), epochs: z.int().nullish() }).default({}),
  packages: z.record(z.string(), z.string()).default({}),
});

/** What a log begins with. */
export const startSchema = z.looseObject({
  eval: evaluationSchema,
  plan: z.looseObject({ config: configSchema.default({}) }).default({ config: {} }),
});

/** What a log says of itself when it is done. */
export const inspectHeaderSchema = startSchema.extend({
  status: z.string(),
  results: z
    .looseObject({
      scores: z
        .array(
          z.looseObject({
            name: z.string(),
            reducer: z.string().nullish(),
            metrics: z.record(z.string(), z.looseObject({ value: z.number().nullish() })).default({}),
          }),
        )
        .default([]),
    })
    .nullish(),
  stats: z.looseObject({ started_at: z.string().nullish(), completed_at: z.string().nullish() }).nullish(),
});

/** A whole log in one document. */
export const inspectLogSchema = inspectHeaderSchema.extend({ samples: z.array(inspectSampleSchema).default([]) });

export { inspectSampleSchema };

type Header = z.infer<typeof inspectHeaderSchema>;

/** A log of Inspect in our words. */
export function inspectLog(
  file: LogFile,
  log: {
    readonly header: Header;
    readonly samples: readonly { readonly sample: InspectSample; readonly where: string }[];
  },
): ImportedLog {
  const { header, samples } = log;
  const { eval: evaluation } = header;
  const startedAt = timeOf(header.stats?.started_at) ?? timeOf(evaluation.created);
  const endedAt = timeOf(header.stats?.completed_at);
  return {
    tool: 'inspect',
    version: evaluation.packages['inspect_ai'] ?? null,
    files: [{ name: file.name, sha256: file.sha256 }],
    // The provider before the name is no part of it.
    model: evaluation.model.replace(/^(?:openai-api\/[^/]+|[a-z-]+)\/(?=.)/, ''),
    startedAt,
    endedAt,
    wallMs: startedAt === null || endedAt === null ? null : Date.parse(endedAt) - Date.parse(startedAt),
    settings: settingsOf(evaluation),
    templateSha256: null,
    tasks: [
      taskOf(
        header,
        samples.map(({ sample, where }) => inspectSample(sample, where)),
      ),
    ],
  };
}

const timeOf = (text: string | null | undefined): string | null => {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
};

const settingsOf = (evaluation: z.infer<typeof evaluationSchema>): ImportedLog['settings'] => ({
  tool: 'inspect',
  provider: evaluation.model.split('/')[0] ?? '',
  taskArguments: evaluation.task_args,
  limit: evaluation.config.limit ?? null,
  epochs: evaluation.config.epochs ?? null,
});

function taskOf(header: Header, samples: LoggedTask['samples']): LoggedTask {
  const { eval: evaluation, plan, status, results } = header;
  const config = { ...evaluation.model_generate_config, ...plan.config };
  const shots = evaluation.task_args['fewshot'] ?? evaluation.task_args['num_fewshot'];
  return {
    name: evaluation.task,
    choiceMode: null,
    fewShot: typeof shots === 'number' ? shots : null,
    maxTokens: config.max_tokens ?? null,
    sampling: {
      temperature: config.temperature ?? null,
      topP: config.top_p ?? null,
      topK: config.top_k ?? null,
      presencePenalty: config.presence_penalty ?? null,
      seed: config.seed ?? null,
    },
    samples,
    metrics: Object.fromEntries(
      (results?.scores ?? []).flatMap(({ name, reducer, metrics }) => {
        const value = metrics['accuracy']?.value;
        return (reducer ?? 'mean') === 'mean' && typeof value === 'number' ? [[name, value]] : [];
      }),
    ),
    warnings: status === 'success' ? [] : [`the evaluation ended with status ${status}`],
  };
}
