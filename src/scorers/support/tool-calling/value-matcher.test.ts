import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../core/json.ts';
import { maximumMatching } from '../maximum-matching.ts';
import { matchesValue, type ValueMatcher } from './value-matcher.ts';

const exact = (value: Json): ValueMatcher => ({ kind: 'exact', value });
const number = (value: number, tolerance = 0): ValueMatcher => ({ kind: 'number', value, tolerance });

describe('matchesValue', () => {
  it.each<[ValueMatcher, Json | undefined, boolean]>([
    [exact('02134'), '02134', true],
    [exact('02134'), 2134, false],
    [exact({ a: 1, b: [2] }), { b: [2], a: 1 }, true],
    [exact('x'), undefined, false],
    [{ kind: 'caseless', value: 'Desk  lamp' }, ' desk lamp', true],
    [{ kind: 'caseless', value: 'Desk lamp' }, 'desk-lamp', false],
    [{ kind: 'caseless', value: '3' }, 3, false],
    [number(0.3, 1e-9), 0.1 + 0.2, true],
    [number(0.3), 0.1 + 0.2, false],
    [number(3), '3', false],
    [{ kind: 'oneOf', options: [number(1), exact('one')] }, 'one', true],
    [{ kind: 'oneOf', options: [number(1), { kind: 'absent' }] }, undefined, true],
    [{ kind: 'list', items: [exact(1), exact(2)] }, [1, 2], true],
    [{ kind: 'list', items: [exact(1), exact(2)] }, [2, 1], false],
    [{ kind: 'list', items: [exact(1)] }, [1, 1], false],
    [{ kind: 'list', items: [] }, 'x', false],
    [{ kind: 'set', items: [exact(1), exact(2)] }, [2, 1], true],
    [{ kind: 'set', items: [exact(1), exact(2)] }, [1, 1], false],
    [{ kind: 'set', items: [exact(1)] }, { 0: 1 }, false],
    [{ kind: 'object', members: { a: exact(1), b: { kind: 'default', value: 2 } } }, { a: 1 }, true],
    [{ kind: 'object', members: { a: exact(1) } }, { a: 1, c: 1 }, false],
    [{ kind: 'object', members: { a: exact(1) } }, [1], false],
    [{ kind: 'default', value: 5 }, undefined, true],
    [{ kind: 'default', value: 5 }, 5, true],
    [{ kind: 'default', value: 5 }, 6, false],
    [{ kind: 'absent' }, undefined, true],
    [{ kind: 'absent' }, null, true],
    [{ kind: 'absent' }, '', false],
  ])('%j on %j is %s', (matcher, value, expected) => {
    expect(matchesValue(matcher, value)).toBe(expected);
  });

  it('finds the assignment of a set that a greedy reader misses', () => {
    const either: ValueMatcher = { kind: 'oneOf', options: [number(1), number(2)] };
    expect(matchesValue({ kind: 'set', items: [either, number(1)] }, [1, 2])).toBe(true);
    expect(matchesValue({ kind: 'set', items: [either, number(1)] }, [2, 2])).toBe(false);
  });
});

describe('maximumMatching', () => {
  /** Largest number of pairs by trying everything. */
  const best = (edges: readonly (readonly number[])[], taken: readonly number[] = []): number => {
    const [first, ...rest] = edges;
    if (first === undefined) return 0;
    const options = first.filter((right) => !taken.includes(right)).map((right) => 1 + best(rest, [...taken, right]));
    return Math.max(best(rest, taken), ...options);
  };

  it('pairs as many as can be paired, each once, along edges only', () => {
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 4 })), { maxLength: 5 }), (edges) => {
        const partners = maximumMatching(edges, 5);
        const used = partners.filter((partner) => partner !== null);
        expect(new Set(used).size).toBe(used.length);
        for (const [left, right] of partners.entries()) if (right !== null) expect(edges[left]).toContain(right);
        expect(used.length).toBe(best(edges));
      }),
    );
  });
});
