import { coverageShortfall } from '../core/coverage-shortfall.ts';
import { unavailable, type Estimate } from '../core/estimate.ts';
import type { MetricRow } from '../core/ports/metric.ts';
import type { Task } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import type { Scored } from '../core/score.ts';
import type { ExplainedOutcome } from './score-response.ts';

const rowOf = (
  { id: sampleId, category, cluster }: Sample,
  { score, measures }: Pick<Scored, 'score' | 'measures'>,
): MetricRow => ({ sampleId, epoch: 0, category, cluster, score, measures });

/** What is added up of one response. */
export interface TalliedResponse {
  /** Null when unscored. */
  readonly score: number | null;
  /** Null for none. */
  readonly measures: Scored['measures'] | null;
  /** Primary failure code; null for a right answer. */
  readonly code: string | null;
  readonly isTruncated: boolean;
}

/** What counts of an outcome. */
export const tallied = ({ outcome, code }: ExplainedOutcome, isTruncated: boolean): TalliedResponse =>
  outcome.kind === 'scored'
    ? { score: outcome.score, measures: outcome.measures, code, isTruncated }
    : { score: null, measures: null, code, isTruncated };

function hasMeasures(measures: Scored['measures']): boolean {
  for (const _ in measures) return true;
  return false;
}

/**
 * Adds scored responses up to metrics in memory that does not grow with their number: equal rows of a sample are one object, and a million
 * of them are a million references.
 */
export class ResponseTally {
  readonly #rows: MetricRow[] = [];
  readonly #interned = new Map<string, MetricRow>();
  /** Rows without further measures by sample and score: most, and found without building a key. */
  readonly #plain = new Map<Sample, Map<number, MetricRow>>();
  readonly #byCode: Record<string, number> = {};
  planned = 0;
  truncated = 0;

  add(sample: Sample, { score, measures, code, isTruncated }: TalliedResponse): void {
    this.planned += 1;
    if (isTruncated) this.truncated += 1;
    if (code !== null) this.#byCode[code] = (this.#byCode[code] ?? 0) + 1;
    if (score === null) return;
    const isMeasured = measures !== null && hasMeasures(measures);
    this.#rows.push(isMeasured ? this.#measuredRow(sample, { score, measures }) : this.#plainRow(sample, score));
  }

  #plainRow(sample: Sample, score: number): MetricRow {
    let rows = this.#plain.get(sample);
    if (rows === undefined) this.#plain.set(sample, (rows = new Map()));
    let row = rows.get(score);
    if (row === undefined) rows.set(score, (row = rowOf(sample, { score, measures: {} })));
    return row;
  }

  #measuredRow(sample: Sample, { score, measures }: Pick<Scored, 'score' | 'measures'>): MetricRow {
    const key = `${sample.id}\u0000${score}\u0000${JSON.stringify(measures)}`;
    let row = this.#interned.get(key);
    if (row === undefined) this.#interned.set(key, (row = rowOf(sample, { score, measures })));
    return row;
  }

  /** The task's metrics; none where too few responses are scored. */
  metrics(task: Task): Record<string, Estimate> {
    const shortfall = coverageShortfall(this.#rows.length, this.planned);
    if (shortfall !== null) return Object.fromEntries(task.metrics.map(({ id }) => [id, unavailable(shortfall)]));
    return Object.fromEntries(task.metrics.map((metric) => [metric.id, metric.estimate(this.#rows)]));
  }

  get counts() {
    const scored = this.#rows.length;
    const byCode = Object.fromEntries(
      Object.entries(this.#byCode).toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)),
    );
    return { planned: this.planned, scored, unscored: this.planned - scored, truncated: this.truncated, byCode };
  }
}
