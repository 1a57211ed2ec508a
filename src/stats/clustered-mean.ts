/** What one cluster contributes: the sum of its values and how many there are. */
export interface ClusterTotal {
  readonly sum: number;
  readonly n: number;
  /** How many such clusters this one stands for, default 1. */
  readonly weight?: number;
}

/** Small-sample correction of a clustered variance: CR1 multiplies by G/(G−1), CR2 divides each cluster by 1 − n_g/N (Bell and McCaffrey 2002). */
export type ClusterCorrection = 'CR1' | 'CR2';

/** A mean over clusters with its standard error. */
export interface ClusteredMean {
  readonly mean: number;
  /** Of the mean; 0 when the clusters agree exactly. */
  readonly standardError: number;
  /** Number of clusters. */
  readonly clusters: number;
  /** Number of values. */
  readonly n: number;
}

/** Mean of all values and its cluster-robust standard error (Miller 2024, arXiv:2411.00640, with a small-sample correction); needs two clusters or more. */
export function clusteredMean(clusters: readonly ClusterTotal[], correction: ClusterCorrection = 'CR2'): ClusteredMean {
  if (clusters.length < 2) throw new RangeError(`clusteredMean needs two clusters or more, got ${clusters.length}`);
  let n = 0;
  let sum = 0;
  for (const { weight = 1, ...cluster } of clusters) {
    n += weight * cluster.n;
    sum += weight * cluster.sum;
  }
  const mean = sum / n;
  let squares = 0;
  for (const { weight = 1, ...cluster } of clusters) {
    const residual = cluster.sum - mean * cluster.n;
    squares += (weight * residual * residual) / (correction === 'CR2' ? 1 - cluster.n / n : 1);
  }
  if (correction === 'CR1') squares *= clusters.length / (clusters.length - 1);
  return { mean, standardError: Math.sqrt(squares) / n, clusters: clusters.length, n };
}

/** Sums values by cluster label, in order of first appearance; without labels each value is its own cluster. */
export function clusterTotals(values: readonly number[], labels?: readonly string[]): readonly ClusterTotal[] {
  for (const value of values)
    if (!Number.isFinite(value)) throw new RangeError(`statistics need finite values, got ${value}`);
  if (labels === undefined) return values.map((sum) => ({ sum, n: 1 }));
  if (labels.length !== values.length)
    throw new RangeError(`${values.length} values need as many cluster labels, got ${labels.length}`);
  const totals = new Map<string, { sum: number; n: number }>();
  for (const [index, label] of labels.entries()) {
    const total = totals.get(label) ?? { sum: 0, n: 0 };
    total.sum += values[index] as number;
    total.n += 1;
    totals.set(label, total);
  }
  return [...totals.values()];
}
