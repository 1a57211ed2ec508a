import { z } from 'zod';
import type { FinishReason } from '../../core/generation.ts';
import { unknownTimings, type LoggedSample, type LoggedVerdict } from './imported-log.ts';
import { instructionMeasures } from './instruction-measures.ts';
import type { LogRow } from './read-log.ts';

const contentSchema = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string(), text: z.string().nullish(), reasoning: z.string().nullish() })),
]);

const messageSchema = z.looseObject({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: contentSchema.nullish(),
});

/** A line of a file of answers. */
export const predictionSchema = z.looseObject({
  index: z.int(),
  model: z.string().nullish(),
  model_output: z
    .looseObject({
      choices: z.array(z.looseObject({ message: messageSchema, stop_reason: z.string().nullish() })).default([]),
      usage: z
        .looseObject({
          input_tokens: z.int().nullish(),
          output_tokens: z.int().nullish(),
          reasoning_tokens: z.int().nullish(),
          input_tokens_cache_read: z.int().nullish(),
        })
        .nullish(),
      time: z.number().nullish(),
      error: z.string().nullish(),
      perf_metrics: z.looseObject({ latency: z.number().nullish(), ttft: z.number().nullish() }).nullish(),
    })
    .nullish(),
  messages: z.array(messageSchema).default([]),
  metadata: z.record(z.string(), z.json()).nullish(),
});

/** A line of a file of verdicts. */
export const reviewSchema = z.looseObject({
  index: z.int(),
  target: z.string().nullish(),
  sample_score: z.looseObject({
    sample_id: z.union([z.int(), z.string()]).nullish(),
    group_id: z.union([z.int(), z.string()]).nullish(),
    score: z.looseObject({
      value: z.record(z.string(), z.union([z.number(), z.boolean(), z.null()])).default({}),
      extracted_prediction: z.string().nullish(),
      main_score_name: z.string().nullish(),
    }),
  }),
});

type Prediction = z.infer<typeof predictionSchema>;
type Review = z.infer<typeof reviewSchema>;
type Content = z.infer<typeof contentSchema> | null | undefined;

const finishReasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  max_tokens: 'length',
  model_length: 'length',
  length: 'length',
  tool_calls: 'tool_calls',
  content_filter: 'content_filter',
};

/** The answers of a file with the verdicts on them; answers to one question are its epochs in order. */
export function evalscopeSamples(
  rows: readonly LogRow<Prediction>[],
  reviews: readonly LogRow<Review>[],
): readonly LoggedSample[] {
  const byIndex = new Map(reviews.map(({ row }) => [row.index, row]));
  const repeats = new Map<string, number>();
  return rows
    .toSorted((a, b) => a.row.index - b.row.index)
    .map(({ row, where }) => {
      const review = byIndex.get(row.index);
      const question = String(review?.sample_score.group_id ?? row.index);
      const epoch = repeats.get(question) ?? 0;
      repeats.set(question, epoch + 1);
      return sampleOf(row, { where, review, epoch });
    });
}

function sampleOf(
  row: Prediction,
  more: { readonly where: string; readonly review: Review | undefined; readonly epoch: number },
): LoggedSample {
  const { model_output: output, metadata } = row;
  const [generated] = output?.choices ?? [];
  const { where, review, epoch } = more;
  const latency = output?.perf_metrics?.latency ?? output?.time ?? null;
  const firstToken = output?.perf_metrics?.ttft ?? null;
  return {
    where,
    ids: [metadata?.['key'], metadata?.['id'], metadata?.['task_id']].flatMap((id) =>
      typeof id === 'string' || typeof id === 'number' ? [String(id)] : [],
    ),
    index: row.index,
    question: null,
    options: null,
    target: review?.target ?? null,
    epoch,
    answer: {
      request: {
        kind: 'chat',
        messages: row.messages
          .filter(({ role }) => role !== 'assistant')
          .map(({ role, content }) => ({ role, content: partsOf(content, 'text') ?? '' })),
      },
      response: generated === undefined ? null : partsOf(generated.message.content, 'text'),
      reasoning: generated === undefined ? null : partsOf(generated.message.content, 'reasoning'),
      toolCalls: [],
      finishReason: output?.error ? 'error' : (finishReasons[generated?.stop_reason ?? ''] ?? 'unknown'),
      usage: {
        promptTokens: output?.usage?.input_tokens ?? null,
        completionTokens: output?.usage?.output_tokens ?? null,
        reasoningTokens: output?.usage?.reasoning_tokens ?? null,
        cachedPromptTokens: output?.usage?.input_tokens_cache_read ?? null,
      },
      timings: {
        ...unknownTimings,
        latencyMs: latency === null ? null : latency * 1000,
        timeToFirstTokenMs: firstToken === null ? null : firstToken * 1000,
      },
      continuations: null,
    },
    failure: output?.error ? `EvalScope: ${output.error}` : null,
    verdicts: review === undefined ? [] : verdictsOf(review),
  };
}

/** Text or thinking of a message: a plain text, or the parts of that kind joined. */
function partsOf(content: Content, kind: 'text' | 'reasoning'): string | null {
  if (content == null) return null;
  if (typeof content === 'string') return kind === 'text' ? content : null;
  const parts = content.flatMap((part) => (part.type === kind ? [part[kind] ?? ''] : []));
  return parts.length === 0 ? null : parts.join(kind === 'text' ? '' : '\n\n');
}

function verdictsOf({ sample_score: { score } }: Review): readonly LoggedVerdict[] {
  return Object.entries(score.value).flatMap(([metric, value]): LoggedVerdict[] => {
    const isShare = metric.startsWith('inst_level');
    if (value === null || isShare) return [];
    return [
      {
        metric,
        measure: instructionMeasures[metric] ?? null,
        score: Number(value),
        extracted: instructionMeasures[metric] === undefined ? (score.extracted_prediction ?? null) : null,
        rules: 'evalscope',
        how: null,
      },
    ];
  });
}
