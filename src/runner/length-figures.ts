import { isEstimated, type Estimate } from '../core/estimate.ts';
import type { LengthFigures } from '../core/result-document.ts';
import type { SampleRecord } from '../core/sample-record.ts';
import { meanEstimate } from '../stats/mean-estimate.ts';

interface Group {
  readonly task: string;
  readonly length: number;
  readonly promptTokens: number[];
  readonly firstTokenMs: number[];
  readonly tokensPerSecond: number[];
}

/** Output tokens a second after the first one; null for answers too short to tell. */
function decodeRate({ usage, timings }: SampleRecord): number | null {
  const { completionTokens } = usage;
  const { timeToFirstTokenMs, latencyMs } = timings;
  if (completionTokens === null || completionTokens < 2 || timeToFirstTokenMs === null || latencyMs === null)
    return null;
  const decodeMs = latencyMs - timeToFirstTokenMs;
  return decodeMs > 0 ? ((completionTokens - 1) * 1000) / decodeMs : null;
}

/** Speed by planned prompt length, for tasks whose samples have one. */
export class LengthTally {
  readonly #groups = new Map<string, Group>();

  add(record: SampleRecord): void {
    const length = record.measures['length'] ?? null;
    if (length === null || record.score === null) return;
    const { task } = record;
    const key = `${task} ${length}`;
    const group = this.#groups.get(key) ?? { task, length, promptTokens: [], firstTokenMs: [], tokensPerSecond: [] };
    this.#groups.set(key, group);
    const { promptTokens } = record.usage;
    if (promptTokens !== null) group.promptTokens.push(promptTokens);
    const { timeToFirstTokenMs } = record.timings;
    if (timeToFirstTokenMs !== null) group.firstTokenMs.push(timeToFirstTokenMs);
    const rate = decodeRate(record);
    if (rate !== null) group.tokensPerSecond.push(rate);
  }

  /** One row a length, shortest first. */
  figures(): readonly LengthFigures[] {
    // The order of the journal is that in which answers came: sums over sorted values are the same whatever it was.
    const mean = (values: readonly number[]): Estimate => {
      const estimate = meanEstimate(values.toSorted((a, b) => a - b));
      // None of these figures can be below 0.
      return isEstimated(estimate) ? { ...estimate, low: Math.max(0, estimate.low) } : estimate;
    };
    return [...this.#groups.values()]
      .toSorted((a, b) => (a.task === b.task ? a.length - b.length : a.task < b.task ? -1 : 1))
      .map((group) => ({
        task: group.task,
        length: group.length,
        promptTokens: mean(group.promptTokens),
        timeToFirstTokenMs: mean(group.firstTokenMs),
        outputTokensPerSecond: mean(group.tokensPerSecond),
      }));
  }
}
