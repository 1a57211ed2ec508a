import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { countCores, parseCpuQuota } from './count-cores.ts';

describe('parseCpuQuota', () => {
  it.each([
    ['max 100000\n', null],
    ['200000 100000\n', 2],
    ['150000 100000', 1],
    ['50000 100000', 1],
    ['', null],
    ['0 100000', null],
    ['nonsense', null],
  ])('%j allows %s', (text, expected) => {
    expect(parseCpuQuota(text)).toBe(expected);
  });
});

describe('countCores', () => {
  it('gives at least one core and no more than the machine has', () => {
    expect(countCores()).toBeGreaterThanOrEqual(1);
    expect(countCores()).toBeLessThanOrEqual(availableParallelism());
  });
});
