import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { builtInModelPath } from '../../src/runner/resolve-target.ts';
import { realQwen } from '../support/real-qwen.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';

const folder = temporaryFolder('show');
afterAll(() => rmSync(folder, { recursive: true }));

const show = async (...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> => {
  const { code, stdout } = await runCli(['show', ...args, '--json'], { cwd: folder });
  expect(code).toBe(0);
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
};

describe('show', { timeout: 60_000 }, () => {
  it('shows a preset on every engine for a model', async () => {
    const { deployments, removedFlags } = (await show('preset', 'memory_optimized', '--model', 'qwen3_8b')) as {
      readonly deployments: readonly { readonly engine: string; readonly commandLine: string }[];
      readonly removedFlags: readonly { readonly flag: string }[];
    };
    expect([...new Set(deployments.map((row) => row.engine))]).toEqual([
      'vllm',
      'sglang',
      'llama-server',
      'llama-cpp',
      'ollama',
    ]);
    expect(deployments[0]?.commandLine).toContain('--no-enable-prefix-caching');
    expect(removedFlags.map((row) => row.flag)).toContain('--swap-space');
  });

  it('shows presets of one’s own, and refuses engines without presets', async () => {
    const own = '{"mine": {"extends": "performance", "sequences": 32}}';
    expect(await show('preset', 'mine', '--presets', own)).toMatchObject({ sequences: 32, gpuMemoryFraction: 0.9 });
    const { code } = await runCli(['show', 'preset', 'balanced', '--engine', 'replay'], { cwd: folder });
    expect(code).toBe(2);
  });

  it('shows all the registry holds of a model', async () => {
    expect(await show('model', 'Qwen/Qwen3-8B')).toMatchObject({
      id: 'qwen3_8b',
      switch: 'enable_thinking',
      softSwitches: ['/think', '/no_think'],
      toolParsers: { vllm: 'hermes', sglang: 'qwen25' },
      reasoningParsers: { vllm: 'qwen3' },
      architecture: { layers: 36, heads: 32, kvHeads: 8, headSize: 128 },
      kvBytesPerToken: 147_456,
    });
  });

  it('describes a model file by its header, what it says of its origin included', async () => {
    expect(await show(builtInModelPath())).toMatchObject({ registryId: null, chatTemplate: true });
    const real = realQwen();
    if (real === null) return console.log('no real Qwen file: the header of a quantised file is not shown');
    expect(await show('model', real)).toMatchObject({
      registryId: 'qwen2_5_coder_0_5b_instruct',
      quantization: 'q4_k_m',
      warnings: [expect.stringContaining('were made from AWQ weights'), expect.anything()],
    });
  });

  it('shows an engine’s own options and whether its program is here', async () => {
    expect(await show('engine', 'vllm')).toMatchObject({
      program: expect.stringMatching(/vllm/) as string,
      options: { virtualEnvironment: { type: 'string' }, args: { type: 'array' } },
    });
  });

  it('says in words what an engine’s options may be', async () => {
    const { stdout } = await runCli(['show', 'engine', 'vllm'], { cwd: folder });
    expect(stdout).toContain('  command: string or list of strings\n');
    expect(stdout).toContain('  port: integer, 1 to 65535\n');
    expect(stdout).toContain('  probe: boolean (default: true)\n');
  });
});

it('names a few of the benchmarks whose data is missing, and where all are named', { timeout: 60_000 }, async () => {
  const { stdout } = await runCli(['doctor', '--offline', '--data-dir', folder], { cwd: folder });
  expect(stdout).toMatch(/data of 0 of \d+ benchmarks found; missing: (?:\w+, ){6}\w+ and \d+ more\n/);
  expect(stdout).toContain('`qwen-eval list tasks` names them all');
});
