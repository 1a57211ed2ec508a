import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNestedDeeper } from './nesting.ts';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

describe('isNestedDeeper', () => {
  it('agrees with the depth of any JSON value', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.nat(7), (json, limit) => {
        expect(isNestedDeeper(Buffer.from(json), limit)).toBe(depthOf(JSON.parse(json)) > limit);
      }),
    );
  });

  it('does not count brackets inside strings', () => {
    expect(isNestedDeeper(Buffer.from(JSON.stringify({ a: '[[[["\\"[[' })), 1)).toBe(false);
  });

  it('takes a long text as quickly as its length asks', () => {
    expect(isNestedDeeper(Buffer.from('['.repeat(2_000_000)), 1_000_000)).toBe(true);
    expect(isNestedDeeper(Buffer.from(`[${'1,'.repeat(2_000_000)}1]`), 1)).toBe(false);
  });
});
