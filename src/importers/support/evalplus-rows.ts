import { z } from 'zod';
import { unknownUsage } from '../../core/generation.ts';
import { unknownTimings, type LoggedSample, type LoggedVerdict } from './imported-log.ts';
import type { LogRow } from './read-log.ts';

/** A line of a samples file: a whole program, or what continues the prompt. */
export const evalplusSampleSchema = z
  .looseObject({
    task_id: z.string(),
    solution: z.string().nullish(),
    completion: z.string().nullish(),
  })
  .refine(({ solution, completion }) => (solution ?? completion) != null, 'a solution or a completion is needed');

const statusSchema = z.string().nullable();

/** The file of verdicts. */
export const evalplusResultsSchema = z.looseObject({
  date: z.string().nullish(),
  hash: z.string().nullish(),
  eval: z.record(
    z.string(),
    z.array(
      z.looseObject({
        base_status: statusSchema,
        plus_status: statusSchema.default(null),
        base_fail_tests: z.array(z.json()).nullish(),
        plus_fail_tests: z.array(z.json()).nullish(),
      }),
    ),
  ),
});

type Results = z.infer<typeof evalplusResultsSchema>;
type Verdict = Results['eval'][string][number];
type Row = z.infer<typeof evalplusSampleSchema>;

/** Answers to one of the benchmarks. */
export interface EvalplusTask {
  readonly name: string;
  readonly samples: readonly LoggedSample[];
}

/**
 * The answers once for each benchmark they are to: HumanEval and HumanEval+ have the same problems, MBPP+ its own. Answers to one problem
 * are its epochs in order, as the verdicts stand.
 */
export function evalplusSamples(rows: readonly LogRow<Row>[], results: Results | null): readonly EvalplusTask[] {
  const isMbpp = rows.some(({ row }) => row.task_id.startsWith('Mbpp/'));
  const hasPlus =
    results === null || Object.values(results.eval).some((all) => all.some(({ plus_status: plus }) => plus));
  const wanted = isMbpp ? ['mbpp_plus'] : ['humaneval', ...(hasPlus ? ['humaneval_plus'] : [])];
  return wanted.map((name) => ({ name, samples: samplesOf(rows, { name, results }) }));
}

function samplesOf(
  rows: readonly LogRow<Row>[],
  { name, results }: { readonly name: string; readonly results: Results | null },
): readonly LoggedSample[] {
  const repeats = new Map<string, number>();
  return rows.map(({ row, where }) => {
    const epoch = repeats.get(row.task_id) ?? 0;
    repeats.set(row.task_id, epoch + 1);
    const verdict = results?.eval[row.task_id]?.[epoch];
    return {
      where,
      ids: [row.task_id],
      index: null,
      question: null,
      options: null,
      target: null,
      epoch,
      answer: {
        // The prompt does not stand in the samples; the problem's own is known by its id.
        request: { kind: 'chat', messages: [] },
        response: row.solution ?? row.completion ?? null,
        reasoning: null,
        toolCalls: [],
        finishReason: 'unknown',
        usage: unknownUsage,
        timings: unknownTimings,
        continuations: null,
      },
      failure: null,
      verdicts: verdict === undefined ? [] : [verdictOf(name, verdict)],
    };
  });
}

function verdictOf(name: string, verdict: Verdict): LoggedVerdict {
  const isPlus = name.endsWith('_plus');
  const { base_status: base, plus_status: plus } = verdict;
  const statuses = isPlus ? [base, plus] : [base];
  return {
    metric: isPlus ? 'plus pass@1' : 'base pass@1',
    measure: null,
    score: statuses.some((status) => status === null) ? null : Number(statuses.every((status) => status === 'pass')),
    extracted: null,
    rules: 'evalplus',
    how: howOf(verdict, isPlus),
  };
}

function howOf(verdict: Verdict, isPlus: boolean): string {
  const failed = [...(verdict.base_fail_tests ?? []), ...(isPlus ? (verdict.plus_fail_tests ?? []) : [])];
  const said = isPlus ? `base ${verdict.base_status}, plus ${verdict.plus_status}` : `base ${verdict.base_status}`;
  const shown = failed.length === 0 ? '' : `, on the arguments ${JSON.stringify(failed[0]).slice(0, 120)}`;
  return `${said}${shown}, of the program its sanitizer left; values are compared in the program's own process.`;
}
