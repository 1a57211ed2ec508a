import { expect, it } from 'vitest';
import { Departures } from './departures.ts';

it('sends at once while few requests are in flight, and together while many are', async () => {
  const departures = new Departures();
  const sent: string[] = [];
  departures.leave(() => sent.push('alone'), 31);
  expect(sent).toEqual(['alone']);
  departures.leave(() => sent.push('first'), 32);
  departures.leave(() => sent.push('second'), 33);
  expect(sent).toEqual(['alone']);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(sent).toEqual(['alone', 'first', 'second']);
  departures.leave(() => sent.push('third'), 40);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(sent.at(-1)).toBe('third');
});

it('sends at most eight together, and leaves none behind', async () => {
  const departures = new Departures();
  const sent: number[] = [];
  for (let index = 0; index < 40; index++) departures.leave(() => sent.push(index), 32 + index);
  const seen = new Set<number>();
  while (sent.length < 40) {
    seen.add(sent.length);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect([...seen]).toEqual([0, 8, 16, 24, 32]);
  expect(sent).toEqual(Array.from({ length: 40 }, (_, index) => index));
});
