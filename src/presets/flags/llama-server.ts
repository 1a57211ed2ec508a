import {
  givenFlags,
  hasFlag,
  keepKnownFlags,
  type Deployment,
  type DeploymentInput,
  type FlagRow,
  type FlagTable,
} from './flag-table.ts';
import { serverScale, slotSettings } from './slot-engine.ts';

const engine = 'llama-server';
const source = 'llama.cpp b11434 common/arg.cpp';

/** Builds were numbered up to the first version; what is no number is newer than all of them. */
const isBuildBefore = (version: string | null, build: number): boolean =>
  version !== null && /^b?\d+$/.test(version) && Number(version.replace(/^b/, '')) < build;

/** Builds come daily: an installed one is asked by --help which of these it has, so the table holds no first builds. */
const rows: readonly FlagRow[] = [
  { flag: '--parallel', source },
  { flag: '--ctx-size', source },
  { flag: '--cache-type-k', source },
  { flag: '--cache-type-v', source },
  { flag: '--flash-attn', source: `${source}; takes on, off or auto since b6325` },
  { flag: '--ubatch-size', source },
  { flag: '--cache-ram', source },
  { flag: '--no-cache-prompt', source },
  { flag: '--no-context-shift', source },
  { flag: '--jinja', source },
  { flag: '--metrics', source },
  { flag: '--reasoning-format', source },
  { flag: '--rope-scaling', source },
  { flag: '--rope-scale', source },
  { flag: '--yarn-orig-ctx', source },
  { flag: '--threads', source },
  { flag: '--temp', source },
  { flag: '--top-k', source },
  { flag: '--top-p', source },
  { flag: '--min-p', source },
  { flag: '--verbosity', source: `${source}; with the level trace since its levels have names` },
];

function resolve(input: DeploymentInput): Deployment {
  const { preset, model, version, threads } = input;
  const { slots, context, kvCacheType, remarks } = slotSettings(input, serverScale);
  const isSmall = kvCacheType !== 'f16';
  const chat = model !== null && model.variant !== 'base' ? model.family : null;
  const scaling = context.ropeScaling;
  const has = (flag: string): boolean => hasFlag(llamaServerFlags, flag, input);
  const wanted = givenFlags({
    '--parallel': slots,
    '--ctx-size': slots * context.tokens,
    '--cache-type-k': isSmall ? kvCacheType : null,
    '--cache-type-v': isSmall ? kvCacheType : null,
    // A KV cache of 8 bits needs it.
    '--flash-attn': isSmall ? (isBuildBefore(version, 6325) ? true : 'on') : null,
    '--ubatch-size': isSmall ? 256 : null,
    '--cache-ram': preset.prefixCaching || !has('--cache-ram') ? null : 0,
    '--no-cache-prompt': !preset.prefixCaching,
    // Shifting would cut long answers at their beginning without a word.
    '--no-context-shift': has('--no-context-shift'),
    '--jinja': true,
    '--metrics': true,
    '--reasoning-format': chat?.reasoningParsers[engine],
    '--rope-scaling': scaling === null ? null : 'yarn',
    '--rope-scale': scaling === null ? null : Number(scaling['factor']),
    '--yarn-orig-ctx': scaling === null ? null : Number(scaling['original_max_position_embeddings']),
    '--threads': threads,
    // Else the server fills fields that a request leaves out with its own: top-k 40, top-p 0.95, min-p 0.05.
    '--temp': 1,
    '--top-k': 0,
    '--top-p': 1,
    '--min-p': 0,
    // The sizes of its buffers are logged at this level.
    '--verbosity': has('--verbosity') ? 4 : null,
  });
  const kept = keepKnownFlags(llamaServerFlags, wanted, input);
  return {
    ...kept,
    environment: {},
    settings: {},
    values: {
      gpuMemoryFraction: null,
      sequences: slots,
      contextLength: context.tokens,
      prefixCaching: preset.prefixCaching,
      kvCacheType,
    },
    sequences: slots,
    notes: [...context.notes, ...kept.notes],
    remarks,
  };
}

/** How llama.cpp's server takes presets. */
export const llamaServerFlags: FlagTable = {
  engine,
  reviewed: { version: '11434', date: '2026-11-26' },
  versions: [],
  rows,
  start: {
    weights: 'gguf',
    hardware: 'gpu',
    command: ({ hubId, file }) => [
      'llama-server',
      '--hf-repo',
      hubId,
      ...(file === null ? [] : ['--hf-file', file]),
      '--n-gpu-layers',
      '999',
    ],
    cardsFlag: null,
  },
  resolve,
};
