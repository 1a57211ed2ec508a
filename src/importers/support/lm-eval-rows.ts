import { z } from 'zod';
import type { Json } from '../../core/json.ts';
import type { SampleRecord } from '../../core/sample-record.ts';
import { unknownUsage } from '../../core/generation.ts';
import { unknownTimings, type LoggedSample, type LoggedVerdict } from './imported-log.ts';
import { instructionMeasures } from './instruction-measures.ts';
import type { LogRow } from './read-log.ts';

const argumentsSchema = z.union([
  z.array(z.array(z.json())),
  z.record(z.string(), z.record(z.string(), z.json())).transform((named) =>
    Object.keys(named)
      .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .map((name) => Object.values(named[name] ?? {})),
  ),
]);

/** A line of a samples file; metrics stand beside these members under their own names. */
export const lmEvalRowSchema = z.looseObject({
  doc_id: z.int(),
  doc: z.record(z.string(), z.json()),
  target: z.json().optional(),
  arguments: argumentsSchema,
  resps: z.array(z.json()),
  filtered_resps: z.array(z.json()).default([]),
  filter: z.string().default('none'),
});

type Row = z.infer<typeof lmEvalRowSchema>;

/** An answer with the budget its request had. */
export type LmEvalSample = LoggedSample & { readonly maxTokens: number | null };

/** Our measure for each of its metrics that is a verdict on an answer; null is the score. */
const measures: Readonly<Record<string, string | null>> = {
  acc: 'acc',
  acc_norm: 'acc_norm',
  exact_match: null,
  'pass@1': null,
  pass_at_1: null,
  ...instructionMeasures,
};

const rulesByFilter: Readonly<Record<string, string>> = {
  'strict-match': 'lm-eval:strict-match',
  'flexible-extract': 'lm-eval:flexible-extract',
};

/** The answers of a samples file. A document stands there once for each filter; repeats of a question are epochs. */
export function lmEvalSamples(rows: readonly LogRow<Row>[]): readonly LmEvalSample[] {
  const documents = new Map<number, LogRow<Row>[]>();
  for (const placed of rows) documents.set(placed.row.doc_id, [...(documents.get(placed.row.doc_id) ?? []), placed]);
  return [...documents.values()].flatMap(answersOf);
}

function answersOf(rows: readonly LogRow<Row>[]): readonly LmEvalSample[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { row, where } = first;
  const scored = continuationsOf(row);
  const texts = scored === null ? textsOf(row) : [null];
  const shared = {
    where,
    ids: [row.doc['id'], row.doc['task_id'], row.doc['key'], row.doc['question_id']].flatMap(idText),
    index: row.doc_id,
    question: questionOf(row),
    options: scored === null ? null : scored.map(({ text }) => text.replace(/^\s+/, '')),
    target: typeof row.target === 'string' || typeof row.target === 'number' ? String(row.target) : null,
    maxTokens: budgetOf(row),
  };
  return texts.map((text, epoch) => ({
    ...shared,
    epoch,
    answer: {
      request: requestOf(row, scored),
      response: text,
      reasoning: null,
      toolCalls: [],
      finishReason: scored === null ? 'unknown' : 'stop',
      usage: unknownUsage,
      timings: unknownTimings,
      continuations: scored,
    },
    failure: null,
    // Of several answers to a question it keeps one verdict on them together.
    verdicts: texts.length > 1 ? [] : rows.flatMap((placed) => verdictsOf(placed.row, scored !== null)),
  }));
}

const idText = (value: Json | undefined): readonly string[] =>
  typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];

const questionOf = ({ doc }: Row): string | null => {
  const asked = ['question', 'query', 'problem', 'prompt', 'ctx', 'input', 'text'].map((name) => doc[name]);
  return asked.find((value) => typeof value === 'string') ?? null;
};

const generationSchema = z.looseObject({ max_gen_toks: z.int().nullish(), max_tokens: z.int().nullish() });

