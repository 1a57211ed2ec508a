import { describe, expect, it } from 'vitest';
import { formatCount } from './format-count.ts';
import { formatDuration } from './format-duration.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [89.4, '89 s'],
    [90, '2 min'],
    [3569, '59 min'],
    [3599, '1 h'],
    [12_000, '3 h 20 min'],
    [86_400, '1 d'],
    [187_200, '2 d 4 h'],
    [86_399, '1 d'],
  ])('%d s is %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('formatCount', () => {
  it.each([
    [0, '0'],
    [950, '950'],
    [999.6, '1 k'],
    [12_345, '12.3 k'],
    [999_600, '1 M'],
    [4_560_000, '4.56 M'],
    [1.2e9, '1.2 G'],
  ])('%d is %s', (count, text) => {
    expect(formatCount(count)).toBe(text);
  });
});
