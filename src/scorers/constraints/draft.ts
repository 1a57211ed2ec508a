import type { Rng } from '../../stats/rng.ts';
import { scripts } from './scripts.ts';

/** How the lines of a text are laid out. Only one constraint of a prompt may decide it. */
export type Layout =
  | { readonly kind: 'paragraphs'; readonly count: number }
  | { readonly kind: 'lines'; readonly count: number }
  | { readonly kind: 'bullets'; readonly count: number }
  | { readonly kind: 'numbered'; readonly count: number }
  | { readonly kind: 'sections'; readonly count: number; readonly label: string }
  | { readonly kind: 'parts'; readonly count: number; readonly separator: string }
  | { readonly kind: 'acrostic'; readonly word: string }
  | { readonly kind: 'table'; readonly rows: number; readonly columns: number }
  | { readonly kind: 'json'; readonly keys: readonly string[] };

/** What the constraints of a prompt ask of a text; each constraint fills in its part, `composeText` writes it. */
export interface Draft {
  layout: Layout | null;
  sentences: number | null;
  /** Sentences at least; counts where `sentences` is open. */
  leastSentences: number;
  words: number | null;
  longestSentence: number | null;
  /** Words that must stand somewhere, once an entry. */
  readonly required: string[];
  /** Words dressed up: `**x**`, `[x]`, `(x)`, capitals, digits. */
  readonly dressed: ('highlight' | 'placeholder' | 'aside' | 'capitals' | 'number')[];
  readonly bannedWords: Set<string>;
  bannedLetter: string | null;
  wantedLetter: { readonly letter: string; readonly count: number } | null;
  sentenceLetter: string | null;
  firstWord: string | null;
  /** First word of a paragraph, counted from 1. */
  paragraphStart: { readonly paragraph: number; readonly word: string } | null;
  lastPhrase: string | null;
  exclamations: number;
  endsWithQuestion: boolean;
  title: boolean;
  postscript: boolean;
  quoted: boolean;
  fenced: boolean;
  repeats: string | null;
  letterCase: 'sentence' | 'lower' | 'upper';
  script: string | null;
}

/** A draft that nothing has been asked of. */
export const emptyDraft = (): Draft => ({
  layout: null,
  sentences: null,
  leastSentences: 1,
  words: null,
  longestSentence: null,
  required: [],
  dressed: [],
  bannedWords: new Set(),
  bannedLetter: null,
  wantedLetter: null,
  sentenceLetter: null,
  firstWord: null,
  paragraphStart: null,
  lastPhrase: null,
  exclamations: 0,
  endsWithQuestion: false,
  title: false,
  postscript: false,
  quoted: false,
  fenced: false,
  repeats: null,
  letterCase: 'sentence',
  script: null,
});

const lexicon = [
  'old',
  'boats',
  'drift',
  'along',
  'quiet',
  'rivers',
  'many',
  'people',
  'walk',
  'under',
  'tall',
  'trees',
  'young',
  'birds',
  'sing',
  'near',
  'warm',
  'houses',
  'small',
  'lamps',
  'glow',
  'behind',
  'open',
  'doors',
  'good',
  'friends',
  'share',
  'fresh',
  'bread',
  'with',
  'kind',
  'guests',
  'clear',
  'water',
  'runs',
  'over',
  'round',
  'stones',
  'soft',
  'wind',
  'moves',
  'green',
  'fields',
  'at',
  'dawn',
  'bright',
  'stars',
  'shine',
  'upon',
  'calm',
  'hills',
  'happy',
  'children',
  'play',
  'every',
  'game',
  'until',
  'dusk',
  'grey',
  'clouds',
  'bring',
  'cool',
  'rain',
  'keen',
  'voices',
  'fill',
  'just',
  'zesty',
  'juice',
  'vivid',
  'quick',
  'foxes',
  'yellow',
  'mixed',
  'jam',
  'ocean',
  'egg',
  'idea',
  'night',
  'yarn',
  'lucky',
] as const;

const startingWith = (letter: string): readonly string[] => lexicon.filter((word) => word.startsWith(letter));

interface Token {
  text: string;
  /** True when the token may be replaced or dropped. */
  isFiller: boolean;
}

