import { describe, expect, it } from 'vitest';
import { clustersOf, pairSamples, rangeOf } from './pair-samples.ts';
import type { SampleScore } from './task-scores.ts';

const scored = (score: number, cluster: string | null = null): SampleScore => ({
  score,
  category: null,
  cluster,
  code: null,
  right: score,
  epochs: 1,
});

describe('pairSamples', () => {
  it('takes the samples that both have, by id, and counts the others', () => {
    const a = new Map([
      ['c', scored(1)],
      ['a', scored(0)],
      ['x', scored(1)],
    ]);
    const b = new Map([
      ['a', scored(1)],
      ['y', scored(1)],
      ['z', scored(1)],
      ['c', scored(0)],
    ]);
    const { both, unpaired } = pairSamples(a, b);
    expect(both.map(({ sampleId, a: one, b: other }) => [sampleId, one.score, other.score])).toEqual([
      ['a', 0, 1],
      ['c', 1, 0],
    ]);
    expect(unpaired).toEqual({ a: 1, b: 2 });
  });
});

describe('clustersOf', () => {
  const pair = (sampleId: string, cluster: string | null) => ({
    sampleId,
    a: scored(1, cluster),
    b: scored(1, cluster),
  });

  it('is nothing where every sample stands alone', () => {
    expect(clustersOf([pair('a', null), pair('b', null)])).toEqual({});
  });

  it('keeps a sample that stands alone apart from clusters of the same name', () => {
    expect(clustersOf([pair('a', 'a'), pair('b', 'a'), pair('c', null)])).toEqual({
      clusters: ['cluster a', 'cluster a', 'sample c'],
    });
  });
});

it('knows the range of a rating and of a share', () => {
  expect([rangeOf('rating'), rangeOf('accuracy'), rangeOf(undefined)]).toEqual([
    [1, 10],
    [0, 1],
    [0, 1],
  ]);
});
