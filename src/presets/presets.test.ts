import { describe, expect, it } from 'vitest';
import { allPresets, presets } from './presets.ts';

describe('presets', () => {
  it('has the tracker’s three', () => {
    expect(
      presets.map(({ id, gpuMemoryFraction, sequences, evaluationBatch, prefixCaching }) => [
        id,
        gpuMemoryFraction,
        sequences,
        evaluationBatch,
        prefixCaching,
      ]),
    ).toEqual([
      ['performance', 0.9, 128, 16, true],
      ['balanced', 0.85, 64, 8, true],
      ['memory_optimized', 0.7, 32, 4, false],
    ]);
    for (const preset of presets)
      expect(preset).toMatchObject({ maxModelLen: 32_768, quantization: null, agentTemperature: 0.1 });
  });

  it('takes over what a preset of the user does not say', () => {
    const own = allPresets({
      small: { extends: 'memory_optimized', sequences: 8, maxModelLen: 4096 },
      tiny: { extends: 'small', title: 'smaller still', sequences: 4 },
    });
    expect(own.at(-2)).toEqual({
      ...presets[2],
      id: 'small',
      title: 'own preset, from memory_optimized',
      sequences: 8,
      maxModelLen: 4096,
    });
    expect(own.at(-1)).toMatchObject({ id: 'tiny', title: 'smaller still', sequences: 4, maxModelLen: 4096 });
  });

  it.each([
    [{ balanced: {} }, 'there is one of that name'],
    [{ 'No Name': {} }, 'its name'],
    [{ mine: { sequencs: 8 } }, 'sequencs'],
    [{ mine: { gpuMemoryFraction: 1.2 } }, 'gpuMemoryFraction'],
    [{ mine: { extends: 'nothing' } }, 'it extends nothing'],
    [{ mine: { sequences: 4 } }, 'evaluation batch 8 is above its 4 sequences'],
    [{ mine: 3 }, 'preset mine is wrong'],
  ])('refuses %j', (own, problem) => {
    expect(() => allPresets(own)).toThrow(problem);
  });
});
