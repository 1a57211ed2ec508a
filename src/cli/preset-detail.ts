import { describePreset, type DescribedDeployment } from '../presets/describe-preset.ts';
import { findModel } from '../presets/find-model.ts';
import { allPresets, type Preset } from '../presets/presets.ts';
import { flagTables } from '../presets/resolve-deployment.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { Options } from '../config/options.ts';
import type { Detail } from './detail.ts';

/** A preset in full: its values and what they are on each engine, for the model, context and quantisation of the options. Null when there is no such preset. */
export function presetDetail(
  id: string,
  options: Pick<Options, 'presets' | 'engine' | 'model' | 'maxModelLen' | 'quantization' | 'threads'>,
): Detail | null {
  const presets = allPresets(options.presets);
  const preset = presets.find((candidate) => candidate.id === id);
  if (!preset) return null;
  const { engine } = options;
  const engines = flagTables.map((table) => table.engine);
  if (engine !== null && !engines.includes(engine))
    throw new QwenEvalError('E_OPTION_INVALID', `engine ${engine} takes no presets`, {
      hint: `these do: ${engines.join(', ')}`,
    });
  const { match } = options.model === null ? { match: null } : findModel(options.model);
  const model = match?.model ?? null;
  const quantization = options.quantization ?? preset.quantization;
  const described = describePreset(preset, {
    presets,
    engine,
    model,
    trainedContext: null,
    contextLength: options.maxModelLen,
    quantization: model?.repositories.some((row) => row.quantization === quantization) ? null : quantization,
    threads: options.threads,
  });
  return {
    document: { ...preset, model: model?.id ?? null, ...described },
    text: [
      presetLine(preset),
      ...(model === null ? ['for a model that is not known: --model shows its parsers too'] : [`for ${model.name}`]),
      ...described.deployments.flatMap((deployment) => ['', ...deploymentLines(deployment)]),
      '',
      'flags that are never sent to versions without them:',
      ...described.removedFlags.map(
        ({ engine: name, flag, removed, replacement }) =>
          `  ${flag} (${name}, gone since ${removed}): ${replacement === null ? 'nothing is needed in its place' : replacement}`,
      ),
    ].join('\n'),
  };
}

const presetLine = (preset: Preset): string =>
  [
    `preset ${preset.id}: ${preset.title}`,
    `memory share ${preset.gpuMemoryFraction}`,
    `${preset.sequences} sequences`,
    `evaluation batch ${preset.evaluationBatch}`,
    `prefix caching ${preset.prefixCaching ? 'on' : 'off'}`,
    `context ${preset.maxModelLen}`,
    `quantisation ${preset.quantization ?? 'the model’s own'}`,
    `agent temperature ${preset.agentTemperature}`,
  ].join(' · ');

function deploymentLines({ engine, version, commandLine, environment, settings, notes, remarks }: DescribedDeployment) {
  const pairs = (values: Readonly<Record<string, unknown>>, separator: string): readonly string[] =>
    Object.entries(values).map(([name, value]) => `${name}${separator}${String(value)}`);
  return [
    version === null ? engine : `${engine}, from ${version}`,
    ...(commandLine === '' ? [] : [`  ${commandLine}`]),
    ...(Object.keys(environment).length === 0 ? [] : [`  ${pairs(environment, '=').join(' ')}`]),
    ...(Object.keys(settings).length === 0 ? [] : [`  ${pairs(settings, ' ').join(' · ')}`]),
    ...notes.map((note) => `  ! ${note}`),
    ...remarks.map((remark) => `  · ${remark}`),
  ];
}
