import { describe, expect, it } from 'vitest';
import { completeOptions, type RunOptions } from './run.ts';
import { confirmPreset, findPreset, resolvePreset, type PresetTarget } from './resolve-preset.ts';

const target = (changes: Partial<PresetTarget> = {}): PresetTarget => ({
  engineId: 'vllm',
  local: false,
  adopted: false,
  installation: { command: ['vllm'], version: '0.10.2', flags: null },
  model: null,
  trainedContext: null,
  quantization: null,
  ...changes,
});

const resolve = (options: RunOptions, changes: Partial<PresetTarget> = {}) =>
  resolvePreset(completeOptions(options), target(changes));

describe('resolvePreset', () => {
  it('gives a server its arguments and the plan the same flags', () => {
    const { preset, launch, engine } = resolve({ preset: 'performance' });
    expect(launch.args.slice(0, 4)).toEqual(['--gpu-memory-utilization', '0.9', '--max-num-seqs', '128']);
    expect(preset).toMatchObject({
      requested: 'performance',
      resolved: { '--gpu-memory-utilization': 0.9, '--max-num-seqs': 128, '--max-model-len': 32_768 },
      startConcurrency: 16,
      maxConcurrency: 128,
      observed: 'performance',
      confirmed: 'yes',
    });
    expect(engine).toMatchObject({ sequences: 128, contextLength: 32_768 });
  });

  it('lets flags of the user take the place of the preset’s, and says so', () => {
    const { preset, launch } = resolve({ engineOptions: { args: ['--max-num-seqs', '8', '-tp', '2'] } });
    expect(launch.args.filter((argument) => argument === '--max-num-seqs')).toHaveLength(1);
    expect(launch.args.slice(-4)).toEqual(['--max-num-seqs', '8', '-tp', '2']);
    expect(preset.notes).toEqual(['--max-num-seqs is the engine options’, not the preset’s']);
    expect(preset.resolved['ownArguments']).toEqual(['--max-num-seqs', '8', '-tp', '2']);
  });

  it('refuses flags that the version no longer has', () => {
    expect(() => resolve({ engineOptions: { args: ['--num-scheduler-steps', '8'] } })).toThrow(
      'vllm 0.10.2 has no --num-scheduler-steps',
    );
  });

  it('gives a server that runs already its client part only', () => {
    const { preset, launch } = resolve({ maxConnections: 12 }, { adopted: true, installation: null });
    expect(launch.args).toEqual([]);
    expect(preset).toMatchObject({
      resolved: {},
      observed: null,
      confirmed: 'unknown',
      startConcurrency: 8,
      maxConcurrency: 12,
    });
  });

  it('confirms or denies the preset of a server that runs already by what it shows', () => {
    const adopted = target({ engineId: 'openai-compatible', adopted: true, installation: null });
    const options = completeOptions({ preset: 'memory_optimized' });
    const choice = resolvePreset(options, adopted);
    const observed = {
      gpuMemoryFraction: 0.7,
      sequences: 32,
      contextLength: 32_768,
      prefixCaching: false,
      kvCacheType: null,
    };
    const confirm = (changes: Partial<typeof observed>, software: string | null = 'sglang') =>
      confirmPreset(choice, { options, target: adopted, observed: { ...observed, ...changes }, software });
    expect(confirm({})).toMatchObject({ observed: 'memory_optimized', confirmed: 'yes' });
    expect(confirm({ gpuMemoryFraction: 0.9 })).toMatchObject({ observed: null, confirmed: 'no' });
    expect(confirm({}, null)).toMatchObject({ observed: null, confirmed: 'unknown' });
  });

  it('keeps the context of a local engine to what the model was trained on, and refuses a longer one', () => {
    const embedded = { engineId: 'llama-cpp', local: true, installation: null };
    const contextOf = (trainedContext: number | null) =>
      resolve({}, { ...embedded, trainedContext }).engine.contextLength;
    expect([contextOf(2048), contextOf(131_072), contextOf(null)]).toEqual([2048, 4096, 4096]);
    expect(() => resolve({ maxModelLen: 3000 }, { ...embedded, trainedContext: 2048 })).toThrow('longer than the 2048');
  });

  it('finds presets of the user and suggests near names', () => {
    const presets = { small: { sequences: 16 } };
    expect(findPreset(completeOptions({ preset: 'small', presets }))).toMatchObject({ sequences: 16 });
    expect(() => findPreset(completeOptions({ preset: 'balancd' }))).toThrow('there is no preset balancd');
  });
});
