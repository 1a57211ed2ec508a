import { noExtraction } from '../core/score.ts';
import { answerMarkers, beforeNote, choiceMarkers } from './answer-marker.ts';
import type { ChoiceOption } from './choice-question.ts';
import { findBoxed } from './boxed.ts';
import { labelGrammar, type LabelGrammar, type LabelReading } from './choice-label.ts';
import { lazyClosingNote } from './closing-note.ts';
import { findJsonAnswers } from './json-answer.ts';
import type { AnswerContext, AnswerExtraction } from './number-answer.ts';
import { plainMath } from './numeric-expression.ts';
import { plainCharacters } from './plain-characters.ts';
import { repeatedQuestion, type RepeatedQuestion } from './repeated-question.ts';
import { singleSpaced, withSingleSpaces } from './single-spaced.ts';

/** An option with its text normalised (`comparable`), and that in lower case. */
interface Choice extends ChoiceOption {
  readonly lower: string;
}

interface Source {
  readonly text: string;
  readonly note: () => number;
  readonly isTruncated: boolean;
  readonly repeated: RepeatedQuestion;
  readonly grammar: LabelGrammar;
  readonly choices: readonly Choice[];
}

type Rule = (source: Source) => AnswerExtraction | null;

/** What a stretch of text says: an option, several at once, or nothing. */
type Reading = { readonly kind: 'label'; readonly label: string } | { readonly kind: 'several' } | null;

const several: Reading = { kind: 'several' };

