import { describe, expect, it } from 'vitest';
import { parseGgufHeader, summarizeGguf } from '../../src/engines/support/gguf-header.ts';
import { defaultShape, makeRandomModel } from './random-model.mjs';
import { toHalf } from './write-gguf.mjs';

/** The number that half-precision bits stand for. */
function fromHalf(bits: number): number {
  const [exponent, mantissa] = [(bits >>> 10) & 31, bits & 1023];
  const size = exponent === 0 ? mantissa * 2 ** -24 : (1 + mantissa / 1024) * 2 ** (exponent - 15);
  return (bits & 0x8000) === 0 ? size : -size;
}

describe('toHalf', () => {
  it('gives every half-precision number back', () => {
    for (let bits = 0; bits < 0x7c00; bits++) expect(toHalf(fromHalf(bits))).toBe(bits);
    expect(toHalf(-1.5)).toBe(0xbe00);
  });

  it.each([
    [2049, 2048, 'a tie rounds to even'],
    [2051, 2052, 'a tie rounds to even'],
    [2049.1, 2050, 'above a tie rounds up'],
    [65_519, 65_504, 'the largest'],
    [2 ** -25, 0, 'half of the smallest'],
    [1e-9, 0, 'far too small'],
  ])('%f becomes %f: %s', (number, expected) => {
    expect(fromHalf(toHalf(number))).toBe(expected);
  });

  it('becomes infinity when too large', () => {
    expect([toHalf(65_520), toHalf(1e9), toHalf(-1e9)]).toEqual([0x7c00, 0x7c00, 0xfc00]);
  });
});

describe('makeRandomModel', () => {
  it('makes the same bytes of the same seed, and others of another', () => {
    const shape = { ...defaultShape, layers: 1 };
    expect(makeRandomModel(shape).equals(makeRandomModel(shape))).toBe(true);
    expect(makeRandomModel(shape).equals(makeRandomModel({ ...shape, seed: 1 }))).toBe(false);
  });

  it('states what it is', () => {
    const bytes = makeRandomModel();
    const header = parseGgufHeader(bytes, bytes.length, 'random');
    expect(header && summarizeGguf(header)).toMatchObject({
      architecture: 'qwen3',
      finetune: 'random',
      fileType: 'F16',
      vocabularySize: 282,
      contextLength: 32_768,
    });
    expect(header?.tensors.at(-1)).toMatchObject({ name: 'output.weight', dimensions: [64, 282] });
  });
});
