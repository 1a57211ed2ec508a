import { unavailable } from '../core/estimate.ts';
import { defineMetric, type Metric } from '../core/ports/metric.ts';
import { estimateMean } from './support/estimate-mean.ts';

interface Wording {
  readonly title: string;
  readonly higherIsBetter: boolean;
}

const wordings: Readonly<Record<string, Wording>> = {
  acc: { title: 'Accuracy by summed log-probability', higherIsBetter: true },
  acc_norm: { title: 'Accuracy by log-probability a character', higherIsBetter: true },
  near_tie: { title: 'Share of near ties between options', higherIsBetter: false },
};

/** The mean of a named measure in [0,1] over the samples that have it (epochs of a sample first); unavailable where none has. */
export const meanMeasure = (name: string, wording?: Wording): Metric => {
  const { title, higherIsBetter } = wording ?? wordings[name] ?? { title: name, higherIsBetter: true };
  return defineMetric({
    id: name,
    title,
    higherIsBetter,
    range: [0, 1],
    estimate: (rows) =>
      rows.some(({ measures }) => typeof measures[name] === 'number')
        ? estimateMean(rows, ({ measures }) => measures[name] ?? null)
        : unavailable(`no sample has the measure ${name} in this mode`),
  });
};
