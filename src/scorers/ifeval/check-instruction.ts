import { seededRng } from '../../stats/rng.ts';
import { detectLanguage } from '../../text/detect-language.ts';
import { punktSentences } from '../../text/punkt-sentences.ts';
import { treebankTokens } from '../../text/treebank-tokens.ts';
import type { CheckMode, Instruction, InstructionArguments } from './instruction.ts';

type Check = (text: string, given: InstructionArguments, mode: CheckMode) => boolean;

const escaped = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** `less than` is strict, `at least` is not; a missing relation counts as `at least`, as upstream falls through to it. */
const holds = (count: number, relation: string | undefined, bound = 0): boolean =>
  relation === 'less than' ? count < bound : count >= bound;

/** Python's `str.isupper`: at least one cased letter and none that is not upper case; `º` is a small letter there. */
const isUpper = (text: string): boolean => /\p{Uppercase}/u.test(text) && !/\p{Lowercase}|\p{Lt}/u.test(text);
const isLower = (text: string): boolean => /\p{Lowercase}/u.test(text) && !/\p{Uppercase}|\p{Lt}/u.test(text);

/** Undetectable text passes, as upstream has it. */
const isLanguage = (text: string, code: string | undefined): boolean => {
  const found = detectLanguage(text);
  return found === null || found === code;
};

