import { noExtraction, type Extraction } from '../core/score.ts';
import { answerMarkers, beforeNote, type AnswerMarker } from './answer-marker.ts';
import { findBoxed } from './boxed.ts';
import { lazyClosingNote } from './closing-note.ts';
import { findJsonAnswers } from './json-answer.ts';
import { numerals, type Numeral } from './numeral.ts';
import { readNumericClause, readNumericExpression } from './numeric-expression.ts';
import { plainCharacters } from './plain-characters.ts';

/** What may be known of a response besides its text. */
export interface AnswerContext {
  /** The question, so that repeating it is no answer. */
  readonly question?: string;
  /** True when generation stopped at the token limit: what touches the end may be half an answer. */
  readonly isTruncated?: boolean;
}

/** An extraction, and whether the text committed itself to several answers at once. */
export interface AnswerExtraction {
  readonly extraction: Extraction;
  readonly isAmbiguous: boolean;
}

interface Source {
  readonly text: string;
  /** Start of a closing remark; the length of the text when there is none. */
  readonly note: () => number;
  readonly isTruncated: boolean;
  /** End of a question that the response begins by repeating; 0 when it does not. */
  readonly begin: number;
}

type Rule = (source: Source) => AnswerExtraction | null;

const digit = /\d/;

const found = (extraction: Extraction, isAmbiguous = false): AnswerExtraction => ({ extraction, isAmbiguous });

/** Nothing but "or" and punctuation stands between two values. */
const areAlternatives = (between: string): boolean =>
  between.length < 40 &&
  /^[\s$\\().,;/*}]*(?:(?:or|and)(?:\s+(?:maybe|also|possibly))?)?[\s$\\(*]*(?:\\boxed\s?\{)?$/i.test(between);

interface Stretch {
  readonly content: string;
  readonly start: number;
  readonly end: number;
}

/** The last stretch with a digit decides; side by side with a different one it is ambiguous. */
function lastStretch(source: Source, stretches: readonly Stretch[], method: string): AnswerExtraction | null {
  const withDigits = stretches.filter(({ content }) => digit.test(content));
  const usable = beforeNote(withDigits, source.note);
  const last = usable.at(-1);
  if (last === undefined) return null;
  const reading = readNumericExpression(last.content);
  const previous = usable.at(-2);
  const isContradicted =
    previous !== undefined &&
    previous.end <= last.start &&
    areAlternatives(source.text.slice(previous.end, last.start)) &&
    readNumericExpression(previous.content).value !== reading.value;
  const isAmbiguous = reading.isAmbiguous || isContradicted;
  const value = isAmbiguous ? null : reading.value;
  return found({ value, method, span: [last.start, last.end], candidates: withDigits.length }, isAmbiguous);
}

const jsonField: Rule = (source) => lastStretch(source, findJsonAnswers(source.text), 'json_answer');

const boxed: Rule = (source) => lastStretch(source, findBoxed(source.text), 'boxed');

const hashLine = /####[ \t*]{0,6}(?:answer\s?:?\s?)?((?:[-+$€£¥₹\\(]|minus |negative ){0,6}[\d.][^\n]{0,60})(?=\n|$)/gi;
const unitsOnly = /^[^a-z]*(?:[a-z\\{}$%/²³.*)]+\s*){0,3}[.*]?\s*$/i;

const hashes: Rule = (source) => {
  if (!source.text.includes('####')) return null;
  const stretches: Stretch[] = [];
  for (const match of source.text.matchAll(hashLine)) {
    const [line, value] = match as unknown as readonly [string, string];
    const content = value.trimEnd();
    // A numbered heading is no answer.
    if (/^\d{1,2}[.):]\s*\S*[a-z]/i.test(content) || !unitsOnly.test(content)) continue;
    const end = match.index + line.length;
    if (source.isTruncated && end >= source.text.length) continue;
    stretches.push({ content, start: end - value.length, end });
  }
  return lastStretch(source, stretches, 'hashes');
};

const clauseLength = 300;
/** Markers looked at, from the last one back; a bound on work for a text that consists of markers. */
const markersTried = 50;

