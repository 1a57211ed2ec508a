import type { Metric } from '../../core/ports/metric.ts';
import accuracy from '../accuracy.ts';
import { passAtK } from '../pass-at-k.ts';

/** The metrics of code tasks: accuracy is pass@1 over all attempts; the others need as many epochs as they name. */
export const codeMetrics: readonly [Metric, ...Metric[]] = [accuracy, ...[1, 5, 10].map(passAtK)];
