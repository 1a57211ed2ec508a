import { linesOf, paragraphsOf, wordsOf } from '../../text/text-units.ts';
import { defineConstraint, type Constraint } from './constraint.ts';
import { isWrittenIn, scripts } from './scripts.ts';

const acrosticWords = [
  'sun',
  'cat',
  'river',
  'stone',
  'cloud',
  'green',
  'light',
  'music',
  'plant',
  'ocean',
  'dream',
  'brave',
] as const;
const phrases = [
  'that is all for now.',
  'and so it goes on.',
  'this is where it ends.',
  'please keep that in mind.',
  'we shall see tomorrow.',
] as const;
const starters = [
  'today',
  'once',
  'maybe',
  'perhaps',
  'suddenly',
  'never',
  'always',
  'sometimes',
  'yesterday',
  'imagine',
] as const;
const sameWord = (found: string | undefined, wanted: string): boolean =>
  (found ?? '').toLowerCase() === wanted.toLowerCase();

/** Rules about what stands where, and about the language. */
export const positionConstraints: readonly Constraint[] = [
  defineConstraint<{ word: string }>({
    id: 'first_word',
    group: 'position',
    level: 0,
    claims: ['first_word'],
    excludes: ['structured', 'script', 'title', 'repeat', 'lines', 'sections', 'numbered', 'start'],
    draw: (rng, level) => ({ word: rng.pick(starters.slice(0, level === 0 ? 4 : starters.length)) }),
    describe: ({ word }) => [`Begin with the word "${word}".`, `The first word must be "${word}".`],
    check: (text, { word }) => ({
      passed: sameWord(wordsOf(text)[0], word),
      measured: `first word ${JSON.stringify(wordsOf(text)[0] ?? '')}`,
    }),
    satisfy: (draft, { word }) => void (draft.firstWord = word),
    violate: (text) => `Well then. ${text}`,
  }),
  defineConstraint<{ phrase: string }>({
    id: 'last_phrase',
    group: 'position',
    level: 0,
    claims: ['phrase', 'ending'],
    excludes: ['structured', 'script', 'postscript', 'lines', 'sentence_length'],
    draw: (rng) => ({ phrase: rng.pick(phrases) }),
    describe: ({ phrase }) => [
      `End with exactly this phrase and nothing after it: ${phrase}`,
      `The text must end with the words: ${phrase}`,
    ],
    // As a sentence of its own it may begin with a capital, and its full stop may be taken for that of the rule.
    check: (text, { phrase }) => ({
      passed: `${text.trimEnd().toLowerCase().replace(/\.$/, '')}.`.endsWith(phrase),
      measured: `ends with ${JSON.stringify(text.trimEnd().slice(-40))}`,
    }),
    satisfy: (draft, { phrase }) => void (draft.lastPhrase = phrase),
    violate: (text) => `${text} Goodbye.`,
  }),
  defineConstraint<Record<string, never>>({
    id: 'postscript',
    group: 'position',
    level: 1,
    claims: ['postscript', 'ending'],
    excludes: ['structured', 'script', 'lines', 'capitals'],
    draw: () => ({}),
    describe: () => [
      'Close with a postscript: a last paragraph that begins with "P.S."',
      'The last paragraph must be a postscript that starts with "P.S."',
    ],
    check: (text) => {
      const last = paragraphsOf(text).at(-1) ?? '';
      return {
        passed: paragraphsOf(text).length > 1 && /^P\.\s?S\.\s*\S/i.test(last),
        measured: `last paragraph ${JSON.stringify(last.slice(0, 40))}`,
      };
    },
    satisfy: (draft) => void (draft.postscript = true),
    violate: (text) => text.replace(/P\.\s?S\./gi, 'Also,'),
  }),
  defineConstraint<{ request: string }>({
    id: 'repeat',
    group: 'position',
    level: 1,
    claims: ['repeat', 'start'],
    excludes: ['structured', 'script', 'lines'],
    draw: (rng) => ({
      request: rng.pick([
        'Tell me about it in your own words.',
        'What is worth knowing here?',
        'A few words about this would be welcome.',
      ]),
    }),
    describe: ({ request }) => [
      `First repeat this line word for word, then give your answer: ${request}`,
      `Before the answer, write out this line exactly as it stands: ${request}`,
    ],
    check: (text, { request }) => {
      const rest = text.trimStart();
      return {
        passed: rest.startsWith(request) && wordsOf(rest.slice(request.length)).length > 0,
        measured: `starts with ${JSON.stringify(rest.slice(0, 40))}`,
      };
    },
    satisfy: (draft, { request }) => void (draft.repeats = request),
    violate: (text, { request }) => text.replace(request, request.toLowerCase()),
  }),
  defineConstraint<{ paragraph: number; count: number; word: string }>({
    id: 'paragraph_start',
    group: 'position',
    level: 2,
    claims: ['layout', 'paragraph_start'],
    excludes: ['structured', 'script', 'title', 'postscript', 'repeat', 'first_word'],
    draw: (rng, level) => {
      const count = rng.integer(2, 2 + level);
      return { count, paragraph: rng.integer(2, count), word: rng.pick(starters) };
    },
    describe: ({ paragraph, count, word }) => [
      `Write exactly ${count} paragraphs with a blank line between them; paragraph ${paragraph} must begin with the word "${word}".`,
      `There must be ${count} paragraphs, separated by blank lines, and the first word of paragraph ${paragraph} must be "${word}".`,
    ],
    check: (text, { paragraph, count, word }) => {
      const paragraphs = paragraphsOf(text);
      const first = wordsOf(paragraphs[paragraph - 1] ?? '')[0];
      return {
        passed: paragraphs.length === count && sameWord(first, word),
        measured: `${paragraphs.length} paragraphs, number ${paragraph} begins with ${JSON.stringify(first ?? '')}`,
      };
    },
    satisfy: (draft, { paragraph, count, word }) => {
      draft.layout = { kind: 'paragraphs', count };
      draft.paragraphStart = { paragraph, word };
    },
    violate: (text, { word }) => text.replace(new RegExp(`\\n\\n["*\\[(]{0,3}${word}`, 'i'), '\n\nOtherwise'),
  }),
  defineConstraint<{ word: string }>({
    id: 'acrostic',
    group: 'position',
    level: 0,
    claims: ['layout', 'lines', 'acrostic'],
    excludes: [
      'structured',
      'script',
      'title',
      'postscript',
      'repeat',
      'first_word',
      'fence',
      'quoted',
      'sentences',
      'phrase',
    ],
    draw: (rng, level) => ({ word: rng.pick(level === 0 ? acrosticWords.slice(0, 2) : acrosticWords.slice(2)) }),
    describe: ({ word }) => [
      `Write ${word.length} lines whose first letters spell "${word}", from top to bottom.`,
      `The first letters of the lines, read downwards, must spell the word "${word}"; write no other lines.`,
    ],
    check: (text, { word }) => {
      const found = linesOf(text)
        .map((line) => (wordsOf(line)[0] ?? '')[0] ?? '')
        .join('')
        .toLowerCase();
      return { passed: found === word, measured: `spells ${JSON.stringify(found.slice(0, 30))}` };
    },
    satisfy: (draft, { word }) => void (draft.layout = { kind: 'acrostic', word }),
    violate: (text) => `Zzz first.\n${text}`,
  }),
  defineConstraint<{ code: string }>({
    id: 'script',
    group: 'language',
    level: 1,
    claims: ['script'],
    excludes: [],
    draw: (rng) => ({ code: rng.pick(Object.keys(scripts)) }),
    describe: ({ code }) => [
      `Write everything in ${scripts[code]?.language}.`,
      `Answer in ${scripts[code]?.language} only.`,
      `The whole text must be in ${scripts[code]?.language}.`,
    ],
    check: (text, { code }) => {
      const script = scripts[code];
      return { passed: script !== undefined && isWrittenIn(text, script), measured: `${script?.language} expected` };
    },
    satisfy: (draft, { code }) => void (draft.script = code),
    violate: (text) =>
      `${text} These are several more words that are written in English, as anybody can see here: ${'and so on '.repeat(Math.ceil(text.length / 20))}`,
  }),
];
