import { defineMetric, type Metric, type MetricRow } from '../../core/ports/metric.ts';
import { estimateMean } from './estimate-mean.ts';

/**
 * Share of base items of which every wording is right. An item counts only where all its `variants` wordings were scored in an epoch;
 * epochs of an item are averaged first.
 */
export const robustAccuracy = (options: {
  readonly id: string;
  readonly title: string;
  readonly variants: number;
}): Metric =>
  defineMetric({
    id: options.id,
    title: options.title,
    higherIsBetter: true,
    range: [0, 1],
    parts: { unit: 'item', samples: options.variants },
    estimate(rows) {
      const items = new Map<string, MetricRow[]>();
      for (const row of rows) {
        if (row.cluster === null) continue;
        const key = `${row.cluster}\u0000${row.epoch}`;
        const item = items.get(key);
        if (item) item.push(row);
        else items.set(key, [row]);
      }
      const whole = [...items.values()].flatMap((item) => {
        const [first] = item;
        if (!first || item.length !== options.variants) return [];
        const score = item.every((row) => row.score === 1) ? 1 : 0;
        return [{ ...first, sampleId: first.cluster ?? first.sampleId, score }];
      });
      return estimateMean(whole, (row) => row.score);
    },
  });