/** Text as option texts are compared: LaTeX dress, emphasis, outer quotes and end punctuation off, white space single; case kept. */
const comparable = (text: string): string =>
  withoutEnd(withSingleSpaces(plainMath(text).replaceAll(/[*_`$]/g, ' ')).replace(/^["'\s]+/, ''));

const ending = /["'\s.,;:!]/;

/** A text without punctuation, quotes and white space at its end; a pattern would try each run of them from its begin on. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ending.test(text.charAt(end - 1))) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** The option whose text a normalised stretch equals, exactly or else but for case; null when none or more than one does. */
function optionOfText(source: Source, stretch: string): Reading {
  if (stretch === '') return null;
  const exact = source.choices.find(({ text }) => text === stretch);
  if (exact !== undefined) return labelOf(exact);
  const lower = stretch.toLowerCase();
  const loose = source.choices.find((choice) => choice.lower === lower);
  const another = source.choices.findLast((choice) => choice.lower === lower);
  return loose !== undefined && another === loose ? labelOf(loose) : null;
}

const labelOf = ({ label }: ChoiceOption): Reading => ({ kind: 'label', label });

/** The option whose text a normalised stretch begins with and ends a word at; the longest one. */
function optionAtStart(source: Source, stretch: string): Reading {
  let longest = 0;
  const lower = stretch.toLowerCase();
  for (const { text, lower: begin } of source.choices) {
    if (text.length < 2 || text.length <= longest) continue;
    if (lower.startsWith(begin) && !/^[\p{L}\d]/u.test(stretch.slice(text.length, text.length + 2)))
      longest = text.length;
  }
  return optionOfText(source, stretch.slice(0, longest));
}

/** True when a label is followed by its option's text, which may name labels itself ("D. Both A and B"). */
function isOwnText(source: Source, read: LabelReading, stretch: string): boolean {
  return source.choices.some(({ label, text }) => {
    if (label !== read.label || text === '') return false;
    const rest = stretch.slice(read.end, read.end + text.length * 2 + 60);
    return comparable(rest.replace(/^[\s*_`"')\]}.:–—-]+/, '')).startsWith(text);
  });
}

/** Reads what follows a marker or fills a box, a bold span or a JSON value. */
function readStretch(source: Source, stretch: string): Reading {
  const read = source.grammar.read(stretch);
  if (read?.isSeveral === true)
    return isOwnText(source, read, stretch) ? { kind: 'label', label: read.label } : several;
  if (read?.strength === 'strong') return { kind: 'label', label: read.label };
  const text = comparable(stretch);
  const whole = optionOfText(source, text) ?? optionAtStart(source, text);
  if (whole !== null) return whole;
  return read === null ? null : { kind: 'label', label: read.label };
}

const found = (reading: Reading, method: string, place: readonly [number, number, number]): AnswerExtraction => ({
  extraction: {
    value: reading?.kind === 'label' ? reading.label : null,
    method,
    span: [place[0], place[1]],
    candidates: place[2],
  },
  isAmbiguous: reading?.kind === 'several',
});

interface Stretch {
  readonly content: string;
  readonly start: number;
  readonly end: number;
}

/** Stretches looked at, from the last one back; a bound on work for a text that consists of them. */
const stretchesTried = 50;

const areAlternatives = (between: string): boolean =>
  between.length < 40 &&
  /^[\s$\\().,;/*}"]*(?:(?:or|and)(?:\s+(?:maybe|also|possibly))?)?[\s$\\(*"]*(?:\\boxed\s?\{)?$/i.test(between);

/** The last stretch that names an option decides; side by side with a different one it is ambiguous. */
function lastStretch(source: Source, stretches: readonly Stretch[], method: string): AnswerExtraction | null {
  const usable = beforeNote(stretches, source.note);
  let chosen: { readonly reading: Reading; readonly stretch: Stretch } | null = null;
  for (const stretch of usable.slice(-stretchesTried).toReversed()) {
    const reading = readStretch(source, stretch.content);
    if (reading === null) continue;
    if (chosen === null) {
      chosen = { reading, stretch };
      continue;
    }
    const isBeside =
      stretch.end <= chosen.stretch.start && areAlternatives(source.text.slice(stretch.end, chosen.stretch.start));
    const isSame =
      reading.kind === 'label' && chosen.reading?.kind === 'label' && reading.label === chosen.reading.label;
    if (isBeside && !isSame) chosen = { ...chosen, reading: several };
    break;
  }
  if (chosen === null) return null;
  return found(chosen.reading, method, [chosen.stretch.start, chosen.stretch.end, stretches.length]);
}

const jsonField: Rule = (source) => lastStretch(source, findJsonAnswers(source.text), 'json_answer');

const boxed: Rule = (source) => lastStretch(source, findBoxed(source.text), 'boxed');

const clause = (text: string, from: number): string => {
  const line = /[^\n]{0,4000}/y;
  line.lastIndex = from;
  return (line.exec(text) as RegExpExecArray)[0];
};

const phrase: Rule = (source) => {
  const markers = [...answerMarkers(source.text), ...choiceMarkers(source.text)].sort((a, b) => a.end - b.end);
  const usable = beforeNote(markers, source.note);
  for (const marker of usable.slice(-stretchesTried).toReversed()) {
    const stretch = clause(source.text, marker.end);
    const isCut = source.isTruncated && marker.end + stretch.length >= source.text.length;
    // A label is one token: only words that may go on are in doubt at the cut.
    const reading =
      isCut && stretch.trim().length > 3 ? source.grammar.readStrong(stretch) : readStretch(source, stretch);
    if (reading !== null)
      return found(reading, 'answer_phrase', [marker.start, marker.end + stretch.length, markers.length]);
  }
  return null;
};

/** Lines with their offsets, blank ones left out. */
function linesOf(text: string): readonly Stretch[] {
  const lines: Stretch[] = [];
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const content = text.slice(start, end).trim();
    if (content !== '') lines.push({ content, start, end });
    start = end + 1;
  }
  return lines;
}

const sameLabel = (readings: readonly Reading[]): Reading => {
  const [first] = readings;
  if (first === undefined || first === null) return null;
  const isOne = readings.every(
    (reading) => reading?.kind === 'label' && first.kind === 'label' && reading.label === first.label,
  );
  return isOne ? first : several;
};

/**
 * Lines that are an option and nothing else. A bare label as the last line decides, or as the first one; else the whole text when it is an
 * option's; else all lines that start with a label or are an option's text must name the same option, so that repeating the list of
 * options is no answer.
 */
const line: Rule = (source) => {
  const lines = linesOf(source.text);
  const first = lines[0];
  const last = lines.at(-1);
  if (first === undefined || last === undefined) return null;
  const edges = source.isTruncated ? [first] : [last, first];
  for (const edge of edges) {
    const bare = source.grammar.readBare(edge.content);
    const isListed = bare !== null && lines.length > 1 && /[.:]/.test(edge.content);
    if (bare !== null && !isListed)
      return found({ kind: 'label', label: bare }, 'bare_label', [edge.start, edge.end, 1]);
  }
  const whole = source.isTruncated || source.text.length > 4000 ? null : wholeText(source);
  if (whole !== null) return found(whole, 'option_text', [0, source.text.length, 1]);
  // Of a response that was cut off only a finished first line is a statement; later ones may be the begin of a list.
  const stated = source.isTruncated ? lines.slice(0, lines.length === 1 ? 0 : 1) : lines;
  const named = stated.flatMap((item) => {
    const reading = readLine(source, item.content);
    return reading === null ? [] : [{ item, reading }];
  });
  const reading = sameLabel(named.map((entry) => entry.reading));
  const place = named.at(-1)?.item;
  return reading === null || place === undefined
    ? null
    : found(reading, 'label_line', [place.start, place.end, named.length]);
};

/** The option that a text is from end to end; a label goes before an option whose text looks like it. */
function wholeText(source: Source): Reading {
  const text = comparable(source.text);
  const bare = source.grammar.readBare(text);
  return bare === null ? optionOfText(source, text) : { kind: 'label', label: bare };
}

function readLine(source: Source, content: string): Reading {
  const read = source.grammar.read(content);
  if (read?.isSeveral === true)
    return isOwnText(source, read, content) ? { kind: 'label', label: read.label } : several;
  if (read !== null && (read.strength === 'strong' || read.isReasoned)) return { kind: 'label', label: read.label };
  if (content.length > 4000) return null;
  return optionOfText(source, comparable(content.replace(/^\s*(?:[-*>]|\d{1,2}[.)])\s+/, '')));
}

