import { kvBytesPerToken, stateBytesPerSequence } from './architecture.ts';
import { estimateMemory } from './memory-estimate.ts';
import type { RegistryModel } from './model-registry.ts';
import { weightBytes } from './weight-bytes.ts';

const gib = (bytes: number): number => Number((bytes / 2 ** 30).toFixed(2));

/** Memory of a known model as `show model` tells it: weights by quantisation in GiB, cache a token in KiB, state a sequence in MiB, and 16-bit weights with one sequence of 32,768 tokens in GiB; null where a dimension is not known. */
export function modelMemory(model: RegistryModel) {
  const { architecture } = model;
  const schemes = ['bf16', ...new Set(model.repositories.map(({ quantization }) => quantization))];
  const perToken = kvBytesPerToken(architecture);
  const state = stateBytesPerSequence(architecture);
  const whole = estimateMemory({
    architecture,
    quantization: null,
    weightBytes: null,
    sequences: 1,
    contextTokens: 32_768,
    kvType: 'auto',
    overheadBytes: 0,
  });
  return {
    weightsGib: Object.fromEntries(
      schemes.flatMap((scheme) => {
        const weights = weightBytes(architecture, scheme);
        return weights === null ? [] : [[scheme, gib(weights.bytes)]];
      }),
    ),
    kvKibPerToken: perToken === null ? null : perToken / 1024,
    stateMibPerSequence: state === null ? null : Number((state / 2 ** 20).toFixed(1)),
    gibAt32768Tokens: typeof whole === 'string' ? null : gib(whole.totalBytes),
  };
}
