import { expect, it } from 'vitest';
import { unknownUsage, type GenerationDelta } from '../core/generation.ts';
import { collectGeneration } from './collect-generation.ts';

const clock = { now: () => '2026-11-01T00:00:00.000Z', nowMs: () => 1000, sleep: () => Promise.resolve() };

async function* stream(sentAtMs: number | null): AsyncGenerator<GenerationDelta> {
  yield { kind: 'content', text: 'six', atMs: 1250 };
  yield { kind: 'content', text: ' seven', atMs: 1290 };
  const sent = sentAtMs === null ? {} : { sentAtMs };
  yield { kind: 'finish', reason: 'stop', rawReason: 'stop', usage: unknownUsage, ...sent, atMs: 1300 };
}

it('counts from the call where the engine does not say when the request went out', async () => {
  const { timings } = await collectGeneration(stream(null), clock);
  expect(timings).toMatchObject({ timeToFirstTokenMs: 250, latencyMs: 300, meanGapMs: 40, maxGapMs: 40, chunks: 2 });
});

it('leaves the wait for a connection out of the latencies of the server', async () => {
  const { timings } = await collectGeneration(stream(1050), clock);
  expect(timings).toMatchObject({ timeToFirstChunkMs: 200, timeToFirstTokenMs: 200, latencyMs: 250, meanGapMs: 40 });
});
