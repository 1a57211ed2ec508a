import type { Rng } from '../../stats/rng.ts';

/** Words by the place they take in a sentence; every list has as many, so that all run out together. */
const slots = [
  [
    'old',
    'young',
    'quiet',
    'tall',
    'small',
    'green',
    'grey',
    'busy',
    'clever',
    'brave',
    'gentle',
    'happy',
    'hungry',
    'lonely',
    'lucky',
    'tired',
  ],
  [
    'farmer',
    'teacher',
    'painter',
    'sailor',
    'baker',
    'doctor',
    'writer',
    'singer',
    'hunter',
    'driver',
    'guard',
    'student',
    'nurse',
    'pilot',
    'judge',
    'artist',
  ],
  [
    'cleaned',
    'found',
    'carried',
    'watched',
    'moved',
    'painted',
    'bought',
    'sold',
    'opened',
    'closed',
    'described',
    'counted',
    'repaired',
    'lost',
    'followed',
    'drew',
  ],
  [
    'wooden',
    'heavy',
    'broken',
    'empty',
    'round',
    'yellow',
    'cheap',
    'little',
    'wet',
    'dark',
    'new',
    'long',
    'warm',
    'cold',
    'soft',
    'bright',
  ],
  [
    'table',
    'chair',
    'door',
    'boat',
    'bridge',
    'wall',
    'road',
    'train',
    'bottle',
    'picture',
    'letter',
    'garden',
    'tower',
    'wheel',
    'stone',
    'tree',
  ],
  [
    'in the morning',
    'at the market',
    'near the river',
    'before the storm',
    'after the dinner',
    'during the war',
    'under the moon',
    'in the winter',
    'by the window',
    'for the king',
    'with a friend',
    'on the hill',
    'without a word',
    'at the station',
    'behind the house',
    'across the field',
  ],
] as const;

/** A source of filler sentences, `The old farmer cleaned the wooden table.` and `That was in the morning.` in turn. */
export type FillerText = () => string;

/**
 * Endless filler from a seeded grammar. Each word list is dealt out like a shuffled deck, so that any 32 sentences in a row have the same
 * words and thus the same length in tokens, whatever the seed: length can be planned without tokenising.
 */
export function fillerText(rng: Rng): FillerText {
  const decks = slots.map((): string[] => []);
  const deal = (slot: number): string => {
    let deck = decks[slot] ?? [];
    if (deck.length === 0) {
      deck = rng.shuffle<string>(slots[slot] ?? []);
      decks[slot] = deck;
    }
    return deck.pop() ?? '';
  };
  let isSecond = true;
  return () => {
    isSecond = !isSecond;
    if (isSecond) return `That was ${deal(5)}.`;
    return `The ${deal(0)} ${deal(1)} ${deal(2)} the ${deal(3)} ${deal(4)}.`;
  };
}
