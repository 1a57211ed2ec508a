import { describe, expect, it } from 'vitest';
import { limitWasmMemory } from './wasm-memory.ts';
import { webAssembly } from './web-assembly.ts';

interface Memory {
  grow(pages: number): number;
}

/** A module that exports a memory of 1 to 65,536 pages. */
const binary = Uint8Array.from([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x05, 0x06, 0x01, 0x01, 0x01, 0x80, 0x80, 0x04, 0x07, 0x05, 0x01,
  0x01, 0x6d, 0x02, 0x00,
]);
const mebibyte = 1024 * 1024;

async function memoryOf(code: Uint8Array): Promise<Memory> {
  const instance = await webAssembly.instantiate(await webAssembly.compile(code));
  return (instance as { readonly exports: { readonly m: Memory } }).exports.m;
}

describe('limitWasmMemory', () => {
  it('bounds how far the memory can grow and leaves the binary as it was', async () => {
    const copy = Uint8Array.from(binary);
    const limited = await memoryOf(limitWasmMemory(binary, 2 * mebibyte));
    expect(limited.grow(31)).toBe(1);
    expect(() => limited.grow(1)).toThrow();
    expect((await memoryOf(binary)).grow(1000)).toBe(1);
    expect(binary).toEqual(copy);
  });

  it('refuses what cannot be', () => {
    expect(() => limitWasmMemory(binary, 1000)).toThrow('cannot be limited to 0');
    expect(() => limitWasmMemory(binary, 2 ** 40)).toThrow('cannot be limited');
    expect(() => limitWasmMemory(binary.subarray(0, 8), mebibyte)).toThrow('no memory section');
  });
});
