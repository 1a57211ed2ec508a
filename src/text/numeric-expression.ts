import { canonicalFraction, numerals, type Numeral } from './numeral.ts';

/** What a short stretch of text says as a number. */
export interface NumericReading {
  /** Canonical exact value; null when there is none or more than one. */
  readonly value: string | null;
  /** True when it names several different numbers. */
  readonly isAmbiguous: boolean;
}

const nothing: NumericReading = { value: null, isAmbiguous: false };
const several: NumericReading = { value: null, isAmbiguous: true };

/**
 * Takes LaTeX dress off a short stretch of text: fractions become `a/b`, `\text{…}` and other commands leave their content,
 * spacing commands and braces become spaces, exponents of units go. Text without a backslash or brace comes back as it is.
 */
export function plainMath(text: string): string {
  if (!/[\\{^]/.test(text)) return text;
  return text
    .replace(/\\[dtc]?frac\s{0,3}(\d)(\d)(?!\d)/g, ' $1/$2 ')
    .replace(
      /\\[dtc]?frac\s{0,3}\{([^{}]{0,60})\}\s{0,3}\{([^{}]{0,60})\}/g,
      (_, top: string, bottom: string) => ` ${top.trim().replaceAll(/[\s,$\\]/g, '')}/${bottom.trim()} `,
    )
    .replace(/([^\d\s])\s?\^\s{0,3}(?:\{[^{}]{0,20}\}|\\circ|-?\d{1,4})/g, '$1')
    .replace(/\^\s?(?:\\circ|\{\s?\\circ\s?\})/g, ' ')
    .replace(/\\(?:times|cdot|ast)(?![a-z])/g, '×')
    .replace(/\\div(?![a-z])/g, '÷')
    .replace(/\\(?:approx|simeq)(?![a-z])/g, '≈')
    .replace(/\\([%$])/g, '$1')
    .replace(/(\d)(?:\{,\}|,?\\[,!])(?=\d{3})/g, '$1,')
    .replace(/\\(?:[,;:! ]|[a-zA-Z]{1,20})|[{}]/g, ' ');
}

/** Numbers of a cleaned stretch, a whole number followed by a proper fraction joined to one (`1 1/2`). */
function joinedNumerals(text: string): readonly Numeral[] {
  const found: Numeral[] = [];
  for (const numeral of numerals(text)) {
    const last = found.at(-1);
    const mixed = last === undefined ? null : mixedValue(text, last, numeral);
    if (last !== undefined && mixed !== null) found[found.length - 1] = { ...last, value: mixed, end: numeral.end };
    else found.push(numeral);
  }
  return found;
}

function mixedValue(text: string, whole: Numeral, part: Numeral): string | null {
  if (!/^\s{1,3}$/.test(text.slice(whole.end, part.start))) return null;
  if (whole.value === null || !/^-?\d{1,15}$/.test(whole.value)) return null;
  const ratio = /^\d{1,9}\/\d{1,9}$/.exec(text.slice(part.start, part.end));
  if (ratio === null) return null;
  const [top, bottom] = ratio[0].split('/').map(BigInt) as [bigint, bigint];
  if (top >= bottom) return null;
  const integer = BigInt(whole.value);
  return canonicalFraction(`${integer * bottom + (whole.value.startsWith('-') ? -top : top)}`, `${bottom}`);
}

/** True when numbers are joined by an operation that nobody carried out. */
const isUnfinishedSum = (text: string, [first, second]: readonly Numeral[]): boolean =>
  first !== undefined && second !== undefined && /[+×÷*·/-]/.test(text.slice(first.end, second.start));

const distinct = (found: readonly Numeral[]): number => new Set(found.map(({ value }) => value)).size;

/**
 * Reads a stretch that should hold one number and nothing else of weight: the content of a box, a JSON value, a `####` line.
 * What stands after the last equals sign counts; remarks in parentheses do not when a number stands outside.
 */
export function readNumericExpression(text: string): NumericReading {
  const isPower = text.includes('^') && /\d\s?\^\s?\{?\s?-?\d/.test(text);
  if (isPower) return several;
  const plain = plainMath(text);
  const equals = Math.max(plain.lastIndexOf('='), plain.lastIndexOf('≈'));
  const right = equals >= 0 && /\d/.test(plain.slice(equals + 1)) ? plain.slice(equals + 1) : plain;
  // A dash apart from its number is a sign here, where no list can stand.
  const signed = right.replace(/^(\s*[$€£]?\s*-)\s+(?=[\d$€£.])/, '$1');
  let found = joinedNumerals(signed);
  if (distinct(found) > 1) found = joinedNumerals(signed.replaceAll(/\([^()]*\)/g, ' '));
  if (found.length === 0) return nothing;
  if (distinct(found) > 1 || isUnfinishedSum(signed, found)) return several;
  const { value } = found[0] as Numeral;
  // A malformed number and an unfinished sum are no numbers.
  return value === null || /[-+×÷*/]\s*$/.test(signed) ? nothing : { value, isAmbiguous: false };
}

/** A number read from the words after a marker such as "the answer is". */
export interface ClauseReading extends NumericReading {
  /** Offset in the clause (as `plainMath` leaves it) behind the number that counts. */
  readonly end: number;
  /** True when words or a sum stand before the number, so that it may be a step of a solution. */
  readonly isDerived: boolean;
}

const negation = /n't\b|\b(?:not|never|neither|no longer|cannot)\b/i;
const derivation =
  /\b(?:by|from|when|if|after|because|since|sum of|product of|difference|divid\w{0,5}|multipl\w{0,6}|subtract\w{0,5}|add\w{0,4})\b/i;
const explanation = /\b(?:because|since|as|where|which|so|and|if|after|for|when|but|given)\b|[,;(]/i;
const operator = /[*×÷+·/-]|\bx\b|\b(?:times|plus|minus|divided)\b/;

/**
 * Reads the number that a clause states: its first one, what a sum that starts there comes to (`9 × 2 = 18`), or, when the clause
 * tells how it was come by, the last one. Null when the clause denies it or the number stands more than 80 characters away;
 * ambiguous when another number follows after "or".
 */
export function readNumericClause(clause: string): ClauseReading {
  const none: ClauseReading = { ...nothing, end: 0, isDerived: false };
  const plain = plainMath(clause);
  const found = joinedNumerals(plain);
  const [first] = found;
  if (first === undefined || first.start > 80) return none;
  const gap = plain.slice(0, first.start);
  if (gap.length > 2 && negation.test(gap)) return none;
  const last = found.at(-1) as Numeral;
  if (gap.length > 2 && derivation.test(gap))
    return { value: last.value, isAmbiguous: false, end: last.end, isDerived: true };
  const equals = plain.lastIndexOf('=');
  const between = plain.slice(first.end, equals);
  const result = equals > first.end ? found.find(({ start }) => start > equals) : undefined;
  const isSum = result !== undefined && operator.test(between) && !explanation.test(between);
  const chosen = isSum ? result : first;
  const next = found.find(({ start }) => start >= chosen.end);
  const isAlternative =
    next !== undefined &&
    next.value !== chosen.value &&
    /^[^\n]{0,20}\bor\b[^\n]{0,12}$/i.test(plain.slice(chosen.end, next.start));
  const isChoice =
    /\b(?:either|between)\s[^\d\n]{0,12}$/i.test(gap) && next !== undefined && next.value !== chosen.value;
  const isDerived = isSum || /[a-z]{3}/i.test(gap);
  if (isAlternative || isChoice) return { ...several, end: chosen.end, isDerived };
  return { value: chosen.value, isAmbiguous: false, end: chosen.end, isDerived };
}
