import { describe, expect, it } from 'vitest';
import { isQwenEvalError } from '../../core/errors.ts';
import { findModel } from '../../presets/find-model.ts';
import { modelRegistry, type RegistryModel } from '../../presets/model-registry.ts';
import { presets } from '../../presets/presets.ts';
import { proportionEstimate } from '../../stats/proportion-estimate.ts';
import { describeAdvice } from './describe-advice.ts';
import type { DeploymentNeeds } from './deployment-needs.ts';
import { machineHardware, namedHardware } from './hardware.ts';
import type { MeasuredScore, MeasuredSystem } from './measured-evidence.ts';
import { recommendDeployment } from './recommend-deployment.ts';

const none: DeploymentNeeds = {
  category: null,
  qualityFloor: null,
  latencyMs: null,
  contextTokens: null,
  budgetPerMillionTokens: null,
  pricePerHour: null,
};

const rowOf = (id: string): RegistryModel => findModel(id).match?.model ?? expect.unreachable();
const [small, large] = [rowOf('qwen3_4b'), rowOf('qwen3_8b')];
const h100 = namedHardware({ gpu: 'H100', count: 1, memoryGib: null });

const score = (model: string, successes: number, changes: Partial<MeasuredScore> = {}): MeasuredScore => ({
  model,
  preset: 'balanced',
  engine: 'vllm',
  quantization: null,
  mode: 'non-thinking',
  task: 'gsm8k',
  category: 'math',
  headline: 'accuracy',
  estimate: proportionEstimate(successes, 1000),
  runId: `${model}-${successes}`,
  ...changes,
});

const system = (model: string, changes: Partial<MeasuredSystem> = {}): MeasuredSystem => ({
  model,
  preset: 'balanced',
  engine: 'vllm',
  quantization: null,
  outputTokensPerSecond: { value: 2000, low: 1950, high: 2050, level: 0.95, method: 'batch-means-t', n: 10 },
  timeToFirstTokenMs: 120,
  memoryBytes: 60 * 2 ** 30,
  cards: ['NVIDIA H100 80GB HBM3'],
  runId: `${model}-system`,
  ...changes,
});

const recommend = (
  given: {
    readonly scores?: readonly MeasuredScore[];
    readonly systems?: readonly MeasuredSystem[];
    readonly needs?: Partial<DeploymentNeeds>;
    readonly hardware?: typeof h100;
    readonly models?: readonly RegistryModel[];
    readonly engine?: string;
  } = {},
) =>
  describeAdvice(
    recommendDeployment(
      { models: given.models ?? [small, large], presets, engine: given.engine ?? null, quantization: null },
      {
        hardware: given.hardware ?? h100,
        needs: { ...none, ...given.needs },
        evidence: { scores: given.scores ?? [], systems: given.systems ?? [] },
        basePreset: 'balanced',
      },
    ),
  );

