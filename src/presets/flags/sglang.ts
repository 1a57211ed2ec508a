import { isAtLeast } from '../compare-versions.ts';
import { deploymentContext } from './deployment-context.ts';
import {
  givenFlags,
  hasFlag,
  keepKnownFlags,
  type Deployment,
  type DeploymentInput,
  type FlagRow,
  type FlagTable,
} from './flag-table.ts';

const engine = 'sglang';
const source =
  'SGLang server arguments (docs/advanced_features/server_arguments.md; python/sglang/srt/server_args.py@001067f)';

const rows: readonly FlagRow[] = [
  { flag: '--mem-fraction-static', source },
  { flag: '--max-running-requests', source },
  { flag: '--context-length', source },
  { flag: '--disable-radix-cache', source },
  { flag: '--quantization', source },
  { flag: '--json-model-override-args', source },
  { flag: '--reasoning-parser', source },
  { flag: '--tool-call-parser', source },
  { flag: '--enable-metrics', source },
  {
    flag: '--sampling-defaults',
    since: '0.5.4',
    source: 'sgl-project/sglang#11304 of 2025-10-08; the version follows from the date',
  },
];

function resolve(input: DeploymentInput): Deployment {
  const { preset, model, version, quantization } = input;
  const context = deploymentContext(input, null);
  const chat = model !== null && model.variant !== 'base' ? model.family : null;
  const rope = context.ropeScaling === null ? null : { rope_scaling: context.ropeScaling };
  const wanted = givenFlags({
    '--mem-fraction-static': preset.gpuMemoryFraction,
    '--max-running-requests': preset.sequences,
    '--context-length': context.tokens,
    '--disable-radix-cache': !preset.prefixCaching,
    '--quantization': quantization,
    '--json-model-override-args':
      rope === null ? null : JSON.stringify(context.isNested ? { text_config: rope } : rope),
    '--reasoning-parser': chat?.reasoningParsers[engine],
    '--tool-call-parser': chat?.toolParsers[engine],
    '--enable-metrics': true,
    // Else the server fills fields that a request leaves out from the model's files.
    '--sampling-defaults': hasFlag(sglangFlags, '--sampling-defaults', input) ? 'openai' : null,
  });
  const kept = keepKnownFlags(sglangFlags, wanted, input);
  const minimum = model?.family.minimumVersions[engine];
  return {
    ...kept,
    environment: {},
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
      ...kept.notes,
      ...(minimum !== undefined && !isAtLeast(version, minimum)
        ? [`SGLang ${version} is older than ${minimum}, the first that serves ${model?.family.title}`]
        : []),
    ],
  };
}

/** How SGLang takes presets, by version. */
export const sglangFlags: FlagTable = {
  engine,
  reviewed: { version: '0.5.4', date: '2026-11-26' },
  versions: ['0.4.6', '0.5.4'],
  rows,
  start: {
    weights: 'hub',
    hardware: 'gpu',
    command: ({ hubId }) => ['python', '-m', 'sglang.launch_server', '--model-path', hubId],
    cardsFlag: '--tp',
  },
  resolve,
};
