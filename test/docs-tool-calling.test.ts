import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isEstimated } from '../src/core/estimate.ts';
import type { MetricRow } from '../src/core/ports/metric.ts';
import { macroMean } from '../src/metrics/macro-accuracy.ts';
import { triggerScores } from '../src/metrics/trigger-scores.ts';
import { loadTask } from '../src/runner/load-plugin.ts';
import { suites } from '../src/runner/suites.ts';
import { proportionEstimate } from '../src/stats/proportion-estimate.ts';
import { bfclFaults } from '../src/tasks/support/bfcl/bfcl-faults.ts';

const text = readFileSync(new URL('../docs/tool-calling.md', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');

const rows = (category: string, n: number, of: (index: number) => Partial<MetricRow>): MetricRow[] =>
  Array.from({ length: n }, (_, index) => ({
    sampleId: `${category}/${index}`,
    epoch: 0,
    category,
    cluster: null,
    score: 0,
    measures: {},
    ...of(index),
  }));

describe('docs/tool-calling.md', () => {
  it('states the sizes of the generated tasks and what they tell', async () => {
    for (const { task: id } of (suites['agents'] ?? []).filter(({ task }) => task.startsWith('agent_'))) {
      const { defaults, metrics } = await loadTask(id);
      expect([id, defaults.size]).toEqual([id, 200]);
      expect(metrics.map((metric) => metric.id)).toEqual(expect.arrayContaining(['pass^2', 'pass^4', 'flip_rate']));
    }
    expect(text).toContain('200 by default, 50 for a quick look (`--limit 50`), 1,000 in full (`--limit 1000`)');
    const margins = [50, 200, 1000].map((n) => {
      const estimate = proportionEstimate(0.8 * n, n);
      return isEstimated(estimate) ? Math.round(100 * (estimate.high - estimate.low)) / 2 : null;
    });
    expect(margins).toEqual([11, 5.5, 2.5]);
    expect(text).toContain('±11, ±5.5 and ±2.5 points');
  });

  it('computes the mean of families as its example says', () => {
    const estimate = macroMean([
      ...rows('a', 100, (index) => ({ score: index < 90 ? 1 : 0 })),
      ...rows('b', 10, (index) => ({ score: index < 5 ? 1 : 0 })),
    ]);
    if (!isEstimated(estimate)) throw new Error(estimate.unavailable);
    const [value, low, high] = [estimate.value, estimate.low, estimate.high].map((item) =>
      String(Number(item.toFixed(4))),
    );
    expect(text).toContain(`90 of 100 and 5 of 10 right: m = ${value}, interval [${low}, ${high}].`);
  });

  it('computes F1 as its example says', () => {
    const decisions = [
      ...rows('both', 6, () => ({ measures: { should_call: 1, did_call: 1 } })),
      ...rows('missed', 2, () => ({ measures: { should_call: 1, did_call: 0 } })),
      ...rows('extra', 4, () => ({ measures: { should_call: 0, did_call: 1 } })),
    ];
    const estimate = triggerScores.at(-1)?.estimate(decisions);
    if (estimate === undefined || !isEstimated(estimate)) throw new Error('no estimate');
    expect(text).toContain(`q = 6/12, F1 = ${estimate.value.toFixed(4)}.`);
  });

  it('counts the samples that are left out', () => {
    expect(Object.keys(bfclFaults)).toHaveLength(8);
    expect(text).toContain('Eight samples are left out');
  });
});
