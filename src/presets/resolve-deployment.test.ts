import { describe, expect, it } from 'vitest';
import { describePreset } from './describe-preset.ts';
import { findModel } from './find-model.ts';
import { flagArguments, hasFlag, refuseRemovedFlags, type DeploymentInput } from './flags/flag-table.ts';
import { llamaCppFlags } from './flags/llama-cpp.ts';
import { llamaServerFlags } from './flags/llama-server.ts';
import { ollamaFlags } from './flags/ollama.ts';
import { sglangFlags } from './flags/sglang.ts';
import { vllmFlags } from './flags/vllm.ts';
import type { RegistryModel } from './model-registry.ts';
import { allPresets, presets } from './presets.ts';
import { flagTableOf, flagTables, resolveDeployment } from './resolve-deployment.ts';

const model = (id: string): RegistryModel => {
  const match = findModel(id).match;
  if (!match) throw new Error(`no model ${id}`);
  return match.model;
};

const preset = (id: string) => {
  const found = presets.find((row) => row.id === id);
  if (!found) throw new Error(`no preset ${id}`);
  return found;
};

const input = (changes: Partial<DeploymentInput> & { readonly id?: string } = {}): DeploymentInput => {
  const { id = 'balanced', ...rest } = changes;
  return {
    preset: preset(id),
    version: null,
    knownFlags: null,
    model: null,
    trainedContext: null,
    contextLength: null,
    quantization: null,
    threads: null,
    ...rest,
  };
};

const line = (table: typeof vllmFlags, changes: Parameters<typeof input>[0]): string =>
  flagArguments(table.resolve(input(changes)).flags).join(' ');