/** A sentence without its final mark. */
type Sentence = Token[];

/** Writes a text that meets the draft as far as its parts do not contradict each other; the caller checks. */
export function composeText(draft: Draft, rng: Rng): string {
  const pool = wordPool(draft);
  const slots = slotCount(draft.layout ?? { kind: 'paragraphs', count: 1 });
  const sentences = makeSentences(draft, { rng, pool, slots });
  placeWords(draft, sentences, rng);
  const markOf = (index: number): string => {
    if (draft.endsWithQuestion && index === sentences.length - 1) return '?';
    return index < draft.exclamations ? '!' : '.';
  };
  const written = sentences.map((sentence, index) => writeSentence(sentence, { draft, mark: markOf(index) }));
  if (draft.lastPhrase !== null) written.push(draft.lastPhrase);
  const body = layOut(draft, { written, slots, pool, rng });
  return wrap(draft, body, { pool, rng });
}

/** Words that may be used; those with a wanted letter come first. */
function wordPool(draft: Draft): readonly string[] {
  if (draft.script !== null) return scripts[draft.script]?.words ?? [];
  const banned = draft.bannedLetter;
  const allowed = lexicon.filter(
    (word) =>
      !draft.bannedWords.has(word) && (banned === null || !word.includes(banned)) && !draft.required.includes(word),
  );
  const wanted = draft.wantedLetter?.letter;
  const rich = wanted === undefined ? [] : allowed.filter((word) => word.includes(wanted));
  return rich.length > 0 ? rich : allowed;
}

function slotCount(layout: Layout): number {
  switch (layout.kind) {
    case 'acrostic':
      return layout.word.length;
    case 'table':
    case 'json':
      return 1;
    default:
      return layout.count;
  }
}

/** Sentences of filler words, with lengths that add up to the wanted number of words. */
function makeSentences(
  draft: Draft,
  how: { readonly rng: Rng; readonly pool: readonly string[]; readonly slots: number },
): Sentence[] {
  const { rng, pool, slots } = how;
  const phraseWords = draft.lastPhrase === null ? 0 : draft.lastPhrase.split(' ').length;
  const specials = draft.required.length + draft.dressed.length;
  const letters = draft.wantedLetter?.count ?? 0;
  const longest = draft.longestSentence ?? 12;
  const wantedWords = draft.words === null ? null : draft.words - phraseWords;
  const needed = wantedWords ?? Math.max(4 * slots, specials * 2 + 3, letters + 3);
  const ending = phraseWords > 0 ? 1 : 0;
  const least = Math.max(
    slots - ending,
    draft.leastSentences - ending,
    draft.exclamations + (draft.endsWithQuestion ? 1 : 0),
    1,
  );
  const count = draft.sentences === null ? Math.max(least, Math.ceil(needed / longest)) : draft.sentences - ending;
  const words = wantedWords ?? Math.max(needed, count * Math.min(longest, rng.integer(4, 6)));
  return Array.from({ length: Math.max(1, count) }, (_, index) => {
    const size = Math.floor(words / count) + (index < words % count ? 1 : 0);
    return Array.from({ length: size }, () => ({ text: rng.pick(pool), isFiller: true }));
  });
}

/** Puts required and dressed-up words in the place of fillers, never at the start or, where it can be helped, the end of a sentence. */
function placeWords(draft: Draft, sentences: readonly Sentence[], rng: Rng): void {
  const spots = rng.shuffle(
    sentences.flatMap((sentence) => sentence.map((token, at) => ({ token, at, size: sentence.length }))),
  );
  const inner = [
    ...spots.filter(({ at, size }) => at > 0 && at < size - 1),
    ...spots.filter(({ at, size }) => at > 0 && at === size - 1),
    ...spots.filter(({ at }) => at === 0),
  ];
  const put = (change: (text: string) => string): void => {
    const spot = inner.find(({ token }) => token.isFiller);
    if (!spot) return;
    spot.token.text = change(spot.token.text);
    spot.token.isFiller = false;
  };
  for (const word of draft.required) put(() => word);
  for (const dress of draft.dressed) put((text) => dressUp(text, dress, rng));
  const first = sentences[0]?.[0];
  if (draft.firstWord !== null && first) Object.assign(first, { text: draft.firstWord, isFiller: false });
}

