import { describe, expect, it } from 'vitest';
import type { RunCommand } from './command-runner.ts';
import { gpuReader } from './open-sources.ts';
import { readRocmSmi } from './rocm-smi.ts';

const output = JSON.stringify({
  card0: {
    'Temperature (Sensor edge) (C)': '41.0',
    'Average Graphics Package Power (W)': '312.0',
    'GPU use (%)': '88',
    'VRAM Total Memory (B)': '206141652992',
    'VRAM Total Used Memory (B)': '10967052288',
    'Card Series': 'AMD Instinct MI300X',
  },
  system: { 'Driver version': '6.3.6' },
});

const answering =
  (text: string): RunCommand =>
  async (program) =>
    program === 'rocm-smi' ? { kind: 'output', text } : { kind: 'missing', reason: `${program} is not installed` };

describe('readRocmSmi', () => {
  it('reads cards from JSON', async () => {
    expect(await readRocmSmi(answering(output))).toEqual({
      kind: 'read',
      gpus: [
        {
          id: 'card0',
          name: 'AMD Instinct MI300X',
          memoryUsedBytes: 10_967_052_288,
          memoryTotalBytes: 206_141_652_992,
          utilization: 0.88,
          memoryUtilization: null,
          powerWatts: 312,
          temperatureCelsius: 41,
          engineMemoryBytes: null,
          isPartitioned: false,
        },
      ],
    });
  });

  it('gives null for what a release does not say, and a reason for output of another form', async () => {
    const reading = await readRocmSmi(answering('{"card0": {"GPU use (%)": "N/A"}}'));
    expect(reading).toMatchObject({ kind: 'read', gpus: [{ utilization: null, memoryUsedBytes: null }] });
    expect(await readRocmSmi(answering('No AMD GPUs'))).toMatchObject({ kind: 'failed' });
    expect(await readRocmSmi(answering('{}'))).toMatchObject({ kind: 'failed', reason: 'rocm-smi lists no card' });
  });

  it('is asked where there is no nvidia-smi', async () => {
    const read = gpuReader(() => new Set(), answering(output));
    expect(await read()).toMatchObject({ kind: 'value', value: [{ id: 'card0' }] });
    expect(await read()).toMatchObject({ kind: 'value', value: [{ id: 'card0' }] });
    const none = gpuReader(
      () => new Set(),
      async (program) => ({ kind: 'missing', reason: `${program} is not installed` }),
    );
    expect(await none()).toEqual({
      kind: 'problem',
      reason: 'neither nvidia-smi nor rocm-smi is installed',
      final: true,
    });
  });
});
