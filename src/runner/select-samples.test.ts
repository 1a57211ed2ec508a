import { describe, expect, it } from 'vitest';
import type { Sample } from '../core/sample.ts';
import { selectSamples } from './select-samples.ts';

const samples: readonly Sample[] = Array.from({ length: 100 }, (_, index) => ({
  id: `s${index}`,
  category: index < 60 ? 'a' : index < 90 ? 'b' : 'c',
  cluster: null,
  input: null,
  target: null,
}));
const fromArray = () => Promise.resolve(samples);
const fromGenerator = () =>
  Promise.resolve(
    (function* () {
      yield* samples;
    })(),
  );
const ids = async (selection: { open(): Promise<Iterable<Sample>> }) =>
  [...(await selection.open())].map((sample) => sample.id);

describe('selectSamples', () => {
  it('takes all, or the first N, the same from a list and from a generator', async () => {
    for (const limit of [null, 3, 500]) {
      const [a, b] = await Promise.all([
        selectSamples(fromArray, { limit, sampleSeed: null }),
        selectSamples(fromGenerator, { limit, sampleSeed: null }),
      ]);
      expect(a.count).toBe(Math.min(limit ?? 100, 100));
      expect(a.digest).toBe(b.digest);
      expect(await ids(a)).toEqual(samples.slice(0, a.count).map((sample) => sample.id));
      expect(await ids(b)).toEqual(await ids(b));
    }
  });

  it('draws a stratified subset in dataset order, the same for the same seed', async () => {
    const draw = (sampleSeed: number) => selectSamples(fromGenerator, { limit: 20, sampleSeed });
    const [a, again, other] = await Promise.all([draw(1), draw(1), draw(2)]);
    expect(a.digest).toBe(again.digest);
    expect(a.digest).not.toBe(other.digest);
    const chosen = [...(await a.open())];
    expect(chosen.map((sample) => sample.category).join('')).toBe(`${'a'.repeat(12)}${'b'.repeat(6)}${'c'.repeat(2)}`);
  });

  it('refuses an empty dataset', async () => {
    await expect(selectSamples(() => Promise.resolve([]), { limit: null, sampleSeed: null })).rejects.toMatchObject({
      code: 'E_DATASET_EMPTY',
    });
  });
});
