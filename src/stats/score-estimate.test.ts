import { describe, expect, it } from 'vitest';
import { meanEstimate } from './mean-estimate.ts';
import { proportionEstimate } from './proportion-estimate.ts';
import { scoreEstimate } from './score-estimate.ts';

describe('scoreEstimate', () => {
  it('is a proportion where all scores are 0 or 1', () => {
    expect(scoreEstimate([1, 0, 1, 1], { level: 0.9 })).toEqual(proportionEstimate(3, 4, { level: 0.9 }));
    const clusters = [
      { sum: 1, n: 2 },
      { sum: 2, n: 2 },
    ];
    expect(scoreEstimate([1, 0, 1, 1], { clusters: ['a', 'a', 'b', 'b'] })).toEqual(
      proportionEstimate(3, 4, { clusters }),
    );
    expect(scoreEstimate([])).toEqual({ unavailable: 'no samples were scored' });
  });

  it('is a mean inside [0,1] otherwise', () => {
    expect(scoreEstimate([1, 0.5, 0.25], { level: 0.9 })).toEqual(
      meanEstimate([1, 0.5, 0.25], { level: 0.9, range: [0, 1] }),
    );
    expect(() => scoreEstimate([1, 2])).toThrow('outside [0, 1]');
  });
});
