import { describe, expect, it } from 'vitest';
import { seededRng } from '../../stats/rng.ts';
import { affordableSamples, isSearchSpent, nothingSpent } from './budget.ts';
import { balancedOrder, cutPools, roundSizes } from './sample-pools.ts';

const sample = (id: number, category: string | null, cluster: string | null = null) => ({
  id: String(id),
  category,
  cluster,
  input: null,
  target: null,
});

describe('balancedOrder', () => {
  const samples = Array.from({ length: 30 }, (_, index) => sample(index, index < 20 ? 'a' : 'b'));

  it('is balanced from its beginning, random within a category, and complete', () => {
    const order = balancedOrder(samples, seededRng(1)).flat();
    expect(order.toSorted()).toEqual(samples.map(({ id }) => id).toSorted());
    expect(order.slice(0, 10).filter((id) => Number(id) < 20)).toHaveLength(5);
    expect(balancedOrder(samples, seededRng(1)).flat()).toEqual(order);
    expect(balancedOrder(samples, seededRng(2)).flat()).not.toEqual(order);
  });

  it('keeps samples of one source together', () => {
    const clustered = [sample(1, null, 'x'), sample(2, null), sample(3, null, 'x')];
    expect(balancedOrder(clustered, seededRng(1))).toContainEqual(['1', '3']);
  });
});

describe('cutPools', () => {
  const order = Array.from({ length: 50 }, (_, index) => [`${index}a`, `${index}b`]);

  it('shares no source between the pools', () => {
    const { search, confirm } = cutPools(order, { search: 21, confirm: 40 });
    expect([search.length, confirm.length]).toEqual([22, 40]);
    expect(search.filter((id) => confirm.includes(id))).toEqual([]);
    expect(search.slice(0, 2)).toEqual(['0a', '0b']);
  });

  it('searches on a third where samples are few', () => {
    const { search, confirm } = cutPools(order, { search: 64, confirm: 200 });
    expect([search.length, confirm.length]).toEqual([34, 66]);
  });
});

describe('roundSizes', () => {
  it.each([
    [64, 16, [8, 16, 32, 64]],
    [64, 4, [32, 64]],
    [32, 8, [8, 16, 32]],
    [10, 16, [5, 10]],
    [3, 16, [3]],
    [8, 2, [8]],
  ])('cuts %i samples for %i candidates into %j', (samples, candidates, sizes) => {
    expect(roundSizes(samples, candidates)).toEqual(sizes);
  });
});

describe('budget', () => {
  const spent = { evaluations: 4, samples: 100, seconds: 50, outputTokens: 10_000 };

  it('leaves the search its part', () => {
    expect(isSearchSpent({ seconds: null, outputTokens: null }, spent)).toBe(false);
    expect(isSearchSpent({ seconds: 100, outputTokens: null }, spent)).toBe(false);
    expect(isSearchSpent({ seconds: 83, outputTokens: null }, spent)).toBe(true);
    expect(isSearchSpent({ seconds: null, outputTokens: 16_000 }, spent)).toBe(true);
  });

  it('confirms on what is left of it', () => {
    expect(affordableSamples(200, { seconds: null, outputTokens: null }, spent)).toBe(200);
    // 100 tokens a sample, two ways of asking: 20 000 − 10 000 left are 50 samples.
    expect(affordableSamples(200, { seconds: null, outputTokens: 20_000 }, spent)).toBe(50);
    expect(affordableSamples(200, { seconds: 60, outputTokens: 20_000 }, spent)).toBe(10);
    expect(affordableSamples(200, { seconds: 40, outputTokens: null }, spent)).toBe(0);
    expect(affordableSamples(200, { seconds: 1, outputTokens: 1 }, nothingSpent)).toBe(200);
  });
});
