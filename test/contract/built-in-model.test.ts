import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (name: string): Buffer => readFileSync(new URL(`../../data/${name}`, import.meta.url));

describe('the built-in model', () => {
  it('is the file its card describes', () => {
    const bytes = read('built-in-model.gguf');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(JSON.parse(read('built-in-model.json').toString())).toMatchObject({ sha256, sizeBytes: bytes.length });
    expect(bytes.length).toBeLessThan(16 * 2 ** 20);
  });
});