function dressUp(text: string, dress: Draft['dressed'][number], rng: Rng): string {
  if (dress === 'highlight') return `**${text}**`;
  if (dress === 'placeholder') return `[${text}]`;
  if (dress === 'aside') return `(${text})`;
  return dress === 'capitals' ? text.toUpperCase() : String(rng.integer(2, 99));
}

function writeSentence(sentence: Sentence, how: { readonly draft: Draft; readonly mark: string }): string {
  const { draft, mark } = how;
  const words = sentence.map(({ text }) => text);
  if (draft.sentenceLetter !== null) {
    const fitting = startingWith(draft.sentenceLetter);
    const at = words.slice(1, 2).join('').length % fitting.length;
    words.splice(0, 1, ...fitting.slice(at, at + 1));
  }
  const text = words.join(' ');
  return `${draft.script === null ? capitalised(text) : text}${mark}`;
}

const capitalised = (text: string): string => (text[0] ?? '').toUpperCase() + text.slice(1);

function layOut(
  draft: Draft,
  parts: {
    readonly written: readonly string[];
    readonly slots: number;
    readonly pool: readonly string[];
    readonly rng: Rng;
  },
): string {
  const layout = draft.layout ?? { kind: 'paragraphs', count: 1 };
  const { written, slots, pool, rng } = parts;
  const share = (slot: number): string[] =>
    written.filter((_, index) => Math.min(slots - 1, Math.floor((index * slots) / written.length)) === slot);
  const blocks = Array.from({ length: slots }, (_, slot) => share(slot).join(' '));
  switch (layout.kind) {
    case 'paragraphs': {
      const start = draft.paragraphStart;
      return blocks
        .map((block, index) =>
          start && start.paragraph === index + 1 ? block.replace(/^\S+/, capitalised(start.word)) : block,
        )
        .join('\n\n');
    }
    case 'lines':
      return blocks.join('\n');
    case 'bullets':
      return blocks.map((block) => `- ${block}`).join('\n');
    case 'numbered':
      return blocks.map((block, index) => `${index + 1}. ${block}`).join('\n');
    case 'sections':
      return blocks.map((block, index) => `${layout.label} ${index + 1}\n${block}`).join('\n\n');
    case 'parts':
      return blocks.join(`\n${layout.separator}\n`);
    case 'acrostic':
      return blocks
        .map((block, index) => block.replace(/^\S+/, capitalised(rng.pick(startingWith(layout.word.charAt(index))))))
        .join('\n');
    case 'table':
      return tableOf(layout, () => rng.pick(pool));
    case 'json':
      return JSON.stringify(
        Object.fromEntries(layout.keys.map((key, index) => [key, index === 0 ? written.join(' ') : rng.pick(pool)])),
      );
  }
}

function tableOf({ rows, columns }: { readonly rows: number; readonly columns: number }, word: () => string): string {
  const row = (cell: () => string): string => `| ${Array.from({ length: columns }, cell).join(' | ')} |`;
  return [row(word), row(() => '---'), ...Array.from({ length: rows }, () => row(word))].join('\n');
}

function wrap(
  draft: Draft,
  body: string,
  { pool, rng }: { readonly pool: readonly string[]; readonly rng: Rng },
): string {
  const cased =
    draft.letterCase === 'lower' ? body.toLowerCase() : draft.letterCase === 'upper' ? body.toUpperCase() : body;
  const word = (): string => (draft.letterCase === 'upper' ? rng.pick(pool).toUpperCase() : rng.pick(pool));
  const pieces = [
    ...(draft.repeats === null ? [] : [draft.repeats]),
    ...(draft.title ? [`<<${word()} ${word()}>>`] : []),
    cased,
    ...(draft.postscript ? [`P.S. ${word()} ${word()}.`] : []),
  ];
  const text = pieces.join('\n\n');
  if (draft.fenced) return `\`\`\`\n${text}\n\`\`\``;
  return draft.quoted ? `"${text}"` : text;
}
