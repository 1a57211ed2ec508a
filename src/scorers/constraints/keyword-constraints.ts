import { countWord, sentencesOf, wordsOf } from '../../text/text-units.ts';
import { counted, defineConstraint, type Constraint } from './constraint.ts';

/** Words that prompts ask for or forbid. */
const askedWords = [
  'window',
  'garden',
  'silver',
  'market',
  'pencil',
  'winter',
  'basket',
  'copper',
  'ladder',
  'meadow',
  'orange',
  'planet',
  'rocket',
  'summer',
  'timber',
  'velvet',
  'walnut',
  'castle',
  'dragon',
  'engine',
  'feather',
  'guitar',
  'hammer',
  'island',
  'jacket',
  'kettle',
  'lemon',
  'mirror',
  'needle',
  'parrot',
] as const;
const easyWords = ['sun', 'cat', 'dog', 'box', 'map', 'cup', 'hat', 'pen'] as const;
const commonWords = ['the', 'and', 'is', 'of', 'to', 'it', 'that', 'as', 'for', 'was'] as const;
const wordsFor = (level: number): readonly string[] => (level === 0 ? easyWords : askedWords);
const list = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(', ');
const without = (text: string, words: readonly string[]): string =>
  words.reduce(
    (rest, word) => rest.replace(new RegExp(`(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, 'giu'), 'thing'),
    text,
  );

/** Rules about words and letters that must, or must not, stand in the text. */
export const keywordConstraints: readonly Constraint[] = [
  defineConstraint<{ words: readonly string[] }>({
    id: 'include_words',
    group: 'keywords',
    level: 0,
    claims: ['include'],
    excludes: ['structured', 'script'],
    draw: (rng, level) => ({ words: rng.sample(wordsFor(level), level === 0 ? 1 : rng.integer(2, 2 + level)) }),
    describe: ({ words }) =>
      words.length === 1
        ? [`Use the word ${list(words)}.`, `The word ${list(words)} must appear.`]
        : [
            `Use each of these words: ${list(words)}.`,
            `The words ${list(words)} must all appear.`,
            `Include all of ${list(words)}.`,
          ],
    check: (text, { words }) => {
      const missing = words.filter((word) => countWord(text, word) === 0);
      return {
        passed: missing.length === 0,
        measured: missing.length === 0 ? 'all words there' : `missing ${list(missing)}`,
      };
    },
    satisfy: (draft, { words }) => void draft.required.push(...words),
    violate: (text, { words }) => without(text, words.slice(0, 1)),
  }),
  defineConstraint<{ word: string; count: number }>({
    id: 'word_times',
    group: 'keywords',
    level: 0,
    claims: ['word_times'],
    excludes: ['structured', 'script'],
    draw: (rng, level) => ({
      word: rng.pick(
        level === 0
          ? ['red', 'blue', 'tree', 'fish']
          : ['lantern', 'harbor', 'violin', 'candle', 'mountain', 'picture'],
      ),
      count: rng.integer(2, 3 + level),
    }),
    describe: ({ word, count }) => [
      `Use the word "${word}" exactly ${count} times.`,
      `The word "${word}" must appear ${count} times, no more and no fewer.`,
    ],
    check: (text, { word, count }) =>
      counted(countWord(text, word) === count, countWord(text, word), `times "${word}"`),
    satisfy: (draft, { word, count }) => void draft.required.push(...Array.from({ length: count }, () => word)),
    violate: (text, { word }) => `${text} ${word}`,
  }),
  defineConstraint<{ words: readonly string[] }>({
    id: 'avoid_words',
    group: 'keywords',
    level: 1,
    claims: ['avoid'],
    excludes: ['structured', 'script', 'repeat'],
    draw: (rng, level) => ({ words: rng.sample(commonWords, 1 + level) }),
    describe: ({ words }) => [
      `Do not use any of these words: ${list(words)}.`,
      `Avoid the words ${list(words)} altogether.`,
      `None of ${list(words)} may appear.`,
    ],
    check: (text, { words }) => {
      const found = words.filter((word) => countWord(text, word) > 0);
      return { passed: found.length === 0, measured: found.length === 0 ? 'none found' : `found ${list(found)}` };
    },
    satisfy: (draft, { words }) => {
      for (const word of words) draft.bannedWords.add(word);
    },
    violate: (text, { words }) => `${text} ${words[0]}`,
  }),
  defineConstraint<{ letter: string }>({
    id: 'avoid_letter',
    group: 'keywords',
    level: 2,
    claims: ['letter'],
    excludes: [
      'structured',
      'script',
      'repeat',
      'postscript',
      'acrostic',
      'sections',
      'include',
      'word_times',
      'first_word',
      'phrase',
      'paragraph_start',
    ],
    draw: (rng) => ({ letter: rng.pick(['b', 'c', 'f', 'g', 'k', 'm', 'p', 'v', 'w']) }),
    describe: ({ letter }) => [
      `Do not use the letter "${letter}" at all, neither small nor capital.`,
      `The letter "${letter}" must not appear anywhere, in either case.`,
    ],
    check: (text, { letter }) => {
      const count = text.toLowerCase().split(letter).length - 1;
      return counted(count === 0, count, `times the letter ${letter}`);
    },
    satisfy: (draft, { letter }) => void (draft.bannedLetter = letter),
    violate: (text, { letter }) => `${text} ${letter}`,
  }),
  defineConstraint<{ letter: string; count: number }>({
    id: 'letter_at_least',
    group: 'keywords',
    level: 1,
    claims: ['letter'],
    excludes: ['structured', 'script'],
    draw: (rng, level) => ({
      letter: rng.pick(['b', 'c', 'f', 'g', 'k', 'm', 'p', 'w', 'y']),
      count: rng.integer(3, 4 + 2 * level),
    }),
    describe: ({ letter, count }) => [
      `The letter "${letter}" must appear at least ${count} times.`,
      `Use the letter "${letter}", small or capital, ${count} times or more.`,
    ],
    check: (text, { letter, count }) => {
      const found = text.toLowerCase().split(letter).length - 1;
      return counted(found >= count, found, `times the letter ${letter}`);
    },
    satisfy: (draft, { letter, count }) => void (draft.wantedLetter = { letter, count }),
    violate: (text, { letter }) => text.replace(new RegExp(letter, 'gi'), ''),
  }),
  defineConstraint<{ letter: string; count: number }>({
    id: 'sentence_start',
    group: 'keywords',
    level: 2,
    claims: ['sentence_start'],
    excludes: [
      'structured',
      'script',
      'list',
      'sections',
      'repeat',
      'title',
      'postscript',
      'lines',
      'phrase',
      'words',
      'parts',
      'first_word',
      'paragraph_start',
      'letter',
    ],
    draw: (rng) => ({
      letter: rng.pick(['b', 'c', 'd', 'f', 'g', 'h', 'm', 'p', 's', 't', 'w']),
      count: rng.integer(2, 3),
    }),
    describe: ({ letter, count }) => [
      `Write at least ${count} sentences, each of which begins with the letter "${letter.toUpperCase()}".`,
      `Every sentence must start with the letter "${letter.toUpperCase()}", and there must be ${count} sentences or more.`,
    ],
    check: (text, { letter, count }) => {
      const sentences = sentencesOf(text);
      const starting = sentences.filter((sentence) =>
        wordsOf(sentence).slice(0, 1).join('').toLowerCase().startsWith(letter),
      ).length;
      return {
        passed: sentences.length >= count && starting === sentences.length,
        measured: `${starting} of ${sentences.length} sentences`,
      };
    },
    satisfy: (draft, { letter, count }) => {
      draft.sentenceLetter = letter;
      draft.leastSentences = Math.max(draft.leastSentences, count);
    },
    violate: (text) => `Quite another start. ${text}`,
  }),
];
