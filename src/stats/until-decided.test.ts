import { describe, expect, it } from 'vitest';
import { anytimeInterval } from './anytime-interval.ts';
import { seededRng } from './rng.ts';
import { untilDecided } from './until-decided.ts';

const times = (count: number, value: number) => Array.from({ length: count }, () => value);

describe('untilDecided', () => {
  it('decides for the side that the confidence sequence leaves', () => {
    const differences = [...times(30, 1), ...times(2, -1), ...times(68, 0)];
    const { verdict, difference } = untilDecided(differences);
    expect(verdict).toBe('a');
    expect(difference).toEqual({
      value: 0.28,
      ...anytimeInterval(differences),
      level: 0.95,
      method: 'anytime-betting',
      n: 100,
    });
    expect(untilDecided(differences.map((value) => -value)).verdict).toBe('b');
  });

  it('waits while nothing is certain, and calls a tie where the 90 % sequence lies within ±delta', () => {
    expect(untilDecided([]).difference).toEqual({ unavailable: 'no sample was scored in both' });
    expect(untilDecided([1, 0, 1]).verdict).toBe('undecided');
    expect(untilDecided(times(100, 0)).verdict).toBe('undecided');
    expect(untilDecided(times(400, 0)).verdict).toBe('tied');
    expect(untilDecided(times(100, 0), { delta: 0.1 }).verdict).toBe('tied');
  });

  it('asks for more evidence when more tasks are compared', () => {
    const differences = [...times(12, 1), ...times(88, 0)];
    expect(untilDecided(differences).verdict).toBe('a');
    const shared = untilDecided(differences, { tasks: 50 });
    expect(shared.verdict).toBe('undecided');
    expect(shared.difference).toMatchObject({ level: expect.closeTo(0.999, 12) });
    expect(() => untilDecided([1], { tasks: 0 })).toThrow('got 0');
  });

  it('works in the unit of the score', () => {
    const small = [...times(30, 0.5), ...times(70, 0)];
    const inNinths = untilDecided(
      small.map((value) => value * 9),
      { range: [1, 10] },
    );
    const { difference } = untilDecided(small);
    if ('unavailable' in difference || 'unavailable' in inNinths.difference) throw new Error('unavailable');
    expect(inNinths.difference.low).toBeCloseTo(9 * difference.low, 10);
    expect(inNinths.difference.value).toBeCloseTo(9 * difference.value, 10);
  });

  it('seldom decides wrongly, however often it is asked', () => {
    const rng = seededRng('until-decided');
    const runs = 300;
    let wrong = 0;
    for (let run = 0; run < runs; run++) {
      const differences: number[] = [];
      let verdict = 'undecided';
      while (verdict === 'undecided' && differences.length < 500) {
        for (let index = 0; index < 20; index++) {
          const draw = rng.uniform();
          differences.push(draw < 0.15 ? 1 : draw < 0.3 ? -1 : 0);
        }
        ({ verdict } = untilDecided(differences));
      }
      if (verdict === 'a' || verdict === 'b') wrong += 1;
    }
    // Five standard deviations above 5 % of 300 runs.
    expect(wrong).toBeLessThanOrEqual(15 + 5 * Math.sqrt(300 * 0.05 * 0.95));
  });
});
