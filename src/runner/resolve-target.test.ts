import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { HubLocation } from '../core/ports/dataset.ts';
import { QwenEvalError } from '../core/errors.ts';
import { resolveTarget } from './resolve-target.ts';

const builtIn = fileURLToPath(new URL('../../data/built-in-model.gguf', import.meta.url));

async function target(options: Partial<Parameters<typeof resolveTarget>[0]>) {
  const fetched: HubLocation[] = [];
  const resolved = await resolveTarget(
    { model: null, engine: null, baseUrl: null, quantization: null, ...options },
    (location) => {
      fetched.push(location);
      return Promise.resolve(`/cache/${location.path}`);
    },
  );
  return {
    engineId: resolved.engineId,
    model: resolved.model,
    fetched: fetched.map((file) => `${file.repository}/${file.path}`),
  };
}

const failure = async (options: Parameters<typeof target>[0]): Promise<[string, string, string | null]> => {
  try {
    await target(options);
  } catch (error) {
    if (error instanceof QwenEvalError) return [error.code, error.message, error.hint];
    throw error;
  }
  return ['none', '', null];
};

describe('resolveTarget', () => {
  it('takes the built-in model when nothing is named', async () => {
    expect(await target({})).toEqual({ engineId: 'llama-cpp', model: builtIn, fetched: [] });
    expect(await target({ model: builtIn })).toMatchObject({ model: builtIn, fetched: [] });
  });

  it('fetches the official GGUF file of a registry id or a hub id', async () => {
    const expected = {
      engineId: 'llama-cpp',
      model: '/cache/Qwen3-0.6B-Q8_0.gguf',
      fetched: ['Qwen/Qwen3-0.6B-GGUF/Qwen3-0.6B-Q8_0.gguf'],
    };
    expect(await target({ model: 'qwen3_0_6b' })).toEqual(expected);
    expect(await target({ model: 'Qwen/Qwen3-0.6B' })).toEqual(expected);
    expect(await target({ model: 'llama-cpp:qwen3_0_6b' })).toEqual(expected);
    expect(await target({ model: 'qwen3_8b', quantization: 'Q6_K' })).toMatchObject({
      fetched: ['Qwen/Qwen3-8B-GGUF/Qwen3-8B-Q6_K.gguf'],
    });
  });

  it('fetches every part of a split file and gives the engine the first', async () => {
    expect(await target({ model: 'qwen2_5_7b_instruct' })).toEqual({
      engineId: 'llama-cpp',
      model: '/cache/qwen2.5-7b-instruct-q4_k_m-00001-of-00002.gguf',
      fetched: [
        'Qwen/Qwen2.5-7B-Instruct-GGUF/qwen2.5-7b-instruct-q4_k_m-00001-of-00002.gguf',
        'Qwen/Qwen2.5-7B-Instruct-GGUF/qwen2.5-7b-instruct-q4_k_m-00002-of-00002.gguf',
      ],
    });
  });

  it('fetches any file of the hub that is named in full', async () => {
    expect(await target({ model: 'unsloth/Qwen3.5-2B-GGUF/Qwen3.5-2B-Q4_K_M.gguf' })).toMatchObject({
      model: '/cache/Qwen3.5-2B-Q4_K_M.gguf',
    });
  });

  it('leaves the name to a server', async () => {
    expect(await target({ model: 'qwen3_8b', baseUrl: ['http://127.0.0.1:1/v1/'] })).toEqual({
      engineId: 'openai-compatible',
      model: 'qwen3_8b',
      fetched: [],
    });
    expect(await target({ model: 'scripted:anything' })).toMatchObject({ engineId: 'scripted', model: 'anything' });
  });

  it('says how to name a model', async () => {
    expect(await failure({ model: 'qwen3_9b' })).toEqual([
      'E_MODEL_UNKNOWN',
      'no model qwen3_9b is known',
      expect.stringContaining('did you mean'),
    ]);
    expect(await failure({ model: './nothing.gguf' })).toMatchObject([
      'E_MODEL_FILE',
      expect.any(String),
      expect.any(String),
    ]);
    expect(await failure({ model: 'qwen3_next_80b_a3b_instruct' })).toMatchObject([
      'E_MODEL_UNKNOWN',
      expect.stringContaining('no GGUF repository'),
      expect.stringContaining('--base-url'),
    ]);
    const codeOf = async (options: Parameters<typeof target>[0]): Promise<string> => (await failure(options))[0];
    expect(await codeOf({ model: 'scripted:x', engine: 'llama-cpp' })).toBe('E_USAGE');
    expect(await codeOf({ baseUrl: ['localhost:8000'] })).toBe('E_OPTION_INVALID');
  });
});
