import { describe, expect, it } from 'vitest';
import { unavailable } from '../core/estimate.ts';
import { independentDifference } from './independent-difference.ts';
import { proportionEstimate } from './proportion-estimate.ts';

describe('independentDifference', () => {
  it('is Newcombe’s score interval for two proportions', () => {
    // Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10: 56/70 − 48/80 gives 0.0524 to 0.3339.
    const difference = independentDifference(proportionEstimate(56, 70), proportionEstimate(48, 80));
    expect(difference).toMatchObject({ method: 'mover', n: 70, level: 0.95 });
    if (!('value' in difference)) throw new Error('unavailable');
    expect(difference.value).toBeCloseTo(0.2, 10);
    expect(difference.low).toBeCloseTo(0.0524, 4);
    expect(difference.high).toBeCloseTo(0.3339, 4);
  });

  it('does not make up what is not known', () => {
    const known = proportionEstimate(1, 2);
    expect(independentDifference(unavailable('no a'), known)).toEqual(unavailable('no a'));
    expect(independentDifference(known, unavailable('no b'))).toEqual(unavailable('no b'));
  });
});
