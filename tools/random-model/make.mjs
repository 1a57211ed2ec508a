// Writes data/built-in-model.gguf and its card: node tools/random-model/make.mjs [OUT.gguf]
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defaultShape, makeRandomModel } from './random-model.mjs';

const out = process.argv[2] ?? fileURLToPath(new URL('../../data/built-in-model.gguf', import.meta.url));
const bytes = makeRandomModel();
const card = {
  file: 'built-in-model.gguf',
  sha256: createHash('sha256').update(bytes).digest('hex'),
  sizeBytes: bytes.length,
  architecture: 'qwen3',
  weights: 'random weights: a stand-in',
  madeBy: 'node tools/random-model/make.mjs',
  licence: 'Apache-2.0',
  ...defaultShape,
};
writeFileSync(out, bytes);
writeFileSync(out.replace(/\.gguf$/, '.json'), `${JSON.stringify(card, null, 2)}\n`);
console.log(`${out}: ${bytes.length} bytes, sha256 ${card.sha256}`);