describe('recommendDeployment', () => {
  it('without measurements assumes that larger is better, says so, and names what to measure', () => {
    const { advice, confidence, reason, wouldChange, alternatives } = recommend();
    expect(advice).toMatchObject({ model: 'qwen3_8b', engine: 'vllm', quantization: null, preset: 'balanced' });
    expect(advice?.command).toMatch(/^vllm serve Qwen\/Qwen3-8B --gpu-memory-utilization 0\.85 --max-num-seqs 64 /);
    expect(advice?.memory.estimatedBytes).toBeGreaterThan(16e9);
    expect(advice?.throughput).toMatchObject({
      runId: null,
      outputTokensPerSecond: { unavailable: 'not measured on this hardware' },
    });
    expect(advice?.throughput.limitTokensPerSecond).toBeGreaterThan(1000);
    expect(confidence).toBe('assumed');
    expect(reason).toContain('newer and larger models are better is assumed');
    expect(wouldChange[0]?.command).toBe(
      'qwen-eval run --model qwen3_8b --engine vllm --preset balanced --suite tracker',
    );
    expect(alternatives.map(({ model }) => model)).not.toContain('');
  });

  it('does not offer weights made for other accelerators', () => {
    const made = modelRegistry().filter(({ repositories }) =>
      repositories.some(({ quantization }) => quantization.startsWith('ascend')),
    );
    expect(made.length).toBeGreaterThan(0);
    const { advice, alternatives } = recommend({ models: made });
    expect(advice).not.toBeNull();
    expect(alternatives.length).toBeGreaterThan(0);
    expect([advice, ...alternatives].map((one) => one?.quantization)).not.toContain('ascend_w8a8');
  });

  it('takes the measured one, with its memory and throughput, and names the rival that is not told apart', () => {
    const { advice, confidence, reason, wouldChange } = recommend({
      scores: [score('qwen3_4b', 850), score('qwen3_8b', 870)],
      systems: [system('qwen3_8b')],
    });
    expect(advice).toMatchObject({
      model: 'qwen3_8b',
      memory: { measuredBytes: 60 * 2 ** 30, runId: 'qwen3_8b-system' },
      throughput: { runId: 'qwen3_8b-system', outputTokensPerSecond: { value: 2000 } },
      firstTokenMs: { p95: 120 },
      quality: { runIds: ['qwen3_8b-870'] },
    });
    expect([confidence, reason]).toEqual(['measured', 'measured 87.0 % [84.8, 88.9] over math']);
    const rival = wouldChange.find(({ why }) => why.startsWith('qwen3_4b is not told apart'));
    expect(rival?.why).toMatch(/about \d+ samples of each would$/);
  });

  it('prefers a small model that was measured to a large one that was not', () => {
    const { advice, wouldChange } = recommend({ scores: [score('qwen3_4b', 850)] });
    expect(advice?.model).toBe('qwen3_4b');
    expect(wouldChange.map(({ why }) => why)).toContain('qwen3_8b has room too and was never measured');
  });

  it('does not lend a score to other weights or another category', () => {
    const quantised = score('qwen3_8b', 900, { quantization: 'awq' });
    expect(recommend({ scores: [quantised] }).advice).toMatchObject({ model: 'qwen3_8b', quantization: 'awq' });
    const other = recommend({ scores: [score('qwen3_4b', 900)], needs: { category: 'code' } });
    expect(other).toMatchObject({ advice: { model: 'qwen3_8b' }, confidence: 'assumed' });
  });

  it('leaves out what is known to fail, and counts why', () => {
    const floor = recommend({ scores: [score('qwen3_8b', 700), score('qwen3_4b', 900)], needs: { qualityFloor: 0.8 } });
    expect(floor).toMatchObject({ advice: { model: 'qwen3_4b', meets: { quality: 'yes' } }, confidence: 'measured' });
    expect(floor.left['its measured quality is below the floor']).toBeGreaterThan(0);
    const slow = recommend({ systems: [system('qwen3_8b', { timeToFirstTokenMs: 900 })], needs: { latencyMs: 500 } });
    expect(slow.left['its first token comes too late']).toBe(1);
    expect(slow.advice?.meets.latency).toBe('unknown');
    const dear = recommend({
      systems: [system('qwen3_8b')],
      needs: { pricePerHour: 36, budgetPerMillionTokens: 4 },
      engine: 'vllm',
    });
    expect(dear.left['its tokens cost too much']).toBeGreaterThan(0);
    const cheap = recommend({
      systems: [system('qwen3_8b')],
      scores: [score('qwen3_8b', 900)],
      needs: { pricePerHour: 3.6, budgetPerMillionTokens: 4 },
    });
    expect(cheap.advice).toMatchObject({ costPerMillionTokens: { basis: 'measured' }, meets: { budget: 'yes' } });
    expect(cheap.advice?.costPerMillionTokens?.value).toBeCloseTo(0.5, 10);
  });

  it('knows what has room, on one card, on several and on a processor', () => {
    const laptop = recommend({ hardware: namedHardware({ gpu: 'a card', count: 1, memoryGib: 8 }) });
    expect(laptop.left['it has no room for one sequence of the context']).toBeGreaterThan(0);
    expect(laptop.advice?.memory.estimatedBytes).toBeLessThanOrEqual(8 * 2 ** 30);
    const pair = recommend({
      models: [rowOf('qwen2_5_72b_instruct')],
      hardware: { ...h100, count: 3, memoryBytes: 3 * h100.memoryBytes },
    });
    expect(pair.advice).toMatchObject({ model: 'qwen2_5_72b_instruct', engine: 'vllm' });
    expect(pair.advice?.command).toMatch(/--tensor-parallel-size 3$/);
    const processor = recommend({
      models: modelRegistry().filter(({ id }) => id === 'qwen3_0_6b'),
      hardware: machineHardware({
        cards: [],
        processor: 'a processor',
        memoryBytes: 8 * 2 ** 30,
        memoryBandwidth: 40e9,
      }),
    });
    expect(processor.advice).toMatchObject({
      engine: 'llama-cpp',
      command: expect.stringMatching(/^qwen-eval run --model qwen3_0_6b --engine llama-cpp/) as string,
    });
    expect(processor.advice?.throughput.limitTokensPerSecond).toBeGreaterThan(10);
    const tiny = recommend({ hardware: namedHardware({ gpu: 'a card', count: 1, memoryGib: 1 }) });
    expect(tiny).toMatchObject({ advice: null, confidence: 'none' });
    expect(tiny.reason).toContain('it has no room');
  });

  it('asks for a longer context with the flags that give it, or leaves the model out', () => {
    const long = recommend({ needs: { contextTokens: 65_536 }, engine: 'vllm' });
    expect(long.advice?.command).toContain('"rope_type":"yarn"');
    expect(recommend({ needs: { contextTokens: 1_000_000 } })).toMatchObject({ advice: null });
  });
});

describe('hardware', () => {
  it('is what the driver says, or what the user names', () => {
    const cards = [1, 2].map(() => ({ name: 'NVIDIA GeForce RTX 4090', memoryTotalBytes: 24 * 2 ** 30 }));
    expect(machineHardware({ cards, processor: 'x', memoryBytes: 1, memoryBandwidth: null })).toMatchObject({
      kind: 'gpu',
      count: 2,
      memoryBytes: 48 * 2 ** 30,
      device: { id: 'rtx_4090' },
    });
    expect(namedHardware({ gpu: 'A100 80GB', count: 2, memoryGib: null })).toMatchObject({
      memoryBytes: 160 * 2 ** 30,
    });
    try {
      namedHardware({ gpu: 'unheard of', count: 1, memoryGib: null });
      expect.unreachable();
    } catch (error) {
      expect(isQwenEvalError(error) && error.code).toBe('E_OPTION_INVALID');
    }
  });
});
