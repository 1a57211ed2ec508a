import { isAtLeast } from '../compare-versions.ts';
import { deploymentContext, type DeploymentContext } from './deployment-context.ts';
import {
  givenFlags,
  hasFlag,
  keepKnownFlags,
  type Deployment,
  type DeploymentInput,
  type FlagRow,
  type FlagTable,
} from './flag-table.ts';

const engine = 'vllm';
const source =
  'vllm-project/vllm vllm/engine/arg_utils.py, vllm/entrypoints/openai/cli_args.py at the tags 0.6.0 to 0.9.2, 4fdd6f5 (0.10.2) and 017e9f4 (2026-08-17)';
const dated = (commit: string, date: string): string =>
  `vllm-project/vllm ${commit} of ${date}; the version follows from the date`;

const rows: readonly FlagRow[] = [
  { flag: '--gpu-memory-utilization', source },
  { flag: '--max-num-seqs', source },
  { flag: '--max-model-len', source },
  { flag: '--enable-prefix-caching', source },
  { flag: '--no-enable-prefix-caching', since: '0.7.0', source },
  { flag: '--quantization', source },
  { flag: '--hf-overrides', since: '0.6.4', source },
  { flag: '--generation-config', since: '0.8.0', source },
  { flag: '--enable-auto-tool-choice', source },
  { flag: '--tool-call-parser', source },
  { flag: '--reasoning-parser', since: '0.7.1', source },
  {
    flag: '--enable-reasoning',
    since: '0.7.1',
    removed: '0.10.0',
    replacement: '--reasoning-parser alone',
    source: dated('313ae8c', '2025-07-15'),
  },
  { flag: '--language-model-only', since: '0.16.0', source: dated('64a9c25', '2026-02-09') },
  {
    flag: '--disable-log-requests',
    removed: '0.17.0',
    replacement: null,
    source: `${dated('792a74b', '2026-03-02')}: requests are no longer logged unless --enable-log-requests is given`,
  },
  { flag: '--use-v2-block-manager', removed: '0.10.0', replacement: null, source: dated('bc8a8ce', '2025-07-22') },
  { flag: '--num-scheduler-steps', removed: '0.10.1', replacement: null, source: dated('71683ca', '2025-08-12') },
  {
    flag: '--max-seq-len-to-capture',
    removed: '0.11.0',
    replacement: '--cudagraph-capture-sizes',
    source: dated('2e19a84', '2025-09-24'),
  },
  {
    flag: '--rope-scaling',
    removed: '0.11.1',
    replacement: '--hf-overrides with rope_parameters',
    source: dated('2f1cc8c', '2025-11-04'),
  },
  {
    flag: '--rope-theta',
    removed: '0.11.1',
    replacement: '--hf-overrides with rope_parameters',
    source: dated('2f1cc8c', '2025-11-04'),
  },
  {
    flag: '--guided-decoding-backend',
    removed: '0.12.0',
    replacement: '--structured-outputs-config.backend',
    source: dated('316c849', '2025-11-25'),
  },
  { flag: '--task', removed: '0.13.0', replacement: '--runner and --convert', source: dated('7e24e5d', '2025-12-10') },
  { flag: '--swap-space', removed: '0.18.0', replacement: null, source: dated('00b814b', '2026-03-07') },
  { flag: '--max-num-partial-prefills', removed: '0.26.0', replacement: null, source: dated('7a98c7a', '2026-07-21') },
];

/** Methods that vLLM quantises 16-bit weights with while it loads them. */
const online = ['fp8', 'bitsandbytes'];

function quantizationFlag({
  quantization,
  version,
}: DeploymentInput): Pick<Deployment, 'notes'> & { readonly value: string | null } {
  if (quantization === null) return { value: null, notes: [] };
  if (quantization === 'bitsandbytes' && isAtLeast(version, '0.26.0'))
    return { value: quantization, notes: ['bitsandbytes needs the package vllm-bnb-plugin since August 2026'] };
  return {
    value: quantization,
    notes: online.includes(quantization)
      ? []
      : [
          `weights are not made ${quantization} while they are loaded: the repository must hold such weights, or vLLM refuses to start`,
        ],
  };
}

function overrides({ ropeScaling, isNested }: DeploymentContext, version: string | null): string | null {
  if (ropeScaling === null) return null;
  const { rope_theta: theta, ...older } = ropeScaling;
  const rope = isAtLeast(version, '0.12.0')
    ? { rope_parameters: { ...older, rope_theta: theta ?? 1_000_000 } }
    : { rope_scaling: older };
  return JSON.stringify(isNested ? { text_config: rope } : rope);
}

function resolve(input: DeploymentInput): Deployment {
  const { preset, model, version } = input;
  const context = deploymentContext(input, null);
  const quantization = quantizationFlag(input);
  const chat = model !== null && model.variant !== 'base' ? model.family : null;
  const reasoning = chat?.reasoningParsers[engine] ?? null;
  const toolParser = chat?.toolParsers[engine] ?? null;
  const needsSwitch = reasoning !== null && !isAtLeast(version, '0.9.0');
  const wanted = givenFlags({
    '--gpu-memory-utilization': preset.gpuMemoryFraction,
    '--max-num-seqs': preset.sequences,
    '--max-model-len': context.tokens,
    '--enable-prefix-caching': preset.prefixCaching,
    // Before this flag came, caching was off unless asked for.
    '--no-enable-prefix-caching': !preset.prefixCaching && hasFlag(vllmFlags, '--no-enable-prefix-caching', input),
    '--quantization': quantization.value,
    '--hf-overrides': overrides(context, version),
    // Else the server fills fields that a request leaves out from the model's files.
    '--generation-config': hasFlag(vllmFlags, '--generation-config', input) ? 'vllm' : null,
    '--reasoning-parser': reasoning,
    '--enable-reasoning': needsSwitch,
    '--enable-auto-tool-choice': toolParser !== null,
    '--tool-call-parser': toolParser,
    '--language-model-only':
      model?.architecture.otherParameters !== null &&
      model !== null &&
      hasFlag(vllmFlags, '--language-model-only', input),
  });
  const kept = keepKnownFlags(vllmFlags, wanted, input);
  const minimum = model?.family.minimumVersions[engine];
  return {
    ...kept,
    environment: context.isNested ? { VLLM_ALLOW_LONG_MAX_MODEL_LEN: '1' } : {},
    settings: {},
    values: {
      gpuMemoryFraction: preset.gpuMemoryFraction,
      sequences: preset.sequences,
      contextLength: context.tokens,
      prefixCaching: preset.prefixCaching,
      kvCacheType: null,
    },
    sequences: preset.sequences,
    remarks: context.remarks,
    notes: [
      ...context.notes,
      ...quantization.notes,
      ...kept.notes,
      ...(minimum !== undefined && !isAtLeast(version, minimum)
        ? [`vLLM ${version} is older than ${minimum}, the first that serves ${model?.family.title}`]
        : []),
    ],
  };
}

/** How vLLM takes presets, by version. */
export const vllmFlags: FlagTable = {
  engine,
  reviewed: { version: '0.26.0', date: '2026-11-26' },
  versions: ['0.6.3', '0.7.0', '0.8.0', '0.9.0', '0.10.2', '0.12.0', '0.26.0'],
  rows,
  start: {
    weights: 'hub',
    hardware: 'gpu',
    command: ({ hubId }) => ['vllm', 'serve', hubId],
    cardsFlag: '--tensor-parallel-size',
  },
  resolve,
};
