import { describe, expect, it } from 'vitest';
import { formatCount } from './format-count.ts';
import { formatBytes } from './format-bytes.ts';
import { formatDifference } from './format-difference.ts';
import { formatDuration } from './format-duration.ts';
import { formatBound, formatEstimate, formatMargin, formatPercent } from './format-estimate.ts';
import { formatTable } from './text-table.ts';
import { wordsOf } from './text-units.ts';

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

const estimated = (value: number, low: number, high: number) => ({
  value,
  low,
  high,
  level: 0.95,
  method: 'wilson',
  n: 100,
});
const missing = { unavailable: 'no samples' };

describe('formatBytes', () => {
  it.each([
    [0, '0.0 MiB'],
    [5 * 2 ** 20, '5.0 MiB'],
    [-(2 ** 20), '-1.0 MiB'],
    [2 ** 30, '1.00 GiB'],
    [0.2 * 2 ** 30, '0.20 GiB'],
  ])('%d is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('formatEstimate', () => {
  it.each([
    ['accuracy', estimated(0.834, 0.812, 0.855), '83.4 % [81.2, 85.5]'],
    ['accuracy', estimated(0.5, 0.2, 0.8), '50 % [20, 80]'],
    ['accuracy', estimated(1, 1, 1), '100.0 % [100.0, 100.0]'],
    ['accuracy', estimated(0.5, 0.49999, 0.50001), '50.00 % [50.00, 50.00]'],
    ['accuracy', missing, '–'],
    ['rating', estimated(7.85, 7.4, 8.3), '7.85 [7.40, 8.30]'],
    ['rating_second_turn', estimated(7, 5, 9), '7.0 [5.0, 9.0]'],
    ['ratings', estimated(0.5, 0.3, 0.7), '50 % [30, 70]'],
    ['rating', estimated(7, 7, 7), '7.0 [7.0, 7.0]'],
    ['rating', missing, '–'],
    ['calls', estimated(12.3, 11, 13.6), '12.3 [11.0, 13.6]'],
    ['tokens_per_right', estimated(210, 180, 240), '210 [180, 240]'],
  ])('%s %j is %s', (metric, estimate, text) => {
    expect(formatEstimate(metric, estimate)).toBe(text);
  });
});

describe('formatBound', () => {
  it('has the unit of its metric', () => {
    expect([formatBound('rating', 7.25), formatBound('accuracy', 0.84)]).toEqual(['7.3', '84.0 %']);
  });
});

describe('formatMargin', () => {
  it.each([
    ['accuracy', estimated(0.84, 0.8, 0.88), '84 ± 4'],
    ['accuracy', estimated(0.84, 0.835, 0.845), '84.0 ± 0.5'],
    ['rating', estimated(7.5, 7, 8), '7.50 ± 0.50'],
    ['rating', estimated(7.5, 7.5, 7.5), '7.5 ± 0.0'],
  ])('%s %j is %s', (metric, estimate, text) => {
    expect(formatMargin(metric, estimate)).toBe(text);
  });
});

describe('formatPercent', () => {
  it.each([
    [0, 0, '0 %'],
    [0, 9, '0 %'],
    [31, 100, '31 %'],
    [1, 3, '33 %'],
    [1, 30, '3.3 %'],
    [3, 100, '3 %'],
    [1, 1, '100 %'],
  ])('%d of %d is %s', (part, whole, text) => {
    expect(formatPercent(part, whole)).toBe(text);
  });
});

describe('formatDifference', () => {
  it.each([
    ['accuracy', estimated(0.024, 0.003, 0.045), '+2.4 points [0.3, 4.5]'],
    ['accuracy', estimated(-0.024, -0.045, -0.003), '−2.4 points [−4.5, −0.3]'],
    ['accuracy', estimated(0, -0.01, 0.01), '0.0 points [−1.0, 1.0]'],
    ['rating', estimated(0.6, 0.1, 1.1), '+0.60 [0.10, 1.10]'],
    ['rating', missing, '–'],
  ])('%s %j is %s', (metric, estimate, text) => {
    expect(formatDifference(metric, estimate)).toBe(text);
  });
});

describe('formatTable', () => {
  it('aligns columns by characters and leaves no white space at the end', () => {
    const columns = [{ title: 'task' }, { title: 'n', align: 'right' as const }, { title: 'note' }];
    const rows = [
      ['gsm8k', '1,319', 'ok'],
      ['größe', '9', ''],
      ['short', '10'],
    ];
    expect(formatTable(columns, rows)).toBe('task       n  note\ngsm8k  1,319  ok\ngröße      9\nshort     10');
    expect(formatTable(columns, [])).toBe('task  n  note');
  });
});

describe('wordsOf', () => {
  it('takes runs of letters and digits, with apostrophes and hyphens inside', () => {
    expect(wordsOf("It's a well-known été: 3rd-rate -- 'no'")).toEqual([
      "It's",
      'a',
      'well-known',
      'été',
      '3rd-rate',
      'no',
    ]);
    expect(wordsOf('— … !')).toEqual([]);
  });
});
