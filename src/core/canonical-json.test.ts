import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

describe('canonicalJson', () => {
  it('puts keys in code-unit order at every depth and leaves undefined members out', () => {
    expect(canonicalJson({ b: 1, a: { d: [true, null], c: 'é' }, B: undefined, A: 0.5 })).toBe(
      '{"A":0.5,"a":{"c":"é","d":[true,null]},"b":1}',
    );
  });

  it('writes a hole of a list as null, as JSON does', () => {
    expect(canonicalJson([1, undefined, 2])).toBe('[1,null,2]');
  });

  it('is the same text for the same value, whatever the order of its keys, and reads back', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([
    [Number.NaN, 'not a JSON number: NaN'],
    [[-Infinity], 'not a JSON number: -Infinity'],
    [() => 1, 'not a JSON value: function'],
    [{ a: 1n }, 'not a JSON value: bigint'],
  ])('refuses %s', (value, message) => {
    expect(() => canonicalJson(value)).toThrow(new TypeError(message));
  });
});
