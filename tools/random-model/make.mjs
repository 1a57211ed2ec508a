// Writes a model with random weights, which tests of the engine alone use, and its card: node tools/random-model/make.mjs OUT.gguf
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { defaultShape, makeRandomModel } from './random-model.mjs';

const [, , out] = process.argv;
if (!out?.endsWith('.gguf')) throw new Error('name a file that ends in .gguf');
const bytes = makeRandomModel();
const card = {
  file: basename(out),
  sha256: createHash('sha256').update(bytes).digest('hex'),
  sizeBytes: bytes.length,
  architecture: 'qwen3',
  weights: 'random',
  madeBy: 'node tools/random-model/make.mjs',
  licence: 'Apache-2.0',
  ...defaultShape,
};
writeFileSync(out, bytes);
writeFileSync(out.replace(/\.gguf$/, '.json'), `${JSON.stringify(card, null, 2)}\n`);
console.log(`${out}: ${bytes.length} bytes, sha256 ${card.sha256}`);
