import type { SampleRecord } from '../core/sample-record.ts';
import { spentTokens } from '../core/spent-tokens.ts';
import { RequestTimeline } from './request-timeline.ts';
import { quantile } from '../stats/quantile.ts';

/** Facts about a run's requests that are summed as records pass by. */
export class RunAccounting {
  readonly timeline = new RequestTimeline();
  #promptTokens: number | null = 0;
  #completionTokens: number | null = 0;
  #attempts = 0;
  #records = 0;

  add(record: SampleRecord): void {
    this.#records += 1;
    this.#attempts += record.attempts;
    const { prompt, completion } = spentTokens(record);
    this.#promptTokens = addKnown(this.#promptTokens, prompt);
    this.#completionTokens = addKnown(this.#completionTokens, completion);
    this.timeline.add(record);
  }

  get usage(): { readonly promptTokens: number | null; readonly completionTokens: number | null } {
    return {
      promptTokens: this.#records === 0 ? null : this.#promptTokens,
      completionTokens: this.#records === 0 ? null : this.#completionTokens,
    };
  }

  get attempts(): number {
    return this.#attempts;
  }

  /** Generated tokens a second of busy time; null when tokens are unknown. */
  outputTokensPerSecond(): number | null {
    const busy = this.timeline.busyMs();
    return this.usage.completionTokens === null || busy === 0 ? null : (this.usage.completionTokens * 1000) / busy;
  }

  samplesPerSecond(): number | null {
    const busy = this.timeline.busyMs();
    return busy === 0 ? null : (this.#records * 1000) / busy;
  }

  /** Quantiles of type 7; null without a streamed token. */
  timeToFirstTokenMs(): { readonly p50: number; readonly p95: number; readonly n: number } | null {
    const sorted = this.timeline.firstTokenDelaysMs.toSorted((a, b) => a - b);
    return sorted.length === 0 ? null : { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), n: sorted.length };
  }
}

/** A sum that is unknown as soon as one part is. */
const addKnown = (sum: number | null, part: number | null): number | null =>
  sum === null || part === null ? null : sum + part;
