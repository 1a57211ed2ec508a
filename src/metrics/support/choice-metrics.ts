import type { Metric } from '../../core/ports/metric.ts';
import accuracy from '../accuracy.ts';
import { measureMean } from './measure-mean.ts';

/** The metrics of multiple-choice tasks; those of the log-probabilities are unavailable where answers are read as text. */
export const choiceMetrics: readonly [Metric, ...Metric[]] = [
  accuracy,
  measureMean({ id: 'acc', title: 'accuracy by summed log-probability', measure: 'acc' }),
  measureMean({ id: 'acc_norm', title: 'accuracy by log-probability a character', measure: 'acc_norm' }),
  measureMean({ id: 'near_tie', title: 'near ties between options', measure: 'near_tie', higherIsBetter: false }),
];
