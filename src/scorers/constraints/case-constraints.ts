import { wordsOf } from '../../text/text-units.ts';
import { counted, defineConstraint, type Constraint } from './constraint.ts';

const has = (text: string, pattern: RegExp): boolean => pattern.test(text);
const capitals = (text: string): number =>
  wordsOf(text).filter((word) => has(word, /^\p{Lu}[\p{Lu}\p{N}'’-]*$/u) && word.length > 1).length;

/** Rules about capitals, punctuation and digits. */
export const caseConstraints: readonly Constraint[] = [
  defineConstraint<Record<string, never>>({
    id: 'lowercase',
    group: 'case',
    level: 0,
    claims: ['case'],
    excludes: ['script', 'sections', 'acrostic', 'repeat', 'postscript'],
    draw: () => ({}),
    describe: () => ['Write everything in lowercase.', 'Use no capital letters.', 'All letters must be lowercase.'],
    check: (text) => {
      const count = text.match(/\p{Lu}/gu)?.length ?? 0;
      return { passed: count === 0 && has(text, /\p{Ll}/u), measured: `${count} capital letters` };
    },
    satisfy: (draft) => void (draft.letterCase = 'lower'),
    violate: (text) => `${text} Oh`,
  }),
  defineConstraint<Record<string, never>>({
    id: 'uppercase',
    group: 'case',
    level: 0,
    claims: ['case'],
    excludes: ['script', 'sections', 'repeat', 'phrase', 'json'],
    draw: () => ({}),
    describe: () => [
      'Write everything in capital letters.',
      'Use no lowercase letters.',
      'All letters must be capitals.',
    ],
    check: (text) => {
      const count = text.match(/\p{Ll}/gu)?.length ?? 0;
      return { passed: count === 0 && has(text, /\p{Lu}/u), measured: `${count} lowercase letters` };
    },
    satisfy: (draft) => void (draft.letterCase = 'upper'),
    violate: (text) => `${text} oh`,
  }),
  defineConstraint<{ count: number }>({
    id: 'capital_words',
    group: 'case',
    level: 1,
    claims: ['case', 'capitals'],
    excludes: ['script', 'structured', 'repeat'],
    draw: (rng, level) => ({ count: rng.integer(2, 2 + level) }),
    describe: ({ count }) => [
      `Exactly ${count} of the words must be written in CAPITALS (words of two letters or more).`,
      `Write ${count} words, no more and no fewer, entirely in capital letters; each needs at least two letters.`,
    ],
    check: (text, { count }) => counted(capitals(text) === count, capitals(text), 'words in capitals'),
    satisfy: (draft, { count }) => void draft.dressed.push(...Array.from({ length: count }, () => 'capitals' as const)),
    violate: (text) => `${text} OH NO`,
  }),
  defineConstraint<Record<string, never>>({
    id: 'no_commas',
    group: 'case',
    level: 0,
    claims: ['commas'],
    excludes: ['repeat', 'json'],
    draw: () => ({}),
    describe: () => ['Do not use any commas.', 'No comma may appear.', 'Write without commas.'],
    check: (text) => {
      const count = text.match(/[,，、،]/gu)?.length ?? 0;
      return counted(count === 0, count, 'commas');
    },
    satisfy: () => undefined,
    violate: (text) => `${text}, yes`,
  }),
  defineConstraint<{ count: number }>({
    id: 'exclamations',
    group: 'case',
    level: 1,
    claims: ['exclamations'],
    excludes: ['structured', 'repeat'],
    draw: (rng, level) => ({ count: rng.integer(2, 2 + level) }),
    describe: ({ count }) => [
      `Use exactly ${count} exclamation marks.`,
      `There must be ${count} exclamation marks, no more and no fewer.`,
    ],
    check: (text, { count }) => {
      const found = text.match(/[!！]/gu)?.length ?? 0;
      return counted(found === count, found, 'exclamation marks');
    },
    satisfy: (draft, { count }) => void (draft.exclamations = count),
    violate: (text) => `${text}!`,
  }),
  defineConstraint<Record<string, never>>({
    id: 'ends_with_question',
    group: 'position',
    level: 0,
    claims: ['ending'],
    excludes: ['structured', 'postscript', 'quoted'],
    draw: () => ({}),
    describe: () => [
      'End with a question mark.',
      'The last character must be a question mark.',
      'Let the text end in a question.',
    ],
    check: (text) => ({
      // Arabic and Greek have question marks of their own; in Greek it is mostly typed as a semicolon.
      passed: has(text.trimEnd(), /(?:[?？؟\u037e]|\p{Script=Greek};)$/u),
      measured: `ends with ${JSON.stringify(text.trimEnd().slice(-1))}`,
    }),
    satisfy: (draft) => void (draft.endsWithQuestion = true),
    violate: (text) => `${text} Yes.`,
  }),
  defineConstraint<{ count: number }>({
    id: 'numbers_exact',
    group: 'case',
    level: 1,
    claims: ['numbers'],
    excludes: ['structured', 'numbered', 'sections', 'repeat', 'script'],
    draw: (rng, level) => ({ count: rng.integer(2, 2 + level) }),
    describe: ({ count }) => [
      `Mention exactly ${count} numbers, written in digits.`,
      `The text must contain ${count} numbers in digits, no more and no fewer.`,
    ],
    check: (text, { count }) => {
      const found = text.match(/\d+(?:[.,]\d+)*/g)?.length ?? 0;
      return counted(found === count, found, 'numbers');
    },
    satisfy: (draft, { count }) => void draft.dressed.push(...Array.from({ length: count }, () => 'number' as const)),
    violate: (text) => `${text} 7 8 9`,
  }),
  defineConstraint<{ count: number }>({
    id: 'asides_exact',
    group: 'format',
    level: 2,
    claims: ['asides'],
    excludes: ['structured', 'repeat'],
    draw: (rng) => ({ count: rng.integer(2, 3) }),
    describe: ({ count }) => [
      `Use exactly ${count} remarks in round brackets.`,
      `Put ${count} remarks, no more and no fewer, in parentheses.`,
    ],
    check: (text, { count }) => {
      const found = text.match(/[(（][^()（）\n]{1,200}[)）]/g)?.length ?? 0;
      return counted(found === count, found, 'remarks in brackets');
    },
    satisfy: (draft, { count }) => void draft.dressed.push(...Array.from({ length: count }, () => 'aside' as const)),
    violate: (text) => `${text} (indeed)`,
  }),
];
