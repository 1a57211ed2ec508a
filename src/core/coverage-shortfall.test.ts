import { expect, it } from 'vitest';
import { coverageShortfall } from './coverage-shortfall.ts';

it('says what is missing below 98 %', () => {
  expect(coverageShortfall(0, 0)).toBeNull();
  expect(coverageShortfall(98, 100)).toBeNull();
  expect(coverageShortfall(97, 100)).toBe('only 97.0 % of the samples are scored, and a score needs 98 %');
  expect(coverageShortfall(0, 3)).toBe('only 0.0 % of the samples are scored, and a score needs 98 %');
});
