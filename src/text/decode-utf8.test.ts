import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from './decode-utf8.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('decodeUtf8', () => {
  it('decodes every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeUtf8(encode(`x${text}`), 'f')).toBe(`x${text}`);
      }),
    );
  });

  it('leaves the byte order mark out', () => {
    expect(decodeUtf8(bytes(0xef, 0xbb, 0xbf, 0x41), 'f')).toBe('A');
  });

  it('names the line and byte of the first invalid one', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\n') }),
        fc.constantFrom([0xff], [0x80], [0xc3, 0x28], [0xed, 0xa0, 0x80]),
        (text, broken) => {
          const before = encode(text);
          const line = text.split('\n').length;
          const at = before.length + (broken[0] === 0xc3 || broken[0] === 0xed ? 1 : 0);
          expect(() => decodeUtf8(bytes(...before, ...broken, 0x0a, 0x41), 'f.txt')).toThrow(
            `f.txt: line ${line} is not UTF-8 text (byte ${at})`,
          );
        },
      ),
    );
  });

  it('names the last byte when a character is cut off at the end', () => {
    expect(() => decodeUtf8(bytes(0x41, 0x0a, 0xe2, 0x82), 'f')).toThrow('f: line 2 is not UTF-8 text (byte 3)');
  });

  it.each([
    [0xff, 0xfe, 0x41, 0x00],
    [0xfe, 0xff, 0x00, 0x41],
  ])('recognises UTF-16 (%i %i %i %i)', (...content) => {
    expect(() => decodeUtf8(bytes(...content), 'f')).toThrow(
      expect.objectContaining({ code: 'E_DATASET_INVALID', hint: expect.stringContaining('UTF-16') }),
    );
  });
});
