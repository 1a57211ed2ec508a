import { expect, it } from 'vitest';
import { noiseFloorEstimate } from '../../stats/noise-floor.ts';
import { noiseFloor } from './noise-floor.ts';

const scores = (right: Readonly<Record<string, number>>, epochs: number) =>
  new Map(
    Object.entries(right).map(([id, count]) => [
      id,
      { score: count / epochs, category: null, cluster: null, code: null, right: count, epochs },
    ]),
  );

it('adds the repeats of a sample over epochs and runs', () => {
  const repeated = [scores({ a: 1, b: 2 }, 2), scores({ a: 1, c: 0 }, 1)];
  expect(noiseFloor(repeated)).toEqual(
    noiseFloorEstimate([
      { right: 2, repeats: 3 },
      { right: 2, repeats: 2 },
      { right: 0, repeats: 1 },
    ]),
  );
});

it('is not known where nothing was scored', () => {
  expect(noiseFloor([])).toEqual({ unavailable: 'no sample was scored' });
  expect(noiseFloor([new Map()])).toEqual({ unavailable: 'no sample was scored' });
});