/** "Option C is correct", "(B) is the best choice": the last statement of that form. */
const verdict: Rule = (source) => {
  const statements = source.grammar.verdicts(source.text.slice(0, source.note()));
  const last = statements.at(-1);
  if (last === undefined) return null;
  return found({ kind: 'label', label: last.label }, 'verdict', [last.start, last.end, statements.length]);
};

/** A bold option of the last paragraph, where only one is bold. */
const bold: Rule = (source) => {
  if (source.isTruncated) return null;
  const from = Math.max(0, source.note() - 3000);
  const body = source.text.slice(from, source.note()).trimEnd();
  const begin = from + Math.max(0, body.lastIndexOf('\n\n'));
  const named = [...source.text.slice(begin, source.note()).matchAll(/\*\*([^*\n]{1,300})\*\*/g)].flatMap((match) => {
    const reading = readStretch(source, match[1] as string);
    return reading === null
      ? []
      : [{ reading, start: begin + match.index + 2, end: begin + match.index + match[0].length - 2 }];
  });
  const reading = sameLabel(named.map((entry) => entry.reading));
  const place = named.at(-1);
  return reading?.kind !== 'label' || place === undefined
    ? null
    : found(reading, 'bold', [place.start, place.end, named.length]);
};

const denial = /n't\b|\b(?:not|neither|nor|except|rather than|instead of|unlike|incorrect|wrong|unlikely|cannot)\b/i;