/** The text without any of the given characters at its ends. */
function stripped(text: string, characters: string): string {
  let [start, end] = [0, text.length];
  while (start < end && characters.includes(text.charAt(start))) start += 1;
  while (end > start && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const keywordPattern = (word: string, mode: CheckMode): RegExp =>
  // Whole words are what "the word … at least n times" asks for; upstream counts any part of a word.
  new RegExp(
    mode === 'upstream' ? escaped(word.trim()) : `(?<![\\p{L}\\p{N}_])${escaped(word.trim())}(?![\\p{L}\\p{N}_])`,
    'giu',
  );

const letterFrequency: Check = (text, given, mode) => {
  const asked = (given.letter ?? '').trim().toLowerCase();
  // Upstream draws a random letter where a sign is asked for; here the draw is seeded.
  const letter =
    mode === 'upstream' && !/^[a-z]$/.test(asked)
      ? seededRng(`ifeval/letter/${asked}`).pick(Array.from('abcdefghijklmnopqrstuvwxyz'))
      : asked;
  return holds(text.toLowerCase().split(letter).length - 1, given.let_relation, given.let_frequency);
};

const paragraphs: Check = (text, { num_paragraphs: wanted }) => {
  const parts = text.split(/\s?\*\*\*\s?/);
  const isEmpty = parts.map((part) => part.trim() === '');
  if (isEmpty.some((empty, index) => empty && index > 0 && index < parts.length - 1)) return false;
  return isEmpty.filter((empty) => !empty).length === wanted;
};

const nthParagraph: Check = (text, given, mode) => {
  const parts = text.split('\n\n');
  const filled = parts.filter((part) => part.trim() !== '');
  const nth = given.nth_paragraph ?? 1;
  if (nth < 1 || nth > filled.length) return false;
  // Upstream counts paragraphs without empty ones and then looks the n-th up among all of them.
  const part = (mode === 'upstream' ? parts : filled)
    .slice(nth - 1, nth)
    .join('')
    .trim();
  if (part === '') return false;
  const word = part
    .replace(/\s[\s\S]*$/, '')
    .replace(/^'+/, '')
    .replace(/^"+/, '');
  const first = word.replace(/[.,?!'"].*$/, '').toLowerCase();
  return filled.length === given.num_paragraphs && first === (given.first_word ?? '').toLowerCase();
};

const postscript: Check = (text, { postscript_marker: marker = 'P.S.' }, mode) => {
  const body =
    marker === 'P.P.S'
      ? String.raw`p\.\s?p\.\s?s`
      : marker === 'P.S.'
        ? String.raw`p\.\s?s\.`
        : escaped(marker.toLowerCase());
  // A postscript begins a line; upstream takes the marker anywhere.
  return new RegExp(mode === 'upstream' ? body : `^[\\s*_]{0,8}${body}`, 'mu').test(text.toLowerCase());
};

const bullets: Check = (text, { num_bullets: wanted }, mode) => {
  const lines = text.split('\n').map((line) => line.trimStart());
  let count = 0;
  let isBelowStar = false;
  for (const [index, line] of lines.entries()) {
    const isTaken = isBelowStar;
    isBelowStar = false;
    // A line of dashes is a rule, not a point, which upstream does not tell apart.
    if (line.startsWith('-')) count += mode === 'upstream' || !isRule(line) ? 1 : 0;
    else if (!isTaken && line.startsWith('*') && line.length > 1) count += line[1] === '*' ? 0 : 1;
    // A star alone is a point that takes the line below with it, as the upstream pattern runs on.
    else if (!isTaken && mode === 'upstream' && line === '*' && index + 1 < lines.length) {
      count += 1;
      isBelowStar = true;
    }
  }
  return count === wanted;
};

const isRule = (line: string): boolean => {
  const dashes = line.replaceAll(/\s/g, '');
  return dashes.length >= 3 && stripped(dashes, '-') === '';
};

/** `[…]` on one line; an opening bracket that is not closed on its line takes the rest of the line with it. */
const placeholders: Check = (text, { num_placeholders: wanted = 0 }) => {
  let count = 0;
  for (const line of text.split('\n')) {
    for (let open = line.indexOf('['); open >= 0;) {
      const close = line.indexOf(']', open);
      if (close < 0) break;
      count += 1;
      open = line.indexOf('[', close);
    }
  }
  return count >= wanted;
};

const highlights: Check = (text, { num_highlights: wanted = 0 }) => {
  const single = (text.match(/\*[^\n*]*\*/g) ?? []).filter((each) => each.replaceAll('*', '').trim() !== '').length;
  const double = (text.match(/\*\*[^\n*]*\*\*/g) ?? []).filter((each) => each.slice(2, -2).trim() !== '').length;
  return single + double >= wanted;
};

const json: Check = (text, _, mode) => {
  const body = text
    .trim()
    .replace(/^```json/, '')
    .replace(/^```Json/, '')
    .replace(/^```JSON/, '')
    .replace(/^```/, '')
    .replace(/```$/, '')
    .trim();
  try {
    // Python's reader, which upstream uses, takes these for numbers.
    JSON.parse(mode === 'upstream' ? body.replace(/(?<![\w.-])(?:NaN|-?Infinity)(?![\w.])/g, '0') : body);
    return true;
  } catch {
    return false;
  }
};

const twoResponses: Check = (text) => {
  const parts = text.split('******');
  if (parts.some((part, index) => part.trim() === '' && index > 0 && index < parts.length - 1)) return false;
  const [first, second, ...more] = parts.filter((part) => part.trim() !== '').map((part) => part.trim());
  return first !== undefined && second !== undefined && more.length === 0 && first !== second;
};

const quotation: Check = (text, _, mode) => {
  const trimmed = text.trim();
  return (mode === 'upstream' ? /^"[\s\S]*"$/ : /^["“„][\s\S]*["”“]$/).test(trimmed);
};

const title: Check = (text) =>
  text.split('\n').some((line) => {
    const open = line.indexOf('<<');
    const close = line.lastIndexOf('>>');
    return open >= 0 && close > open + 2 && stripped(stripped(line.slice(open, close), '<'), '>').trim() !== '';
  });

const forbidden: Check = (text, { forbidden_words: words = [] }) =>
  !words.some((word) => new RegExp(`(?<![\\p{L}\\p{N}_])${escaped(word)}(?![\\p{L}\\p{N}_])`, 'iu').test(text));

/** The 25 checks, by instruction id. */
const checks: Readonly<Record<string, Check>> = {
  'keywords:existence': (text, { keywords = [] }) =>
    keywords.every((word) => new RegExp(escaped(word.trim()), 'iu').test(text)),
  'keywords:frequency': (text, given, mode) =>
    holds(countOf(text, keywordPattern(given.keyword ?? '', mode)), given.relation, given.frequency),
  'keywords:forbidden_words': forbidden,
  'keywords:letter_frequency': letterFrequency,
  'language:response_language': (text, { language }) => isLanguage(text, language),
  'length_constraints:number_sentences': (text, given) =>
    holds(punktSentences(text).length, given.relation, given.num_sentences),
  'length_constraints:number_paragraphs': paragraphs,
  'length_constraints:number_words': (text, given) =>
    holds(countOf(text, /[\p{L}\p{N}_]+/gu), given.relation, given.num_words),
  'length_constraints:nth_paragraph_first_word': nthParagraph,
  'detectable_content:number_placeholders': placeholders,
  'detectable_content:postscript': postscript,
  'detectable_format:number_bullet_lists': bullets,
  'detectable_format:constrained_response': (text) =>
    ['My answer is yes.', 'My answer is no.', 'My answer is maybe.'].some((option) => text.includes(option)),
  'detectable_format:number_highlighted_sections': highlights,
  'detectable_format:multiple_sections': (text, { section_spliter: label = '', num_sections: wanted = 0 }) =>
    countOf(text, new RegExp(`${escaped(label.trim())}\\s?\\p{Nd}+`, 'gu')) >= wanted,
  'detectable_format:json_format': json,
  'detectable_format:title': title,
  'combination:two_responses': twoResponses,
  'combination:repeat_prompt': (text, { prompt_to_repeat: prompt = '' }) =>
    text.trim().toLowerCase().startsWith(prompt.trim().toLowerCase()),
  'startend:end_checker': (text, { end_phrase: phrase = '' }) =>
    stripped(text.trim(), '"').toLowerCase().endsWith(phrase.trim().toLowerCase()),
  'startend:quotation': quotation,
  'change_case:capital_word_frequency': (text, given) =>
    holds(treebankTokens(text).filter(isUpper).length, given.capital_relation, given.capital_frequency),
  'change_case:english_capital': (text) => isUpper(text) && isLanguage(text, 'en'),
  'change_case:english_lowercase': (text) => isLower(text) && isLanguage(text, 'en'),
  'punctuation:no_comma': (text) => !text.includes(','),
};

/** Ids of the 25 instruction types. */
export const instructionIds: readonly string[] = Object.keys(checks);

/** True when a text follows an instruction; an empty text follows none. Throws RangeError for an unknown instruction. */
export function followsInstruction(text: string, { id, given }: Instruction, mode: CheckMode): boolean {
  const check = checks[id];
  if (!check) throw new RangeError(`IFEval has no instruction ${id}`);
  return text.trim() !== '' && check(text, given, mode);
}
