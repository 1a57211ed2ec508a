import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordOf } from '../../test/support/timed-record.ts';
import { RequestTimeline } from './request-timeline.ts';

const startMs = Date.parse('2026-01-01T00:00:00.000Z');

const timelineAt = (offsetsMs: readonly number[], tokens: number | null = 10): RequestTimeline => {
  const timeline = new RequestTimeline();
  for (const offset of offsetsMs) timeline.add(recordOf({ startMs: startMs + offset, tokens }));
  return timeline;
};

describe('RequestTimeline', () => {
  it('counts busy time once, however many requests share it', () => {
    expect(timelineAt([0, 100, 5000]).busyMs()).toBe(1200 + 1100);
    expect(timelineAt([]).busyMs()).toBe(0);
  });

  it('has each turn of a conversation as a request, and one sample', () => {
    const record = recordOf({ startMs, tokens: 20 });
    const turn = {
      text: '',
      reasoning: null,
      toolCalls: [],
      finishReason: 'stop' as const,
      usage: { ...record.usage, completionTokens: 10 },
      timings: record.timings,
    };
    const later = { ...turn, timings: { ...turn.timings, startedAt: new Date(startMs + 2000).toISOString() } };
    const timeline = new RequestTimeline();
    timeline.add({ ...record, turns: [turn, later] });
    expect(timeline.requestCount).toBe(2);
    expect([...timeline.samples()]).toEqual([{ endMs: startMs + 3100, score: 1 }]);
    expect(timeline.busyMs()).toBe(2200);
  });

  it('takes durations without a place in time from imported runs, and none where there are none', () => {
    const record = recordOf({ startMs, tokens: 10 });
    const timeline = new RequestTimeline();
    timeline.add({ ...record, timings: { ...record.timings, startedAt: null } });
    timeline.add({
      ...record,
      timings: { ...record.timings, latencyMs: null, timeToFirstTokenMs: null, chunks: null },
    });
    expect(timeline.durationsMs).toEqual([1100]);
    expect(timeline.firstTokenDelaysMs).toEqual([100]);
    expect(timeline.streamRates).toHaveLength(1);
    expect([...timeline.requests()]).toEqual([]);
    expect(timeline.rates(10, () => ({ amount: 1, fromMs: 0 }))).toBeNull();
    expect(timeline.spread(2, [{ amount: 1, fromMs: 0, toMs: 1 }])).toEqual([0, 0]);
  });

  it('gives rates whose mean is the total over the busy time, wherever the requests lie', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 40 }),
        (offsets, parts) => {
          const timeline = timelineAt(offsets);
          const rates = timeline.rates(parts, (request) => ({
            amount: request.completionTokens,
            fromMs: request.firstTokenMs ?? request.startMs,
          }));
          const mean = (rates ?? []).reduce((sum, rate) => sum + rate, 0) / parts;
          expect(mean).toBeCloseTo((offsets.length * 10 * 1000) / timeline.busyMs(), 6);
        },
      ),
    );
  });

  it('gives no rate where an amount is not known', () => {
    const timeline = timelineAt([0], null);
    expect(timeline.rates(2, ({ completionTokens }) => ({ amount: completionTokens, fromMs: startMs }))).toBeNull();
  });
});