/** The clause behind a marker: its line, cut at the end of the sentence that holds its first digit. */
function clauseAfter(text: string, from: number): string {
  const line = /[^\n]{0,300}/y;
  line.lastIndex = from;
  const [clause] = line.exec(text) as RegExpExecArray;
  const first = clause.search(digit);
  if (first < 0) return '';
  const stop = clause.slice(first).search(/[.!?](?=[\s"')*\]]|$)/);
  return stop < 0 ? clause : clause.slice(0, first + stop);
}

function readMarker(source: Source, marker: AnswerMarker): AnswerExtraction | null {
  const clause = clauseAfter(source.text, marker.end);
  if (clause === '') return null;
  const reading = readNumericClause(clause);
  if (reading.value === null && !reading.isAmbiguous) return null;
  const clauseEnd = marker.end + clause.length;
  const touchesEnd = clauseEnd >= source.text.trimEnd().length && clause.length < clauseLength;
  if (source.isTruncated && touchesEnd && clause.slice(reading.end).trim() === '') return null;
  if (marker.kind === 'label' && reading.isDerived) {
    // "Answer:" before a worked solution announces the solution, not its first result.
    const rest = source.text.slice(clauseEnd, Math.max(clauseEnd, source.note()));
    if (digit.test(rest)) return null;
  }
  const end = Math.min(clauseEnd, marker.end + reading.end);
  return found(
    { value: reading.value, method: 'answer_phrase', span: [marker.start, end], candidates: 0 },
    reading.isAmbiguous,
  );
}

const phrase: Rule = (source) => {
  const markers = answerMarkers(source.text);
  const usable = beforeNote(markers, source.note);
  for (const marker of usable.slice(-markersTried).toReversed()) {
    const answer = readMarker(source, marker);
    if (answer !== null) {
      return { ...answer, extraction: { ...answer.extraction, candidates: markers.length } };
    }
  }
  return null;
};

const boldStart = /^[\s$€£\\(-]{0,6}[\d.]/;

/** The last bold number of the last paragraph: what a sentence stresses before it goes on. */
const bold: Rule = (source) => {
  if (source.isTruncated) return null;
  const text = source.text.slice(0, source.note()).trimEnd();
  const paragraph = Math.max(text.lastIndexOf('\n\n') + 1, source.begin, text.length - 2000);
  const spans: Stretch[] = [];
  for (const match of text.slice(paragraph).matchAll(/\*\*([^*\n]{1,80})\*\*/g)) {
    const content = match[1] as string;
    const start = paragraph + match.index + 2;
    if (!boldStart.test(content) && !content.includes('=')) continue;
    if (/^\s*\d{1,2}[.):]\s*\S*[a-z]/i.test(content) || !digit.test(content)) continue;
    spans.push({ content, start, end: start + content.length });
  }
  return lastStretch({ ...source, text, note: () => text.length }, spans, 'bold');
};

/** Numbering of lists and steps: `3. `, `2) `, `Step 4`. */
const isNumbering = (text: string, { start, end }: Numeral): boolean => {
  // Most numbers have none of these behind them, and need no pattern.
  const behind = text.charAt(end);
  if (behind !== '.' && behind !== ')' && behind !== ':') return false;
  const before = text.slice(Math.max(0, start - 8), start);
  if (/(?:^|\n)[\s*#>]{0,6}$/.test(before) && /^[.)]\*{0,2}\s+\S/.test(text.slice(end, end + 6))) return true;
  return /(?:step|option|line|day|part)\s$/i.test(before) && text[end] === ':';
};

/** True for a dollar sign, an asterisk, a backslash or an opening bracket. */
const opensNumber = (code: number): boolean => code === 36 || code === 42 || code === 92 || code === 40;

/** A number that is denied: "not 18", "isn't 18". */
function isDenied(text: string, { start }: Numeral): boolean {
  let at = start - 1;
  while (at >= start - 4 && opensNumber(text.charCodeAt(at))) at--;
  // What can be denied stands behind white space and a word that ends as one of the pattern does; most numbers need no pattern.
  if (!'treloTRELO'.includes(text.charAt(at - 1))) return false;
  return /(?:\bnot|n't|\bnever)\s(?:be\s|equal\s(?:to\s)?)?[$*\\(]{0,4}$/i.test(
    text.slice(Math.max(0, start - 24), start),
  );
}

/** Numbers from an offset on that are stated: no list numbering, not denied. */
const statedNumerals = (text: string, from: number): readonly Numeral[] =>
  numeralsOf(text, from).filter((numeral) => !isNumbering(text, numeral) && !isDenied(text, numeral));

const tailLength = 600;

const numeralsOf = (text: string, from: number): readonly Numeral[] =>
  from === 0
    ? numerals(text)
    : numerals(text.slice(from)).map(({ value, start, end }) => ({ value, start: start + from, end: end + from }));

/** Numbers stated at the end of a text; in the whole text when the end has none. */
function lastNumerals(text: string, begin: number): readonly Numeral[] {
  let from = Math.max(begin, text.length - tailLength);
  while (from > begin && /[\w.,$-]/.test(text.charAt(from - 1))) from--;
  const tail = statedNumerals(text, from);
  return tail.length > 0 || from <= begin ? tail : statedNumerals(text.slice(0, from), begin);
}

const lastNumber: Rule = (source) => {
  if (source.isTruncated) return null;
  const body = source.text.slice(0, source.note());
  let list = lastNumerals(body, source.begin);
  if (list.length === 0) list = lastNumerals(source.text, source.begin);
  if (list.length === 0)
    list = numeralsOf(source.text, source.begin).filter((numeral) => !isDenied(source.text, numeral));
  const last = list.at(-1);
  if (last === undefined) return null;
  const [previous, beforeIt] = [list.at(-2), list.at(-3)];
  const gap = (a: Numeral | undefined, b: Numeral | undefined): string =>
    a === undefined || b === undefined ? '' : source.text.slice(a.end, b.start);
  const isOr = previous !== undefined && /^[^\d\n.]{0,14}\bor\b[^\d\n.]{0,12}$/i.test(gap(previous, last));
  const isList = /^,\s?$/.test(gap(beforeIt, previous)) && /^,?\s?(?:and|or)?\s?$/i.test(gap(previous, last));
  const isAmbiguous = previous !== undefined && previous.value !== last.value && (isOr || isList);
  const value = isAmbiguous ? null : fractionAround(source.text, last);
  return found({ value, method: 'last_number', span: [last.start, last.end], candidates: list.length }, isAmbiguous);
};

/** The value of a number, or of the LaTeX fraction whose denominator it is. */
function fractionAround(text: string, numeral: Numeral): string | null {
  if (text[numeral.end] !== '}' || text[numeral.start - 1] !== '{') return numeral.value;
  const before = /\\[dtc]?frac\{[^{}]{1,60}\}\{$/.exec(text.slice(Math.max(0, numeral.start - 80), numeral.start));
  return before === null
    ? numeral.value
    : readNumericExpression(`${before[0]}${text.slice(numeral.start, numeral.end)}}`).value;
}

/** The rules in the order in which they decide. */
const rules: readonly Rule[] = [jsonField, boxed, hashes, phrase, bold, lastNumber];

/**
 * Takes the number out that a response commits itself to. Explicit markers decide before position: a JSON `answer`, `\boxed{}`, `####`,
 * "the answer is", then a bold number of the last paragraph, then the last number; within a rule the last one counts, but a closing
 * remark never overrides what stands before it. Several different values side by side ("17 or 18") are ambiguous. A response cut off
 * at the limit has only what it marked and finished. The value is canonical (`canonicalDecimal`); linear in the length.
 */
export function extractNumber(response: string, context: AnswerContext = {}): AnswerExtraction {
  const text = plainCharacters(response);
  const source: Source = {
    text,
    note: lazyClosingNote(text),
    isTruncated: context.isTruncated ?? false,
    begin: repeatedQuestionEnd(text, context.question),
  };
  for (const rule of rules) {
    const answer = rule(source);
    if (answer !== null) return answer;
  }
  return found(noExtraction);
}

/** Where a verbatim repetition of the question at the start of a response ends; 0 when there is none. */
function repeatedQuestionEnd(text: string, question: string | undefined): number {
  if (question === undefined) return 0;
  const wanted = plainCharacters(question).trim();
  if (wanted === '' || text.length < wanted.length) return 0;
  const at = text.slice(0, wanted.length + 200).indexOf(wanted);
  return at < 0 ? 0 : at + wanted.length;
}
