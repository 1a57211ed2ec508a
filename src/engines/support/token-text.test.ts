import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenText } from './token-text.ts';

/** Each token is one byte. */
const bytesAsText = (tokens: readonly number[]): string => Buffer.from(tokens).toString('utf8');

describe('TokenText', () => {
  it('waits for all bytes of a character', () => {
    const text = new TokenText(bytesAsText);
    expect([...Buffer.from('a€b')].map((byte) => text.push(byte))).toEqual(['a', '', '', '€', 'b']);
  });

  it('does not wait for ever for bytes that make no character', () => {
    const text = new TokenText(bytesAsText);
    const pieces = [0xff, 0xff, 0xff, 0xff, 0x41].map((byte) => text.push(byte));
    expect(pieces.join('')).toBe('\uFFFD\uFFFD\uFFFD\uFFFDA');
  });

  it('gives an unfinished character out at the end', () => {
    const text = new TokenText(bytesAsText);
    expect(text.push(0xe2)).toBe('');
    expect(text.flush()).toBe('\uFFFD');
    expect(text.flush()).toBe('');
  });

  it('gives any text back whole', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (whole) => {
        const text = new TokenText(bytesAsText);
        expect([...Buffer.from(whole)].map((byte) => text.push(byte)).join('') + text.flush()).toBe(whole);
      }),
    );
  });

  it('tells the detokenizer what stood before, for vocabularies that join words with spaces', () => {
    const seen: (readonly number[])[] = [];
    const text = new TokenText((tokens, before) => {
      seen.push(before);
      return tokens.map(String).join(' ');
    });
    for (const token of [1, 2, 3]) text.push(token);
    expect(seen).toEqual([[], [1], [2]]);
  });
});