function budgetOf(row: Row): number | null {
  const parsed = generationSchema.safeParse(row.arguments[0]?.[1]);
  return parsed.data?.max_gen_toks ?? parsed.data?.max_tokens ?? null;
}

/** Texts of all repeats of the one request. */
const textsOf = ({ resps }: Row): readonly (string | null)[] =>
  resps.flat(3).map((text) => (typeof text === 'string' ? text : null));

/** Log-probabilities of the options; null where an answer was generated. */
function continuationsOf(row: Row): SampleRecord['continuations'] {
  const pairs = row.resps.map(pairOf);
  const [context] = row.arguments[0] ?? [];
  if (pairs.length < 2 || pairs.some((pair) => pair === null)) return null;
  // Options without the question, for mutual information, come after those with it.
  const isPartial = new Set(row.arguments.map(([, text]) => String(text))).size === 1;
  return row.arguments.flatMap(([before, text], index) => {
    const pair = pairs[index];
    if (pair == null || (!isPartial && before !== context)) return [];
    return [{ text: isPartial ? `${String(before)}${String(text)}` : String(text), tokenCount: null, ...pair }];
  });
}

/** `[[["-38.4", "False"]]]` of one option, numbers as text in some versions. */
function pairOf(value: Json): { readonly logProbability: number | null; readonly isGreedy: boolean | null } | null {
  const flat: readonly Json[] = Array.isArray(value) ? (value.flat(3) as readonly Json[]) : [];
  const [said, greedy] = flat;
  const number = typeof said === 'string' ? Number(said) : said;
  if (flat.length !== 2 || typeof number !== 'number' || Number.isNaN(number)) return null;
  return {
    logProbability: Number.isFinite(number) ? number : null,
    isGreedy: typeof greedy === 'boolean' ? greedy : greedy === 'True' ? true : greedy === 'False' ? false : null,
  };
}

const messageSchema = z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })).min(1);

function requestOf(row: Row, scored: SampleRecord['continuations']): SampleRecord['request'] {
  const prompt = row.arguments[0]?.[0];
  if (scored !== null)
    return { kind: 'continuations', context: String(prompt ?? ''), continuations: scored.map(({ text }) => text) };
  return { kind: 'chat', messages: messagesOf(prompt ?? '') };
}

/** A conversation, which chat servers get as JSON, else the prompt as one message. */
function messagesOf(prompt: Json): z.infer<typeof messageSchema> {
  const value = typeof prompt === 'string' && prompt.startsWith('[') ? parsedOrNull(prompt) : prompt;
  const parsed = messageSchema.safeParse(value);
  return parsed.data ?? [{ role: 'user', content: typeof prompt === 'string' ? prompt : JSON.stringify(prompt) }];
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function verdictsOf(row: Row, isScored: boolean): readonly LoggedVerdict[] {
  const [filtered] = row.filtered_resps;
  return Object.entries(measures).flatMap(([metric, measure]): LoggedVerdict[] => {
    const value = row[metric];
    const score = typeof value === 'boolean' ? Number(value) : value;
    if (typeof score !== 'number') return [];
    return [
      {
        metric: row.filter === 'none' ? metric : `${metric},${row.filter}`,
        measure: isScored ? measure : metric.startsWith('acc') ? null : measure,
        score,
        extracted: !isScored && typeof filtered === 'string' ? filtered.slice(0, 200) : null,
        rules: rulesByFilter[row.filter] ?? null,
        how: howOf(metric, { isScored, filter: row.filter }),
      },
    ];
  });
}

function howOf(metric: string, by: { readonly isScored: boolean; readonly filter: string }): string | null {
  if (by.isScored)
    return metric === 'acc_norm'
      ? 'the option of highest log-probability over its length in characters, as it was worded in the log.'
      : 'the option of highest log-probability.';
  if (metric === 'exact_match')
    return `the whole text that its filter "${by.filter}" leaves must equal the gold answer, letter by letter.`;
  return null;
}
