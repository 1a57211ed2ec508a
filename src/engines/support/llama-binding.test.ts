import { describe, expect, it } from 'vitest';
import { areSequencesIsolated } from './llama-binding.ts';

describe('areSequencesIsolated', () => {
  it.each([
    ['3.21.1', undefined, false],
    ['3.21.1', '4', false],
    ['3.21.1', '1', true],
    ['3.14.0', '1', true],
    ['3.22.0', undefined, true],
    ['3.22.1', '4', true],
    ['4.0.0', undefined, true],
    ['', undefined, false],
  ])('release %s with a pool of %s: %s', (version, poolSize, expected) => {
    expect(areSequencesIsolated(version, poolSize)).toBe(expected);
  });
});