describe('vLLM', () => {
  it('takes the three presets', () => {
    const version = '0.10.2';
    expect(line(vllmFlags, { id: 'performance', version })).toBe(
      '--gpu-memory-utilization 0.9 --max-num-seqs 128 --max-model-len 32768 --enable-prefix-caching --generation-config vllm',
    );
    expect(line(vllmFlags, { id: 'balanced', version })).toBe(
      '--gpu-memory-utilization 0.85 --max-num-seqs 64 --max-model-len 32768 --enable-prefix-caching --generation-config vllm',
    );
    expect(line(vllmFlags, { id: 'memory_optimized', version })).toBe(
      '--gpu-memory-utilization 0.7 --max-num-seqs 32 --max-model-len 32768 --no-enable-prefix-caching --generation-config vllm',
    );
  });

  it('names the parsers of the family as the version wants them', () => {
    const at = (version: string, id: string) => line(vllmFlags, { version, model: model(id) });
    expect(at('0.8.5', 'qwen3_8b')).toContain('--reasoning-parser qwen3 --enable-reasoning --enable-auto-tool-choice');
    expect(at('0.10.2', 'qwen3_8b')).not.toContain('--enable-reasoning');
    expect(at('0.10.2', 'qwen3_8b')).toContain('--tool-call-parser hermes');
    expect(at('0.10.2', 'qwen3_4b_thinking_2507')).toContain('--reasoning-parser deepseek_r1');
    expect(at('0.17.0', 'qwen3_5_9b')).toContain('--tool-call-parser qwen3_coder --language-model-only');
    expect(at('0.10.2', 'qwen2_5_7b')).not.toContain('parser');
  });

  it('says when the version is older than the family', () => {
    expect(vllmFlags.resolve(input({ version: '0.10.2', model: model('qwen3_5_9b') })).notes).toEqual([
      'vLLM 0.10.2 is older than 0.17.0, the first that serves Qwen3.5',
    ]);
  });

  it('scales the context by the flag the version has, and only as far as the family publishes', () => {
    const at = (version: string, id: string, contextLength: number) =>
      vllmFlags.resolve(input({ version, model: model(id), contextLength }));
    expect(at('0.10.2', 'qwen3_8b', 65_536).flags['--hf-overrides']).toBe(
      '{"rope_scaling":{"rope_type":"yarn","factor":2,"original_max_position_embeddings":32768}}',
    );
    expect(at('0.12.0', 'qwen3_8b', 131_072)).toMatchObject({
      flags: {
        '--max-model-len': 131_072,
        '--hf-overrides':
          '{"rope_parameters":{"rope_type":"yarn","factor":4,"original_max_position_embeddings":32768,"rope_theta":1000000}}',
      },
      notes: [expect.stringContaining('static YaRN with factor 4')],
    });
    expect(at('0.17.0', 'qwen3_5_9b', 524_288)).toMatchObject({
      environment: { VLLM_ALLOW_LONG_MAX_MODEL_LEN: '1' },
      flags: { '--hf-overrides': expect.stringMatching(/^\{"text_config":\{"rope_parameters":/) as string },
    });
    expect(() => at('0.12.0', 'qwen3_8b', 262_144)).toThrow('longer than the 32768');
    expect(() => at('0.12.0', 'qwen3_0_6b', 65_536)).toThrow('longer than the 32768');
  });

  it('cuts the preset’s context to what the model has, and takes any the model is not known to lack', () => {
    const { flags, remarks } = vllmFlags.resolve(input({ trainedContext: 4096 }));
    expect(flags['--max-model-len']).toBe(4096);
    expect(remarks).toEqual([
      'context of 4096 tokens in place of the preset’s 32768: the model was trained for no more',
    ]);
    expect(line(vllmFlags, { contextLength: 99_999 })).toContain('--max-model-len 99999');
  });

  it('quantises only where the weights are not', () => {
    expect(vllmFlags.resolve(input({ quantization: 'fp8' })).notes).toEqual([]);
    expect(line(vllmFlags, { quantization: 'fp8' })).toContain('--quantization fp8');
    expect(vllmFlags.resolve(input({ quantization: 'awq' })).notes[0]).toContain('must hold such weights');
    expect(vllmFlags.resolve(input({ quantization: 'bitsandbytes', version: '0.27.0' })).notes[0]).toContain('plugin');
  });

  it.each([
    ['--enable-reasoning', '0.9.2', '0.10.2'],
    ['--swap-space', '0.10.2', '0.27.0'],
    ['--rope-scaling', '0.10.2', '0.12.0'],
    ['--num-scheduler-steps', '0.9.2', '0.10.2'],
    ['--use-v2-block-manager', '0.9.2', '0.10.2'],
  ])('refuses %s of the user in versions without it, with what replaced it', (flag, older, newer) => {
    expect(() => refuseRemovedFlags(vllmFlags, [flag, '4'], older)).not.toThrow();
    expect(() => refuseRemovedFlags(vllmFlags, [`${flag}=4`], newer)).toThrow(`has no ${flag}: it is gone since`);
    expect(hasFlag(vllmFlags, flag, { version: null, knownFlags: null })).toBe(false);
  });

  it('never sends a flag that the version does not have', () => {
    for (const version of ['0.6.3', '0.7.3', '0.8.5', '0.9.2', '0.10.2', '0.11.0', '0.12.0', '0.17.0', '0.26.0'])
      for (const { id } of presets)
        for (const name of ['qwen2_5_7b_instruct', 'qwen3_8b', 'qwen3_5_9b', 'qwen3_8_27b']) {
          const { flags } = vllmFlags.resolve(input({ id, version, model: model(name) }));
          const unknown = Object.keys(flags).filter((flag) => !hasFlag(vllmFlags, flag, { version, knownFlags: null }));
          expect({ version, name, unknown }).toEqual({ version, name, unknown: [] });
        }
  });
});

describe('SGLang', () => {
  it('takes the presets by its own names', () => {
    expect(line(sglangFlags, { version: '0.5.4', model: model('qwen3_8b') })).toBe(
      '--mem-fraction-static 0.85 --max-running-requests 64 --context-length 32768 --reasoning-parser qwen3 --tool-call-parser qwen25 --enable-metrics --sampling-defaults openai',
    );
    expect(line(sglangFlags, { id: 'memory_optimized', version: '0.4.6' })).toBe(
      '--mem-fraction-static 0.7 --max-running-requests 32 --context-length 32768 --disable-radix-cache --enable-metrics',
    );
  });
});

describe('llama-server', () => {
  const known = new Set(['--parallel', '--ctx-size', '--jinja', '--metrics', '--flash-attn', '--cache-type-k']);

  it('gives each slot its context', () => {
    expect(line(llamaServerFlags, { version: '11434', trainedContext: 32_768, threads: 2 })).toBe(
      '--parallel 8 --ctx-size 65536 --no-context-shift --jinja --metrics --threads 2 --temp 1 --top-k 0 --top-p 1 --min-p 0 --verbosity 4',
    );
    expect(line(llamaServerFlags, { contextLength: 1024, id: 'performance' })).toContain('--ctx-size 16384');
  });

  it('halves the KV cache where memory is to be saved', () => {
    expect(line(llamaServerFlags, { id: 'memory_optimized', version: '11434' })).toBe(
      '--parallel 4 --ctx-size 16384 --cache-type-k q8_0 --cache-type-v q8_0 --flash-attn on --ubatch-size 256 --cache-ram 0 --no-cache-prompt --no-context-shift --jinja --metrics --temp 1 --top-k 0 --top-p 1 --min-p 0 --verbosity 4',
    );
    expect(llamaServerFlags.resolve(input({ id: 'memory_optimized', version: '5000' })).flags['--flash-attn']).toBe(
      true,
    );
  });

  it('leaves out what the installed build does not list, and says so', () => {
    const { flags, notes } = llamaServerFlags.resolve(input({ id: 'memory_optimized', knownFlags: known }));
    expect(Object.keys(flags).every((flag) => known.has(flag))).toBe(true);
    expect(notes).toContain('llama-server has no --no-cache-prompt: left out');
    expect(
      llamaServerFlags.resolve(input({ id: 'memory_optimized', version: '0.6.0-dev' })).flags['--flash-attn'],
    ).toBe('on');
  });
});

describe('the embedded engine and Ollama', () => {
  it('have 8, 4 and 1 sequences with context and KV type scaled', () => {
    const settings = presets.map(({ id }) => llamaCppFlags.resolve(input({ id, threads: 2 })).settings);
    expect(settings).toEqual([
      { sequences: 8, contextLength: 4096, batchSize: 512, kvCacheType: 'f16', threads: 2 },
      { sequences: 4, contextLength: 4096, batchSize: 512, kvCacheType: 'f16', threads: 2 },
      { sequences: 1, contextLength: 2048, batchSize: 256, kvCacheType: 'q8_0', threads: 2 },
    ]);
    expect(llamaCppFlags.resolve(input({ contextLength: 16_384 })).settings['contextLength']).toBe(16_384);
  });

  it('tell Ollama by its environment', () => {
    expect(ollamaFlags.resolve(input({ id: 'memory_optimized' })).environment).toEqual({
      OLLAMA_NUM_PARALLEL: '4',
      OLLAMA_CONTEXT_LENGTH: '4096',
      OLLAMA_MAX_LOADED_MODELS: '1',
      OLLAMA_FLASH_ATTENTION: '1',
      OLLAMA_KV_CACHE_TYPE: 'q8_0',
    });
  });
});

describe('resolveDeployment', () => {
  it('resolves no two presets of the tracker to the same', () => {
    for (const table of flagTables)
      for (const { id } of presets)
        for (const trainedContext of [null, 512, 32_768]) {
          const { notes } = resolveDeployment(table, input({ id, trainedContext }), presets);
          expect(notes.filter((note) => note.includes('is the same as'))).toEqual([]);
        }
  });

  it('says which presets are the same on an engine', () => {
    const own = allPresets({ twin: { extends: 'performance', sequences: 200, gpuMemoryFraction: 0.95 } });
    const performance = input({ id: 'performance' });
    expect(resolveDeployment(llamaCppFlags, performance, own).notes).toEqual([
      'on llama-cpp this preset is the same as twin',
    ]);
    expect(resolveDeployment(vllmFlags, performance, own).notes).toEqual([]);
  });

  it('knows the engines that take presets', () => {
    expect(flagTables.map((table) => table.engine)).toEqual(['vllm', 'sglang', 'llama-server', 'llama-cpp', 'ollama']);
    expect(flagTableOf('openai-compatible')).toBeNull();
  });
});

describe('describePreset', () => {
  it('shows each engine by version and the flags that are gone', () => {
    const { deployments, removedFlags } = describePreset(preset('balanced'), {
      presets,
      engine: 'vllm',
      model: model('qwen3_8b'),
      trainedContext: null,
      contextLength: 65_536,
      quantization: null,
      threads: null,
    });
    expect(deployments[0]?.version).toBe('0.12.0');
    expect(deployments[0]?.commandLine).toContain(`--hf-overrides '{"rope_parameters":`);
    expect(new Set(deployments.map((row) => row.engine))).toEqual(new Set(['vllm']));
    expect(removedFlags.find((row) => row.flag === '--task')).toMatchObject({ replacement: '--runner and --convert' });
  });
});
