import { type Estimate, isEstimated } from '../core/estimate.ts';
import { defineMetric, type Metric, type MetricRow } from '../core/ports/metric.ts';
import { measureMean } from './support/measure-mean.ts';
import { estimateMean } from './support/estimate-mean.ts';

const should = (row: MetricRow): boolean => row.measures['should_call'] === 1;
const did = (row: MetricRow): boolean => row.measures['did_call'] === 1;

/**
 * F1 of the decision to call a tool. F1 = 2q/(1+q) with q = both / either, the share of samples with a call both due and made among those
 * with a call due or made; q is a proportion, and its interval is carried through this increasing function.
 */
function triggerF1(rows: readonly MetricRow[]): Estimate {
  const shared = estimateMean(rows, (row) => (should(row) || did(row) ? Number(should(row) && did(row)) : null));
  if (!isEstimated(shared)) return shared;
  const f1 = (q: number): number => (2 * q) / (1 + q);
  return {
    ...shared,
    value: f1(shared.value),
    low: f1(shared.low),
    high: f1(shared.high),
    method: `${shared.method}-f1`,
  };
}

/** Precision, recall and F1 of the decision to call a tool, from the measures `should_call` and `did_call`. */
export const triggerScores: readonly Metric[] = [
  measureMean({ id: 'trigger_precision', title: 'calls made where one was due', measure: 'should_call', where: did }),
  measureMean({ id: 'trigger_recall', title: 'due calls that were made', measure: 'did_call', where: should }),
  defineMetric({
    id: 'trigger_f1',
    title: 'F1 of the decision to call',
    higherIsBetter: true,
    range: [0, 1],
    estimate: triggerF1,
  }),
];
