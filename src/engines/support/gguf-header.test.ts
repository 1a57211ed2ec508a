import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { value, writeGguf } from '../../../tools/random-model/write-gguf.mjs';
import { isQwenEvalError } from '../../core/errors.ts';
import { parseGgufHeader, readGgufHeader, summarizeGguf } from './gguf-header.ts';

const small = writeGguf(
  [
    ['general.architecture', value.string('qwen3')],
    ['general.name', value.string('Small')],
    ['general.finetune', value.string('Instruct-AWQ')],
    ['general.file_type', value.u32(15)],
    ['qwen3.context_length', value.u32(4096)],
    ['tokenizer.ggml.tokens', value.strings(Array.from({ length: 300 }, (_, index) => `t${index}`))],
    ['tokenizer.ggml.token_type', value.integers(Array.from({ length: 300 }, () => 1))],
    ['tokenizer.chat_template', value.string('{{ messages }}')],
    ['some.flag', value.bool(true)],
    ['some.list', value.strings(['a', 'b'])],
  ],
  [
    { name: 'a.weight', dimensions: [4, 2], type: 'F16', data: new Float32Array(8) },
    { name: 'b.weight', dimensions: [8], type: 'F32', data: new Float32Array(8) },
  ],
);

const parse = (bytes: Buffer, fileBytes = bytes.length): ReturnType<typeof parseGgufHeader> =>
  parseGgufHeader(bytes, fileBytes, 'model.gguf');

function failure(run: () => unknown): {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
} {
  try {
    run();
  } catch (error) {
    if (isQwenEvalError(error)) return { code: error.code, message: error.message, hint: error.hint };
    throw error;
  }
  throw new Error('it did not fail');
}

describe('parseGgufHeader', () => {
  it('reads metadata and tensors', () => {
    const header = parse(small);
    expect(header).toMatchObject({ version: 3, fileBytes: small.length });
    expect(header?.metadata.get('some.flag')).toBe(true);
    expect(header?.metadata.get('some.list')).toEqual(['a', 'b']);
    expect(header?.metadata.get('tokenizer.ggml.tokens')).toEqual({ elementType: 8, length: 300 });
    expect(header?.tensors).toEqual([
      { name: 'a.weight', dimensions: [4, 2], type: 'F16', elements: 8, sizeBytes: 16, offset: 0 },
      { name: 'b.weight', dimensions: [8], type: 'F32', elements: 8, sizeBytes: 32, offset: 32 },
    ]);
  });

  it('summarises what the weights say of themselves', () => {
    const header = parse(small);
    expect(header && summarizeGguf(header)).toMatchInlineSnapshot(`
      {
        "architecture": "qwen3",
        "chatTemplate": "{{ messages }}",
        "contextLength": 4096,
        "fileType": "Q4_K_M",
        "finetune": "Instruct-AWQ",
        "licence": null,
        "name": "Small",
        "parameters": 16,
        "quantizedBy": null,
        "sizeLabel": null,
        "tensorTypes": {
          "F16": 0.5,
          "F32": 0.5,
        },
        "vocabularySize": 300,
      }
    `);
  });

  it('says truncated wherever the file is cut', () => {
    for (let length = 4; length < small.length; length++) {
      const { code, message } = failure(() => parse(small.subarray(0, length)));
      expect(code).toBe('E_MODEL_FILE');
      expect(message).toMatch(/truncated/);
    }
  });

  it('asks for more bytes as long as the file has them', () => {
    const header = parse(small);
    const end = small.indexOf('b.weight') + 'b.weight'.length + 4 + 8 + 4 + 8;
    for (let length = 4; length < end; length++) expect(parse(small.subarray(0, length), small.length)).toBeNull();
    expect(parse(small.subarray(0, end), small.length)).toEqual(header);
  });

  it.each([
    ['another format', Buffer.from('PK\u0003\u0004 not a model'), /does not start with "GGUF"/],
    ['version 1', patch(small, 4, 1), /version 1 is not supported/],
    ['a big-endian file', patch(small, 4, 0x03000000), /version 50331648 is not supported/],
    ['an unknown value type', patch(small, small.indexOf('some.flag') + 9, 99), /value type 99 does not exist/],
    ['a huge count', patch(small, 12, 0xffffffff), /more than 1000000/],
  ])('refuses %s', (_, bytes, message) => {
    expect(failure(() => parse(bytes))).toMatchObject({
      code: 'E_MODEL_FILE',
      message: expect.stringMatching(message),
    });
  });

  it('refuses arrays nested without end', () => {
    const level = Buffer.alloc(12);
    level.writeUInt32LE(9, 0);
    level.writeUInt32LE(1, 4);
    const bytes = writeGguf(
      [['deep', { type: 'array', bytes: Buffer.concat(Array.from({ length: 50 }, () => level)) }]],
      [],
    );
    expect(failure(() => parse(bytes)).message).toMatch(/nested too deeply/);
  });

  it('never fails in another way on damaged bytes', () => {
    fc.assert(
      fc.property(fc.nat(small.length - 1), fc.nat(255), fc.nat(small.length), (at, byte, length) => {
        const bytes = Buffer.from(small);
        bytes[at] = byte;
        try {
          parse(bytes.subarray(0, length));
        } catch (error) {
          expect(isQwenEvalError(error) && error.code).toBe('E_MODEL_FILE');
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('readGgufHeader', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gguf-'));

  it('reads a header longer than its first piece', async () => {
    const path = join(folder, 'long.gguf');
    const tokens = Array.from({ length: 150_000 }, (_, index) => `token number ${index}`);
    writeFileSync(path, writeGguf([['tokenizer.ggml.tokens', value.strings(tokens)]], []));
    const header = await readGgufHeader(path);
    expect(summarizeGguf(header)).toMatchObject({ vocabularySize: 150_000, architecture: null, parameters: 0 });
  });

  it('says what is wrong with a path', async () => {
    await expect(readGgufHeader(join(folder, 'absent.gguf'))).rejects.toMatchObject({
      code: 'E_MODEL_FILE',
      message: expect.stringMatching(/Cannot open .*absent\.gguf.*ENOENT/),
    });
    await expect(readGgufHeader(folder)).rejects.toMatchObject({ code: 'E_MODEL_FILE' });
  });

  it('says truncated for an empty file', async () => {
    const path = join(folder, 'empty.gguf');
    writeFileSync(path, '');
    await expect(readGgufHeader(path)).rejects.toMatchObject({
      code: 'E_MODEL_FILE',
      message: expect.stringMatching(/truncated: it has 0 bytes/),
    });
  });
});

function patch(bytes: Buffer, at: number, word: number): Buffer {
  const patched = Buffer.from(bytes);
  patched.writeUInt32LE(word, at);
  return patched;
}
