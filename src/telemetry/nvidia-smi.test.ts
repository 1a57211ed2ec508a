import { afterEach, describe, expect, it, vi } from 'vitest';
import { fakeNvidiaSmi } from '../../test/support/fake-command-path.ts';
import { commandRunner } from './command-runner.ts';
import { NvidiaSmi } from './nvidia-smi.ts';

const mebibyte = 2 ** 20;
const engine = new Set([4242]);

afterEach(() => vi.unstubAllEnvs());

const ask = (shape: string, processes: ReadonlySet<number> = engine) => {
  vi.stubEnv('QE_FAKE_SMI', shape);
  return new NvidiaSmi(commandRunner(), fakeNvidiaSmi).read(processes);
};

const cardsOf = async (shape: string, processes?: ReadonlySet<number>) => {
  const reading = await ask(shape, processes);
  if (reading.kind !== 'read') throw new Error(reading.reason);
  return reading.gpus;
};

describe('NvidiaSmi', () => {
  it('reads a card, and the memory of the engine’s processes on it', async () => {
    expect(await cardsOf('one')).toEqual([
      {
        id: 'GPU-11111111-aaaa-bbbb-cccc-000000000000',
        name: 'NVIDIA H100 80GB HBM3',
        memoryUsedBytes: 70_123 * mebibyte,
        memoryTotalBytes: 81_559 * mebibyte,
        utilization: 0.97,
        memoryUtilization: 0.61,
        powerWatts: 431.2,
        temperatureCelsius: 58,
        engineMemoryBytes: 69_888 * mebibyte,
        isPartitioned: false,
      },
    ]);
  });

  it('keeps two cards apart: other processes’ memory is not the engine’s', async () => {
    const [first, second] = await cardsOf('two');
    expect(first?.engineMemoryBytes).toBe(69_888 * mebibyte);
    expect(second?.engineMemoryBytes).toBe(0);
    expect(second?.memoryUsedBytes).toBe(512 * mebibyte);
    expect(second?.utilization).toBe(0);
  });

  it('says that a card is split into instances', async () => {
    const [card] = await cardsOf('mig');
    expect(card).toMatchObject({ isPartitioned: true, utilization: null, engineMemoryBytes: 5120 * mebibyte });
  });

  it('gives null, never 0, for what the driver does not say', async () => {
    const [unified] = await cardsOf('unified');
    expect(unified).toMatchObject({
      memoryUsedBytes: null,
      memoryTotalBytes: null,
      utilization: null,
      powerWatts: null,
      engineMemoryBytes: 6144 * mebibyte,
    });
    const [broken] = await cardsOf('broken');
    expect(broken).toMatchObject({ utilization: null, powerWatts: null, engineMemoryBytes: null });
    expect(broken?.memoryUsedBytes).toBe(70_123 * mebibyte);
  });

  it('tells no process apart in a container, nor without permission', async () => {
    expect((await cardsOf('container'))[0]?.engineMemoryBytes).toBeNull();
    expect((await cardsOf('old'))[0]?.engineMemoryBytes).toBeNull();
    expect((await cardsOf('one', new Set()))[0]?.engineMemoryBytes).toBeNull();
  });

  it('leaves out fields that an old driver does not know', async () => {
    const [card] = await cardsOf('old');
    expect(card).toMatchObject({ powerWatts: 412.55, isPartitioned: false, utilization: 0.97 });
  });

  it('passes on what a driver in trouble says', async () => {
    expect(await ask('driver-error')).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining("couldn't communicate with the NVIDIA driver"),
    });
    expect(await ask('no-devices')).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('No devices were found'),
    });
  });

  it('is missing where there is none', async () => {
    const reading = await new NvidiaSmi(commandRunner(), '/nowhere/nvidia-smi').read(engine);
    expect(reading).toEqual({ kind: 'missing', reason: '/nowhere/nvidia-smi is not installed' });
  });

  it('describes driver and cards', async () => {
    vi.stubEnv('QE_FAKE_SMI', 'two');
    const facts = await new NvidiaSmi(commandRunner(), fakeNvidiaSmi).describe();
    expect(facts?.driver).toBe('550.54.15');
    expect(facts?.cards).toHaveLength(2);
    expect(facts?.cards[0]).toMatchObject({ name: 'NVIDIA H100 80GB HBM3', computeCapability: '9.0' });
    vi.stubEnv('QE_FAKE_SMI', 'driver-error');
    expect(await new NvidiaSmi(commandRunner(), fakeNvidiaSmi).describe()).toBeNull();
  });

  it('gives up on a driver that hangs, at once when the measuring ends', async () => {
    vi.stubEnv('QE_FAKE_SMI', 'hang');
    const late = await commandRunner()(fakeNvidiaSmi, ['-L'], 100);
    expect(late).toEqual({ kind: 'failed', reason: `${fakeNvidiaSmi} gave no answer within 0.1 s` });
    const ending = new AbortController();
    const reading = new NvidiaSmi(commandRunner(ending.signal), fakeNvidiaSmi).read(engine);
    ending.abort();
    expect(await reading).toEqual({ kind: 'failed', reason: 'the measuring has ended' });
    expect(await commandRunner(ending.signal)(fakeNvidiaSmi, [], 100)).toMatchObject({ kind: 'failed' });
  });
});
