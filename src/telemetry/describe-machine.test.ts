import { afterEach, describe, expect, it, vi } from 'vitest';
import { pathWithFakeNvidiaSmi } from '../../test/support/fake-command-path.ts';
import { commandRunner, type RunCommand } from './command-runner.ts';
import { describeMachine } from './describe-machine.ts';

afterEach(() => vi.unstubAllEnvs());

describe('describeMachine', () => {
  it('names cards, driver and CUDA version', async () => {
    vi.stubEnv('PATH', pathWithFakeNvidiaSmi);
    vi.stubEnv('QE_FAKE_SMI', 'two');
    const facts = await describeMachine(commandRunner());
    expect(facts).toMatchObject({ driver: '550.54.15', cuda: '12.4' });
    expect(facts.cards.map(({ name }) => name)).toEqual(['NVIDIA H100 80GB HBM3', 'NVIDIA H100 80GB HBM3']);
  });

  it('finds AMD cards by rocm-smi, and none where no driver answers', async () => {
    const amd: RunCommand = async (program) =>
      program === 'rocm-smi'
        ? { kind: 'output', text: '{"card0": {"Card Series": "AMD Instinct MI300X", "VRAM Total Memory (B)": "206"}}' }
        : { kind: 'missing', reason: 'not installed' };
    expect(await describeMachine(amd)).toMatchObject({
      cards: [{ name: 'AMD Instinct MI300X', memoryTotalBytes: 206 }],
      driver: null,
      cuda: null,
    });
    const nothing: RunCommand = async () => ({ kind: 'missing', reason: 'not installed' });
    expect(await describeMachine(nothing)).toEqual({ cards: [], driver: null, cuda: null });
  });
});
