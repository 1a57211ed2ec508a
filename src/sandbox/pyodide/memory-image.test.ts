import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryImage } from './memory-image.ts';

describe('MemoryImage', () => {
  it('puts back every byte and clears what the memory has grown by', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(300_000), fc.integer({ min: 1, max: 255 })), { maxLength: 20 }),
        fc.array(fc.tuple(fc.nat(400_000), fc.integer({ min: 1, max: 255 })), { maxLength: 20 }),
        (before, after) => {
          const memory = new Uint8Array(300_000);
          for (const [at, value] of before) memory[at] = value;
          const image = new MemoryImage(memory);
          const grown = new Uint8Array(400_000);
          grown.set(memory);
          for (const [at, value] of after) grown[at] = value;
          image.restore(grown);
          expect(Buffer.from(grown.subarray(0, 300_000)).equals(Buffer.from(memory))).toBe(true);
          expect(grown.subarray(300_000).every((byte) => byte === 0)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });
});
