import { describe, expect, it } from 'vitest';
import { noiseFloorEstimate } from './noise-floor.ts';
import { proportionEstimate } from './proportion-estimate.ts';

describe('noiseFloorEstimate', () => {
  it('is the share of samples that flip between two repeats', () => {
    const samples = [2, 2, 1, 0, 2, 0, 1, 2].map((right) => ({ right, repeats: 2 }));
    expect(noiseFloorEstimate(samples)).toEqual(proportionEstimate(2, 8));
  });

  it('counts all pairs of more repeats, clustered by sample', () => {
    // Right 2 of 4: 2·2 of 6 pairs differ; right 4 of 4: none.
    const samples = [2, 4, 4, 0].map((right) => ({ right, repeats: 4 }));
    expect(noiseFloorEstimate(samples)).toMatchObject({ value: 4 / 24, method: 'wilson-clustered', n: 4 });
  });

  it('leaves out samples without a repeat', () => {
    expect(noiseFloorEstimate([{ right: 1, repeats: 1 }])).toEqual({
      unavailable: 'no sample was repeated: run with --epochs 2 or more',
    });
  });
});
