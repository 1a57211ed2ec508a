/** The shape a question asks its answer in; decides how two spellings of one answer are recognised as equal. */
export type AnswerForm = 'integer' | 'time' | 'date' | 'weekday' | 'word' | 'words' | 'verdicts';

/** How the prompt names the shape, between angle brackets. */
export const answerPlaceholders: Readonly<Record<AnswerForm, string>> = {
  integer: '<whole number>',
  time: '<HH:MM>',
  date: '<YYYY-MM-DD>',
  weekday: '<day of the week>',
  word: '<one word>',
  words: '<words in order, with commas>',
  verdicts: '<yes, no or unknown for each, with commas>',
};

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const longestValue = 2_000;

/** The canonical spelling of an answer in its form; null when the text is no answer of that form (so that a placeholder or a hedge is none). */
export function canonicalAnswer(value: string, form: AnswerForm): string | null {
  if (value === '' || value.length > longestValue || value === answerPlaceholders[form].slice(1, -1)) return null;
  const plain = value.normalize('NFKC').toLowerCase();
  switch (form) {
    case 'integer':
      return integerOf(plain);
    case 'time':
      return timeOf(plain);
    case 'date':
      return dateOf(plain);
    case 'weekday':
      return onlyOne(weekdays.filter((day) => new RegExp(`\\b${day}\\b`).test(plain)));
    case 'word':
      return wordOf(plain);
    case 'words':
      return listOf(plain, wordOf);
    case 'verdicts':
      return listOf(plain, verdictOf);
  }
}

const onlyOne = ([first, second]: readonly string[]): string | null =>
  first !== undefined && second === undefined ? first : null;

/** The only number of the text, or behind its last equals sign; units allowed around it. */
function integerOf(text: string): string | null {
  const numbers = [...text.slice(text.lastIndexOf('=') + 1).matchAll(/[-−+]?\d[\d,]*(?:\.\d+)?/g)].map(
    (match) => match[0],
  );
  const [number] = numbers;
  if (numbers.length !== 1 || number === undefined) return null;
  const digits = number.replace('−', '-').replace('+', '').replaceAll(',', '').replace(/\.0+$/, '');
  if (digits.includes('.')) return null;
  const trimmed = digits.replace(/^(-?)0+(?=\d)/, '$1');
  return trimmed === '-0' ? '0' : trimmed;
}

function timeOf(text: string): string | null {
  const times = [...text.matchAll(/\b(\d{1,2})[:.h](\d{2})\b(?:\s?([ap])\.?m\b)?/g)];
  const [time] = times;
  if (times.length !== 1 || time === undefined) return null;
  let hour = Number(time[1]);
  const minute = Number(time[2]);
  if (time[3] !== undefined) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (time[3] === 'p' ? 12 : 0);
  }
  return hour > 23 || minute > 59 ? null : `${pad(hour)}:${pad(minute)}`;
}

function dateOf(text: string): string | null {
  const iso = [...text.matchAll(/\b(\d{4})[-/](\d{1,2})[-/](\d{1,2})\b/g)].map((match) =>
    match.slice(1, 4).map(Number),
  );
  const american = [...text.matchAll(/\b([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b/g)].map(
    ([, month, day, year]) => [Number(year), monthOf(month as string), Number(day)],
  );
  const british = [...text.matchAll(/\b(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})\.?,? (\d{4})\b/g)].map(
    ([, day, month, year]) => [Number(year), monthOf(month as string), Number(day)],
  );
  const [found, ...more] = [...iso, ...[...american, ...british].filter(([, month]) => month !== 0)];
  return found === undefined || more.length > 0 ? null : found.map(pad).join('-');
}

const pad = (value: number): string => String(value).padStart(2, '0');

/** Number of a month by its name, at least three letters of it; 0 for other words. */
const monthOf = (name: string): number => months.indexOf(name.slice(0, 3)) + 1;

/** One word without punctuation around it, without an article and without the noun `box` behind it. */
function wordOf(text: string): string | null {
  const opening = /^[\s"'“”`*_([<]*/;
  const word = text
    .replace(opening, '')
    .replace(/^(?:the|a|an) /, '')
    .replace(opening, '');
  const bare = word.replace(/[\s"'“”`*_)\]>.,;:!?]+$/, '').replace(/(?<=\S) box$/, '');
  return /^[\p{L}\p{N}][\p{L}\p{N}_'-]*$/u.test(bare) ? bare : null;
}

const unknowns = new Set([
  'unknown',
  'cannot be determined',
  'undetermined',
  'not determined',
  'cannot tell',
  'uncertain',
]);

function verdictOf(text: string): string | null {
  const bare = text.replace(/^[\s"'“”`*_([<]*(?:\d{1,2}[.:)=]{1,2} ?)?/, '').replace(/[\s"'“”`*_)\]>.;!]+$/, '');
  if (bare === 'yes' || bare === 'true') return 'yes';
  if (bare === 'no' || bare === 'false') return 'no';
  return unknowns.has(bare) ? 'unknown' : null;
}

/** Items without the numbers in front of them, `1. ` or `Seat 1: `, where these count up from 1. */
function withoutNumbers(parts: readonly string[]): readonly string[] {
  const numbered = parts.map((part) => /^(?:seat |step |place )?\(?(\d{1,2})[.:)]{1,2} ?(?=\S)/.exec(part));
  const isCounted = numbered.length > 1 && numbered.every((match, index) => Number(match?.[1]) === index + 1);
  return isCounted ? parts.map((part, index) => part.slice(numbered[index]?.[0].length)) : parts;
}

/** Items separated by commas, semicolons, arrows or the last `and`, each in canonical form, joined by `, `. */
function listOf(text: string, item: (text: string) => string | null): string | null {
  const parts = text
    .split(/,|;|->|=>|>|→|\band\b/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const items = withoutNumbers(parts).map(item);
  return items.length === 0 || items.includes(null) ? null : items.join(', ');
}
