import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/run-cli.ts';
import { QwenEvalError } from '../core/errors.ts';
import { loadEngine } from './load-plugin.ts';
import { readModelHeader } from './read-model-header.ts';
import type { FetchModelFile } from './resolve-target.ts';

const folder = temporaryFolder('model-header');
afterAll(() => rmSync(folder, { recursive: true }));

const config = {
  model_type: 'qwen3',
  num_hidden_layers: 36,
  hidden_size: 4096,
  intermediate_size: 12_288,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  head_dim: 128,
  vocab_size: 151_936,
  tie_word_embeddings: false,
  max_position_embeddings: 40_960,
};

const offline: FetchModelFile = () => Promise.reject(new QwenEvalError('E_OFFLINE', 'offline'));

const headerOf = async (model: string, fetchModelFile: FetchModelFile = offline) =>
  readModelHeader({ plugin: await loadEngine('vllm'), model, baseUrls: [] }, fetchModelFile);

function write(name: string, files: Readonly<Record<string, string>>): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

describe('readModelHeader', () => {
  it('describes a folder of weights by its own files', async () => {
    const path = write('weights', {
      'config.json': JSON.stringify(config),
      'tokenizer_config.json': JSON.stringify({ chat_template: '{{ enable_thinking }}' }),
      'model-00001.safetensors': 'x'.repeat(100),
      'model-00002.safetensors': 'x'.repeat(23),
    });
    expect(await headerOf(path)).toMatchObject({
      described: { contextLength: 40_960, weightBytes: 123, architecture: { parameters: 8_190_735_360 } },
      template: '{{ enable_thinking }}',
    });
  });

  it('prefers a template in a file of its own, and knows none without one', async () => {
    const own = write('own', { 'config.json': JSON.stringify(config), 'chat_template.jinja': 'own' });
    expect((await headerOf(own))?.template).toBe('own');
    expect((await headerOf(write('bare', { 'config.json': JSON.stringify(config) })))?.template).toBeNull();
    await expect(headerOf(write('broken', { 'config.json': '{' }))).rejects.toMatchObject({ code: 'E_MODEL_FILE' });
  });

  it('asks the hub for a repository nobody knows, and goes without when it cannot', async () => {
    const asked: string[] = [];
    const fetchModelFile: FetchModelFile = async ({ repository, path }) => {
      asked.push(`${repository}/${path}`);
      if (path !== 'config.json') throw new QwenEvalError('E_HUB', 'no such file');
      return join(folder, 'weights/config.json');
    };
    const header = await headerOf('someone/Qwen3-8B-Tuned', fetchModelFile);
    expect(header).toMatchObject({ described: { weightBytes: null }, template: null });
    expect(asked).toEqual(['someone/Qwen3-8B-Tuned/config.json', 'someone/Qwen3-8B-Tuned/tokenizer_config.json']);
    expect(await headerOf('someone/Qwen3-8B-Tuned')).toBeNull();
    // A known model needs no network.
    expect(await headerOf('Qwen/Qwen3-8B')).toBeNull();
  });
});
