import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { isQwenEvalError } from '../../core/errors.ts';
import { ZipArchive } from './zip-archive.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const log = readFileSync(fileURLToPath(new URL('../../../test/golden/inspect/picks.eval', import.meta.url)));

/** All members, or the message of the error that is ours. */
function contentOf(bytes: Uint8Array): ReadonlyMap<string, string> | string {
  try {
    const archive = new ZipArchive(bytes, 'x.eval');
    return new Map(archive.names.map((name) => [name, text(archive.read(name))]));
  } catch (error) {
    if (isQwenEvalError(error) && error.code === 'E_INPUT_INVALID') return error.message;
    throw error;
  }
}

describe('ZipArchive', () => {
  it('unpacks stored, deflated and Zstandard members', () => {
    const members = {
      'a.json': Buffer.from('{}'),
      'folder/ü.txt': Buffer.from('x'.repeat(10_000)),
      empty: Buffer.from(''),
    };
    const expected = new Map(Object.entries(members).map(([name, bytes]) => [name, text(bytes)]));
    expect(contentOf(zipSync(members, { level: 0 }))).toEqual(expected);
    expect(contentOf(zipSync(members, { level: 9 }))).toEqual(expected);
    const recorded = contentOf(log);
    if (typeof recorded === 'string') throw new Error(recorded);
    expect(JSON.parse(recorded.get('header.json') ?? '')).toMatchObject({ status: 'success', eval: { task: 'picks' } });
    expect(recorded.has('samples/1_epoch_1.json')).toBe(true);
  });

  it('says what is missing', () => {
    const archive = new ZipArchive(log, 'x.eval');
    expect([archive.has('header.json'), archive.has('none')]).toEqual([true, false]);
    expect(() => archive.read('none')).toThrow('x.eval has no member none');
    expect(contentOf(Buffer.from('PK'))).toMatch('x.eval cannot be unpacked');
  });

  it('gives a damaged archive as our error or gives what was in it', () => {
    const whole = contentOf(log);
    fc.assert(
      fc.property(fc.nat(log.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Uint8Array.from(log);
        damaged[at] = (damaged[at] ?? 0) ^ change;
        const read = contentOf(damaged);
        // Names and bytes that nothing checks may differ; contents may not.
        if (typeof read !== 'string' && typeof whole !== 'string')
          for (const content of read.values()) expect([...whole.values()]).toContain(content);
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.nat(log.length - 1), (length) => {
        expect(typeof contentOf(log.subarray(0, length))).toBe('string');
      }),
      { numRuns: 100 },
    );
  });
});
