import { blameOf, precedenceOf, type Blame } from '../core/failure-code.ts';
import type { ResultDocument } from '../core/result-document.ts';
import type { SampleRecord } from '../core/sample-record.ts';
import { excerpt } from '../text/excerpt.ts';
import { describeMisses } from './code-phrases.ts';

/** One sample that shows what a failure code means in this run. */
export interface FailureExample {
  readonly sampleId: string;
  readonly epoch: number;
  /** The evidence that scoring left. */
  readonly explanation: string | null;
  /** What was taken as the answer; null when nothing was. */
  readonly extracted: string | null;
  /** Beginning and end of the answer on one line. */
  readonly answer: string;
}

/** Samples of one task with the same primary failure code. */
export interface FailureRow {
  readonly task: string;
  readonly code: string;
  /** Null for text that is no failure code of this version. */
  readonly blame: Blame | null;
  readonly count: number;
  /** Planned samples × epochs of the task. */
  readonly planned: number;
  /** What happened to these answers, as the end of "3 answers …". */
  readonly meaning: string;
  /** Codes that apply beside the primary one, by count. */
  readonly alsoCodes: Readonly<Record<string, number>>;
  readonly examples: readonly FailureExample[];
}

/** Length of an answer's excerpt. */
const excerptLength = 240;

interface OpenRow {
  count: number;
  readonly also: Map<string, number>;
  readonly examples: FailureExample[];
}

/** Collects failures by task and code while records pass by; keeps a few examples of each and no other text. */
export class FailureTable {
  readonly #rows = new Map<string, Map<string, OpenRow>>();
  readonly #shown: number;

  /** `shown`: examples kept for each code. */
  constructor(shown: number) {
    this.#shown = shown;
  }

  add(record: SampleRecord): void {
    if (record.code === null) return;
    const row = this.#rowOf(record.task, record.code);
    row.count += 1;
    for (const code of record.codes) row.also.set(code, (row.also.get(code) ?? 0) + 1);
    if (row.examples.length < this.#shown) row.examples.push(exampleOf(record));
  }

  #rowOf(task: string, code: string): OpenRow {
    let codes = this.#rows.get(task);
    if (!codes) this.#rows.set(task, (codes = new Map<string, OpenRow>()));
    let row = codes.get(code);
    if (!row) codes.set(code, (row = { count: 0, also: new Map(), examples: [] }));
    return row;
  }

  /** The rows in the order of the tasks, the most frequent code first. Samples that never came (failed requests) are counted as the result counts them. */
  rows(result: ResultDocument): readonly FailureRow[] {
    return result.tasks.flatMap(({ task, counts }) => {
      const found = this.#rows.get(task) ?? new Map<string, OpenRow>();
      const codes = [...new Set([...found.keys(), ...Object.keys(counts.byCode)])];
      return codes
        .map((code) => {
          const row = found.get(code);
          return {
            task,
            code,
            blame: blameOf(code),
            count: row?.count ?? (counts.byCode[code] as number),
            planned: counts.planned,
            meaning: describeMisses(code),
            alsoCodes: Object.fromEntries([...(row?.also ?? [])].toSorted(([, x], [, y]) => y - x)),
            examples: row?.examples ?? [],
          };
        })
        .toSorted((x, y) => y.count - x.count || precedenceOf(x.code) - precedenceOf(y.code));
    });
  }
}

function exampleOf(record: SampleRecord): FailureExample {
  const text = record.response ?? '';
  const calls = record.toolCalls.map((call) => `${call.name}(${call.arguments})`).join(' ');
  const shown = text.trim() === '' && calls !== '' ? calls : text;
  return {
    sampleId: record.sampleId,
    epoch: record.epoch,
    explanation: record.explanation ?? record.unscored,
    extracted: record.extraction?.value ?? null,
    answer: excerpt(shown, excerptLength),
  };
}
