import { expect, it } from 'vitest';
import { compareVersions, isAtLeast } from './compare-versions.ts';

it.each([
  ['0.10.2', '0.9.2', 1],
  ['0.8.5.post1', '0.8.5', 0],
  ['0.11.0rc2.dev3+gabc', '0.11.0', 0],
  ['v0.6.3', '0.6.3', 0],
  ['b6325', '11434', -1],
  ['0.4.6.post1', '0.5', -1],
])('orders %s and %s', (first, second, sign) => {
  expect(Math.sign(compareVersions(first, second) ?? Number.NaN)).toBe(sign);
});

it('orders no build from source, and takes it for the newest', () => {
  expect(compareVersions('0.1.dev1+g4fdd6f5', '0.10.2')).toBeNull();
  expect(compareVersions('nightly', '0.10.2')).toBeNull();
  expect(isAtLeast('0.1.dev1+g4fdd6f5', '0.10.2')).toBe(true);
  expect(isAtLeast(null, '0.10.2')).toBe(true);
  expect(isAtLeast('0.10.1', '0.10.2')).toBe(false);
});
