import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { kvBytesPerToken, stateBytesPerSequence } from '../src/presets/architecture.ts';
import { findDevice } from '../src/presets/devices.ts';
import { promptActivationBytes } from '../src/presets/memory-estimate.ts';
import { modelRegistry } from '../src/presets/model-registry.ts';
import { decodeLimit, prefillLimit, type SpeedDemand } from '../src/presets/physics.ts';
import { weightBytes } from '../src/presets/weight-bytes.ts';

const text = readFileSync(new URL('../docs/system.md', import.meta.url), 'utf8');
const lines = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].flatMap((match) => (match[1] ?? '').trim().split('\n'));

const architecture = (id: string) => modelRegistry().find((row) => row.architecture.id === id)?.architecture;

/** A model on a device under a load: one sequence of no context, unless said otherwise. */
const load = (id: string, device: string, fields: Partial<SpeedDemand> = {}) => ({
  architecture: architecture(id),
  device: findDevice(device),
  quantization: null,
  weightBytes: null,
  kvElementBytes: 2,
  devices: 1,
  sequences: 1,
  contextTokens: 0,
  tokensPerStep: 1,
  ...fields,
});

const documented = {
  architecture,
  load,
  findDevice,
  kvBytesPerToken,
  stateBytesPerSequence,
  promptActivationBytes,
  decodeLimit,
  prefillLimit,
  weightBytes,
};

describe('docs/system.md', () => {
  it.each(lines)('%s', (line) => {
    const [, expression = '', expected = ''] = /^(.*) \/\/ → (.*)$/.exec(line) ?? [];
    const context = createContext({ ...documented });
    expect(runInContext(expression, context)).toEqual(runInContext(expected, context));
  });

  it('has examples', () => {
    expect(lines.length).toBeGreaterThan(8);
  });

  it('names the limits that the code has', () => {
    const source = (path: string) => readFileSync(new URL(`../src/${path}`, import.meta.url), 'utf8');
    expect(source('diagnosis/verdicts/impossible-memory.ts')).toContain('leastShare = 0.97');
    expect(source('diagnosis/verdicts/impossible-speed.ts')).toMatch(/tolerance = 1\.05[^]*measuredTolerance = 1\.5/);
    expect(source('diagnosis/verdicts/slow-decode.ts')).toContain('farBelow = 0.25');
    expect(source('runner/find-bottleneck.ts')).toContain('busyClient = 0.85');
  });
});
