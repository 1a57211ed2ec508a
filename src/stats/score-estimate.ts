import type { Estimate } from '../core/estimate.ts';
import { clusterTotals } from './clustered-mean.ts';
import { meanEstimate } from './mean-estimate.ts';
import { proportionEstimate } from './proportion-estimate.ts';

export interface ScoreOptions {
  /** One label a score; scores with the same label share a source. */
  readonly clusters?: readonly string[];
  /** Confidence level in (0,1), default 0.95. */
  readonly level?: number;
}

/** Estimate of the mean of scores in [0,1]: a proportion where all scores are 0 or 1, else a mean. */
export function scoreEstimate(scores: readonly number[], options: ScoreOptions = {}): Estimate {
  if (!scores.every((score) => score === 0 || score === 1)) return meanEstimate(scores, { ...options, range: [0, 1] });
  const { clusters, level = 0.95 } = options;
  const successes = scores.reduce<number>((sum, score) => sum + score, 0);
  if (clusters === undefined) return proportionEstimate(successes, scores.length, { level });
  return proportionEstimate(successes, scores.length, { level, clusters: clusterTotals(scores, clusters) });
}