/** The last sentence names one option, by a label such as "(C)" or "option C", or by its text, and denies nothing. */
const lastSentence: Rule = (source) => {
  if (source.isTruncated) return null;
  const body = source.text.slice(0, source.note()).trimEnd();
  const window = body.slice(-800);
  const breaks = [...window.slice(0, -1).matchAll(/[.!?]["')*]{0,3}\s+|\n+/g)];
  const lastBreak = breaks.at(-1);
  const offset = lastBreak === undefined ? 0 : lastBreak.index + lastBreak[0].length;
  const sentence = window.slice(offset);
  // A line of a repeated list of options is no statement.
  if (denial.test(sentence) || readLine(source, sentence) !== null) return null;
  const place: readonly [number, number, number] = [body.length - sentence.length, body.length, 1];
  const labels = new Set(source.grammar.mentions(sentence));
  if (labels.size > 1) return found(several, 'last_sentence', place);
  const [label] = labels;
  if (label !== undefined) return found({ kind: 'label', label }, 'last_sentence', place);
  const [named, another] = containedOptions(source, comparable(sentence));
  if (named === undefined) return null;
  return found(another === undefined ? labelOf(named) : several, 'last_sentence', place);
};

/** Options whose text a sentence contains as whole words; a text inside a longer one that is contained as well does not count. */
function containedOptions({ choices }: Source, sentence: string): readonly ChoiceOption[] {
  const lower = sentence.toLowerCase();
  const hits = choices.filter(({ lower: text }) => {
    if (text.length < 3) return false;
    for (let at = lower.indexOf(text); at >= 0; at = lower.indexOf(text, at + 1)) {
      const end = at + text.length;
      const isWord = !/[\p{L}\d]/u.test(lower.charAt(at - 1)) && !/[\p{L}\d]/u.test(lower.charAt(end));
      // One or two words in mid-sentence are too common to be a statement.
      if (isWord && (end === lower.length || text.split(' ').length > 2)) return true;
    }
    return false;
  });
  return hits.filter((hit) => !hits.some((other) => other !== hit && other.lower.includes(hit.lower)));
}

/** The rules in the order in which they decide. */
const rules: readonly Rule[] = [jsonField, boxed, phrase, line, verdict, bold, lastSentence];

/** True when a response only repeats its question: a stretch of it that is no option's line, or all of it with the options. */
function isRepetition(source: Source): boolean {
  const repetition = source.repeated.read(source.text);
  return repetition === 'all' || (repetition === 'stretch' && readLine(source, singleSpaced(source.text)) === null);
}

/** What is made once for each list of options, and for the question asked with it. */
interface Prepared extends Pick<Source, 'grammar' | 'choices'> {
  repeated: RepeatedQuestion;
}

const prepared = new WeakMap<readonly ChoiceOption[], Prepared>();

function choiceOf({ label, text }: ChoiceOption): Choice {
  const compared = comparable(plainCharacters(text));
  return { label, text: compared, lower: compared.toLowerCase() };
}

function prepare(options: readonly ChoiceOption[], question: string): Prepared {
  const known = prepared.get(options);
  if (known !== undefined) {
    if (known.repeated.question !== question) known.repeated = repeatedQuestion(question, options);
    return known;
  }
  const made = {
    grammar: labelGrammar(options.map(({ label }) => label)),
    choices: options.map(choiceOf),
    repeated: repeatedQuestion(question, options),
  };
  prepared.set(options, made);
  return made;
}

/**
 * Takes the option out that a response commits itself to; the value is its label. Explicit markers decide before form: a JSON `answer`,
 * `\boxed{}`, "the answer is", a line that is an option, "option C is correct", bold, then the last sentence; within a rule the last one
 * counts, but a closing remark never overrides what stands before it. An option's text in full stands for its label. Several options
 * side by side or the list of options repeated are ambiguous; a capital letter on its own in prose is never an answer. Linear.
 * `context.question` is the question without its options.
 */
export function extractChoice(
  response: string,
  options: readonly ChoiceOption[],
  context: AnswerContext = {},
): AnswerExtraction {
  const text = plainCharacters(response);
  // Named members, not a spread: this is made for every response that is scored.
  const { grammar, choices, repeated } = prepare(options, context.question ?? '');
  const isTruncated = context.isTruncated ?? false;
  const source: Source = { text, note: lazyClosingNote(text), isTruncated, repeated, grammar, choices };
  if (isRepetition(source)) return { extraction: noExtraction, isAmbiguous: false };
  let undecided: AnswerExtraction | null = null;
  for (const rule of rules) {
    const answer = rule(source);
    // A list of several options may be an enumeration before the verdict.
    if (answer?.isAmbiguous === true && rule === line) undecided = answer;
    else if (answer !== null) return answer;
  }
  return undecided ?? { extraction: noExtraction, isAmbiguous: false };
}
