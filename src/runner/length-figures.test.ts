import { describe, expect, it } from 'vitest';
import type { SampleRecord } from '../core/sample-record.ts';
import { LengthTally } from './length-figures.ts';

const record = (length: number | null, score: number | null, speed: { firstMs: number; rate: number }): SampleRecord =>
  ({
    task: 'ruler_qa',
    score,
    measures: { length },
    usage: { promptTokens: (length ?? 0) + 3, completionTokens: 11, reasoningTokens: null, cachedPromptTokens: null },
    timings: { timeToFirstTokenMs: speed.firstMs, latencyMs: speed.firstMs + 10_000 / speed.rate },
  }) as unknown as SampleRecord;

describe('LengthTally', () => {
  it('gives prompt tokens, time to the first token and speed a length, shortest first', () => {
    const tally = new LengthTally();
    const records = [
      record(2048, 0, { firstMs: 300, rate: 20 }),
      record(1024, 1, { firstMs: 90, rate: 50 }),
      record(1024, 0, { firstMs: 110, rate: 30 }),
      record(2048, 1, { firstMs: 340, rate: 24 }),
      record(null, 1, { firstMs: 1, rate: 1 }),
      record(1024, null, { firstMs: 1, rate: 1 }),
    ];
    for (const one of records) tally.add(one);
    const [short, long] = tally.figures();
    expect(short).toMatchObject({
      task: 'ruler_qa',
      length: 1024,
      timeToFirstTokenMs: { value: 100, n: 2 },
      outputTokensPerSecond: { value: expect.closeTo(40, 9), n: 2 },
    });
    expect(long).toMatchObject({ length: 2048, timeToFirstTokenMs: { value: 320 } });
    const turned = new LengthTally();
    for (const one of records.toReversed()) turned.add(one);
    expect(turned.figures()).toEqual(tally.figures());
  });

  it('has nothing to say of tasks without lengths', () => {
    const tally = new LengthTally();
    tally.add(record(null, 1, { firstMs: 1, rate: 1 }));
    expect(tally.figures()).toEqual([]);
  });
});
