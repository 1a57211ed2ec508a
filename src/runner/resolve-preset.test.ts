import { describe, expect, it } from 'vitest';
import { resolvePreset } from './resolve-preset.ts';

const asked = { preset: 'balanced', maxConnections: null, maxModelLen: null };
const local = { local: true, adopted: false };

describe('resolvePreset', () => {
  it('keeps the context of a local engine to what the model was trained on', () => {
    const contextOf = (modelContextLength: number | null) =>
      resolvePreset(asked, { ...local, modelContextLength }).engine.contextLength;
    expect([contextOf(2048), contextOf(131_072), contextOf(null)]).toEqual([2048, 4096, 4096]);
  });

  it('leaves a context that was asked for as it is, so that the engine can refuse it', () => {
    const choice = resolvePreset({ ...asked, maxModelLen: 3000 }, { ...local, modelContextLength: 2048 });
    expect(choice.engine.contextLength).toBe(3000);
  });

  it('suggests a preset for a name nobody knows', () => {
    expect(() => resolvePreset({ ...asked, preset: 'balance' }, local)).toThrow(
      expect.objectContaining({ code: 'E_PRESET_UNKNOWN', hint: 'did you mean balanced?' }),
    );
  });
});
