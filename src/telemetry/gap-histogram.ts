/** Bins of one tick or of a whole run: count by bin number. */
export type GapBins = Readonly<Record<string, number>>;

/** Neighbouring bin borders are this factor apart, so a value is known to half a percent. */
const ratio = 1.01;
const logRatio = Math.log(ratio);
/** Gaps below a microsecond are one bin: clocks tell no shorter ones apart. */
const leastMs = 0.001;

const binOf = (ms: number): number => Math.round(Math.log(Math.max(ms, leastMs) / leastMs) / logRatio);

/** Counts gaps in milliseconds by bins whose borders are 1 % apart. */
export class GapHistogram {
  #bins = new Map<number, number>();

  add(ms: number): void {
    const bin = binOf(ms);
    this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + 1);
  }

  /** The counts since the last call, and begins anew. */
  take(): GapBins {
    const bins = Object.fromEntries(this.#bins);
    this.#bins = new Map();
    return bins;
  }
}

/** Adds bins up. */
export class GapTotals {
  readonly #counts = new Map<number, number>();
  #total = 0;

  add(bins: GapBins): void {
    for (const [bin, count] of Object.entries(bins)) {
      this.#counts.set(Number(bin), (this.#counts.get(Number(bin)) ?? 0) + count);
      this.#total += count;
    }
  }

  get total(): number {
    return this.#total;
  }

  /** Milliseconds below which the share lies, to half a percent; null without gaps. */
  quantile(share: number): number | null {
    const rank = Math.max(1, Math.ceil(share * this.#total));
    let seen = 0;
    for (const [bin, count] of [...this.#counts].toSorted(([a], [b]) => a - b)) {
      seen += count;
      if (seen >= rank) return leastMs * ratio ** bin;
    }
    return null;
  }
}
