import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { continuationStart, moveWhiteSpace } from './continuation-tokens.ts';

describe('moveWhiteSpace', () => {
  it.each([
    ['Answer:', ' A', ['Answer:', ' A']],
    ['Answer: ', 'A', ['Answer:', ' A']],
    ['a\n\n', 'b', ['a', '\n\nb']],
    ['  ', 'b', ['  ', 'b']],
  ])('%j + %j', (context, continuation, expected) => {
    expect(moveWhiteSpace(context, continuation)).toEqual(expected);
  });

  it('changes no text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (context, continuation) => {
        expect(moveWhiteSpace(context, continuation).join('')).toBe(context + continuation);
      }),
    );
  });
});

describe('continuationStart', () => {
  it.each([
    [[1, 2], [1, 2, 3], 2],
    // The last token of the context merged with the continuation, which then begins with it.
    [[1, 2], [1, 9, 3], 1],
    [[], [4, 5], 0],
    [[1, 2, 3], [1, 7], 1],
    [[1, 2], [1, 2], 1],
  ])('%j in %j', (context, whole, expected) => {
    expect(continuationStart(context, whole)).toBe(expected);
  });

  it('always leaves at least one token of a text that has any', () => {
    const ids = fc.array(fc.nat({ max: 3 }), { maxLength: 6 });
    fc.assert(
      fc.property(ids, fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 6 }), (context, whole) => {
        const start = continuationStart(context, whole);
        expect(start).toBeGreaterThanOrEqual(0);
        expect(start).toBeLessThan(whole.length);
      }),
    );
  });
});
