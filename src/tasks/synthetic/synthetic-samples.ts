import { QwenEvalError } from '../../core/errors.ts';
import type { TaskSettings } from '../../core/ports/task.ts';
import { seededRng, type Rng } from '../../stats/rng.ts';

/** One place in a synthetic sample set: everything a generator may depend on. */
export interface SamplePlace {
  /** `<split>/<seed>/<index>`. */
  readonly id: string;
  readonly index: number;
  readonly family: string;
  /** Difficulty: 0 is the easiest. */
  readonly level: number;
  /** Which of the samples that share a base item this is, from 0. */
  readonly variant: number;
  /** Id of the base item; equal for all its variants. */
  readonly item: string;
  /** Seeded by task, version, split, seed and base item: equal for all variants of an item. */
  readonly rng: Rng;
}

/** How a task lays its samples out over families, variants and levels. */
export interface SampleLayout {
  readonly task: string;
  readonly version: number;
  /** Families in turn; a family that stands twice gets twice the share. */
  readonly families: readonly string[];
  /** Variants of a base item, made one after the other; a function where families differ. */
  readonly variants: number | ((family: string) => number);
  readonly levels: readonly number[];
}

/**
 * Levels of difficulty that the settings ask for (`extra.levels`, a list of integers), else all of `known`.
 * Throws E_OPTION_INVALID when a level is not known.
 */
export function levelsOf(settings: TaskSettings, known: readonly number[]): readonly number[] {
  const asked = settings.extra['levels'];
  if (asked === undefined || asked === null) return known;
  const levels = Array.isArray(asked) ? asked : [asked];
  const wrong = levels.find((level) => typeof level !== 'number' || !known.includes(level));
  if (wrong !== undefined || levels.length === 0) {
    throw new QwenEvalError('E_OPTION_INVALID', `there is no difficulty level ${JSON.stringify(wrong ?? [])}`, {
      hint: `levels: ${known.join(', ')}`,
    });
  }
  return levels as readonly number[];
}

/** The places of a set in order, `settings.size` of them: families take turns, and the level rises each time all families had theirs. */
export function* samplePlaces(layout: SampleLayout, settings: TaskSettings): Generator<SamplePlace> {
  const { families, levels } = layout;
  const prefix = `${settings.split}/${settings.seed}`;
  let index = 0;
  for (let item = 0; index < settings.size; item++) {
    const family = families[item % families.length] ?? '';
    const level = levels[Math.floor(item / families.length) % levels.length] ?? 0;
    const variants = typeof layout.variants === 'number' ? layout.variants : layout.variants(family);
    for (let variant = 0; variant < variants && index < settings.size; variant++, index++) {
      const rng = seededRng(`${layout.task}@${layout.version}/${prefix}/${family}/${level}/${item}`);
      yield { id: `${prefix}/${index}`, index, family, level, variant, item: `${prefix}/item-${item}`, rng };
    }
  }
}

/** A sequence that can be read again and is made anew each time, so that nothing is held. */
export const lazily = <T>(make: () => Iterable<T>): Iterable<T> => ({
  [Symbol.iterator]: () => make()[Symbol.iterator](),
});
