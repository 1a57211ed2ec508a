import { linesOf, paragraphsOf, sentencesOf, wordsOf } from '../../text/text-units.ts';
import { counted, defineConstraint, type Constraint } from './constraint.ts';

const filler = 'and so on and so forth';
const drawCount = (
  rng: { integer(low: number, high: number): number },
  level: number,
  easy: readonly [number, number],
): number => (level === 0 ? rng.integer(...easy) : rng.integer(easy[1], easy[1] * (level + 2)));
const moreWords = (text: string): string => `${text} ${filler}`;

/** Rules about how much is written. */
export const lengthConstraints: readonly Constraint[] = [
  defineConstraint<{ count: number }>({
    id: 'words_exact',
    group: 'length',
    level: 0,
    claims: ['words'],
    excludes: ['structured', 'repeat', 'script', 'title', 'postscript', 'list', 'sections'],
    draw: (rng, level) => ({ count: drawCount(rng, level, [3, 6]) + (level > 0 ? 10 : 0) }),
    describe: ({ count }) => [
      `Use exactly ${count} words.`,
      `The text must have exactly ${count} words.`,
      `Write ${count} words, no more and no fewer.`,
    ],
    check: (text, { count }) => counted(wordsOf(text).length === count, wordsOf(text).length, 'words'),
    satisfy: (draft, { count }) => void (draft.words = count),
    violate: moreWords,
  }),
  defineConstraint<{ low: number; high: number }>({
    id: 'words_between',
    group: 'length',
    level: 1,
    claims: ['words'],
    excludes: ['structured', 'repeat', 'script', 'title', 'postscript', 'list', 'sections'],
    draw: (rng, level) => {
      const low = rng.integer(12, 20 * level + 10);
      return { low, high: low + rng.integer(3, 8) };
    },
    describe: ({ low, high }) => [
      `Use between ${low} and ${high} words.`,
      `Write at least ${low} and at most ${high} words.`,
    ],
    check: (text, { low, high }) => {
      const count = wordsOf(text).length;
      return counted(count >= low && count <= high, count, 'words');
    },
    satisfy: (draft, { low, high }) => void (draft.words = Math.floor((low + high) / 2)),
    violate: (text, { high }) => text + ` ${filler}`.repeat(Math.ceil(high / 6)),
  }),
  defineConstraint<{ count: number }>({
    id: 'words_at_most',
    group: 'length',
    level: 0,
    claims: ['words'],
    excludes: ['structured', 'repeat', 'script', 'title', 'postscript', 'list', 'sections'],
    draw: (rng, level) => ({ count: drawCount(rng, level, [8, 14]) }),
    describe: ({ count }) => [
      `Use at most ${count} words.`,
      `Write no more than ${count} words.`,
      `Stay within ${count} words.`,
    ],
    check: (text, { count }) => counted(wordsOf(text).length <= count, wordsOf(text).length, 'words'),
    satisfy: (draft, { count }) => void (draft.words = Math.max(4, count - 2)),
    violate: (text, { count }) => text + ` ${filler}`.repeat(Math.ceil(count / 6)),
  }),
  defineConstraint<{ count: number }>({
    id: 'words_at_least',
    group: 'length',
    level: 0,
    claims: ['words'],
    excludes: ['structured', 'script', 'repeat'],
    draw: (rng, level) => ({ count: drawCount(rng, level, [5, 10]) + (level > 1 ? 20 : 0) }),
    describe: ({ count }) => [
      `Use at least ${count} words.`,
      `Write ${count} words or more.`,
      `The text needs no fewer than ${count} words.`,
    ],
    check: (text, { count }) => counted(wordsOf(text).length >= count, wordsOf(text).length, 'words'),
    satisfy: (draft, { count }) => void (draft.words = count + 2),
    violate: (text, { count }) =>
      text
        .split(/(?<=\s)/)
        .slice(0, Math.max(1, Math.floor(count / 3)))
        .join(''),
  }),
  defineConstraint<{ count: number }>({
    id: 'sentences_exact',
    group: 'length',
    level: 0,
    claims: ['sentences'],
    excludes: ['structured', 'lines', 'list', 'sections', 'title', 'postscript', 'repeat', 'parts'],
    draw: (rng, level) => ({ count: level === 0 ? rng.integer(2, 3) : rng.integer(2, 4 + level) }),
    describe: ({ count }) => [
      `Write exactly ${count} sentences.`,
      `The text must have exactly ${count} sentences.`,
      `Use ${count} sentences, no more and no fewer.`,
    ],
    check: (text, { count }) => counted(sentencesOf(text).length === count, sentencesOf(text).length, 'sentences'),
    satisfy: (draft, { count }) => void (draft.sentences = count),
    violate: (text) => `${text.trimEnd()} That is one more. And this is another.`,
  }),
  defineConstraint<{ count: number }>({
    id: 'paragraphs_exact',
    group: 'length',
    level: 1,
    claims: ['layout'],
    excludes: ['structured', 'title', 'postscript', 'repeat'],
    draw: (rng, level) => ({ count: rng.integer(2, 2 + level) }),
    describe: ({ count }) => [
      `Write exactly ${count} paragraphs, with a blank line between them.`,
      `Divide the text into ${count} paragraphs separated by blank lines.`,
    ],
    check: (text, { count }) => counted(paragraphsOf(text).length === count, paragraphsOf(text).length, 'paragraphs'),
    satisfy: (draft, { count }) => void (draft.layout = { kind: 'paragraphs', count }),
    violate: (text) => text.replace(/\n\s*\n/g, ' '),
  }),
  defineConstraint<{ count: number }>({
    id: 'lines_exact',
    group: 'length',
    level: 0,
    claims: ['layout', 'lines'],
    excludes: ['structured', 'title', 'postscript', 'repeat', 'sentences'],
    draw: (rng, level) => ({ count: level === 0 ? rng.integer(2, 3) : rng.integer(3, 4 + level) }),
    describe: ({ count }) => [
      `Write exactly ${count} lines.`,
      `The text must have ${count} lines, each with something on it.`,
      `Use ${count} non-empty lines, no more and no fewer.`,
    ],
    check: (text, { count }) => counted(linesOf(text).length === count, linesOf(text).length, 'lines'),
    satisfy: (draft, { count }) => void (draft.layout = { kind: 'lines', count }),
    violate: (text) => `${text}\nOne more line.\nAnd another.`,
  }),
  defineConstraint<{ sentences: number; longest: number }>({
    id: 'sentence_length',
    group: 'length',
    level: 2,
    claims: ['sentence_length'],
    excludes: ['structured', 'lines', 'list', 'sections', 'words', 'repeat', 'script', 'parts'],
    draw: (rng, level) => ({ sentences: rng.integer(2, 2 + level), longest: rng.integer(6, 10) }),
    describe: ({ sentences, longest }) => [
      `Write at least ${sentences} sentences, and let no sentence have more than ${longest} words.`,
      `Use ${sentences} or more sentences of at most ${longest} words each.`,
    ],
    check: (text, { sentences, longest }) => {
      const lengths = sentencesOf(text).map((sentence) => wordsOf(sentence).length);
      const most = Math.max(0, ...lengths);
      return {
        passed: lengths.length >= sentences && most <= longest,
        measured: `${lengths.length} sentences, the longest of ${most} words`,
      };
    },
    satisfy: (draft, { sentences, longest }) => {
      draft.longestSentence = longest;
      draft.leastSentences = Math.max(draft.leastSentences, sentences);
    },
    violate: (text) => text.replace(/[.!?](?=\s|$)/g, ''),
  }),
];
