import { expect, it } from 'vitest';
import { restingClock } from './resting-clock.ts';

it('answers as the clock does, and rests the longer the more often it is asked in a row', () => {
  const clock = restingClock();
  let time = 0;
  const ask = (times: number): number => {
    const start = performance.now();
    for (let index = 0; index < times; index++) expect(clock(() => ++time, [])).toBe(time);
    return performance.now() - start;
  };
  // Ten rests of one millisecond, ten of two, ten of three.
  expect(ask(20 * 30)).toBeGreaterThan(50);
  expect(time).toBe(600);
});
