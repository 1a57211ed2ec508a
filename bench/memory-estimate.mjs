// How near the memory estimate comes to what Qwen publishes: unquantised rows on one GPU, quantised ones, and several GPUs apart.
// Qwen3 rows are weights + KV alone. The Qwen2.5 stack of 2024 takes a whole prompt in one pass: its peak is the larger of two moments,
// the prompt inside a layer (weights + KV of the prompt + activations) and the end of the output (weights + all KV).
import { readFileSync } from 'node:fs';
import { kvBytesPerToken } from '../dist/presets/architecture.js';
import { estimateMemory, promptActivationBytes } from '../dist/presets/memory-estimate.js';
import { modelRegistry } from '../dist/presets/model-registry.js';

const gibibyte = 2 ** 30;

const architectures = new Map(modelRegistry().map(({ architecture }) => [architecture.id, architecture]));

function estimateOf(row, isLegacy) {
  const architecture = architectures.get(row.architecture);
  if (!architecture) throw new Error(`no architecture ${row.architecture}`);
  const estimate = estimateMemory({
    architecture,
    quantization: row.quantization,
    weightBytes: null,
    sequences: 1,
    contextTokens: row.inputTokens + row.outputTokens,
    kvType: 'bf16',
    overheadBytes: 0,
  });
  if (typeof estimate === 'string') throw new Error(estimate);
  const activations = isLegacy ? promptActivationBytes(architecture, row.inputTokens) : 0;
  const promptPeak = estimate.weightBytes + kvBytesPerToken(architecture) * row.inputTokens + activations;
  return Math.max(estimate.totalBytes, promptPeak) / gibibyte;
}

const isQwen3 = (row) => row.model.startsWith('Qwen3');

function judge(rows, print, title) {
  const errors = rows.map((row) => ({ row, errorGib: row.memoryGib - estimateOf(row, !isQwen3(row)) }));
  const largest = Math.max(0, ...errors.map(({ errorGib }) => Math.abs(errorGib)));
  print(`\n${title}: ${rows.length} rows, largest error ${largest.toFixed(3)} GiB`);
  for (const group of groupsOf(errors))
    print(`  ${group.name.padEnd(46)} ${group.errors.map((error) => error.toFixed(3).padStart(7)).join(' ')}`);
  return largest;
}

function groupsOf(errors) {
  const groups = new Map();
  for (const { row, errorGib } of errors) {
    const name = `${row.model} ${row.quantization}${row.gpus === 1 ? '' : ` on ${row.gpus}`}`;
    groups.set(name, [...(groups.get(name) ?? []), errorGib]);
  }
  return [...groups].map(([name, list]) => ({ name, errors: list }));
}

export default function memoryEstimate({ print }) {
  const { rows } = JSON.parse(readFileSync(new URL('data/official-speed.json', import.meta.url), 'utf8'));
  const measured = rows.filter((row) => row.memoryGib !== null);
  const one = measured.filter((row) => row.gpus === 1);
  const bf16 = one.filter((row) => row.quantization === 'bf16' && isQwen3(row));
  const legacy = one.filter((row) => row.quantization === 'bf16' && !isQwen3(row));
  const quantised = one.filter((row) => row.quantization !== 'bf16');
  const several = measured.filter((row) => row.gpus !== 1);
  print('measured less estimated, in GiB, by input length');
  return {
    figures: {
      bf16Rows: bf16.length,
      bf16MaxErrorGib: judge(bf16, print, 'Qwen3 bf16, weights + KV alone'),
      legacyStackRows: legacy.length,
      legacyStackMaxErrorGib: judge(legacy, print, 'Qwen2.5 bf16, with the prompt’s activations'),
      quantisedRows: quantised.length,
      quantisedMaxErrorGib: judge(quantised, print, 'quantised, one GPU'),
      severalGpuRows: several.length,
      severalGpuMaxErrorGib: judge(
        several,
        print,
        'several GPUs, each with activations of its own that the estimate leaves out',
      ),
    },
  };
}
