/** A number as it stands in a text. */
export interface Numeral {
  /** Canonical exact value (see `canonicalDecimal`, `canonicalFraction`); null when the digits form no well-formed number, e.g. `1,23`. */
  readonly value: string | null;
  /** UTF-16 offsets of sign, currency and digits. */
  readonly start: number;
  readonly end: number;
}

const maximalDigits = 400;

// One pass over digits and separators; each separator needs a digit behind it, so a sentence's full stop stays outside. Bounded, because
// a pattern that matches millions of characters at once overflows the stack.
const token = /(?:\d|\.(?=\d))(?:\d|[.,](?=\d)|\{,\}(?=\d{3})|\\[,!](?=\d{3})|,\\!(?=\d{3})| (?=\d{3}(?!\d))){0,400}/g;
const wellFormed = /^(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3})?(?:\.\d+)?$/;
const spaced = /^\d{1,3}(?: \d{3})+(?:\.\d+)?$/;
const scales = ['thousand', 'million', 'billion', 'trillion'];
const scaleWord = /(?:\s?\\text\{ ?|\s)?(thousand|million|billion|trillion)\b/iy;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/**
 * Exact canonical form of a plain decimal such as `018.50`: no superfluous zeros, no plus sign, zero without a sign.
 * Null for anything else and beyond 400 characters. Equal numbers have equal forms.
 */
export function canonicalDecimal(text: string): string | null {
  if (isPlainInteger(text)) return text;
  if (text.length > maximalDigits) return null;
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', part = ''] = match;
  if (whole === '' && part === '') return null;
  const integer = whole.replace(/^0+/, '') || '0';
  let end = part.length;
  while (end > 0 && part.charCodeAt(end - 1) === 48) end--;
  const digits = end === 0 ? integer : `${integer}.${part.slice(0, end)}`;
  return sign === '-' && digits !== '0' ? `-${digits}` : digits;
}

/** True for digits alone without a zero before them: what most numbers of a text are, and canonical as they stand. */
function isPlainInteger(text: string): boolean {
  const { length } = text;
  if (length === 0 || length > maximalDigits || (length > 1 && text.charCodeAt(0) === 48)) return false;
  for (let index = 0; index < length; index++) if (!isDigit(text.charCodeAt(index))) return false;
  return true;
}

const greatestDivisor = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
};

/**
 * Exact canonical form of a fraction of two whole numbers: a decimal where it ends (3/4 is `0.75`), else in lowest terms (`2/3`).
 * Null when the divisor is zero or a part is no whole number of at most 30 digits.
 */
export function canonicalFraction(dividend: string, divisor: string): string | null {
  if (!/^-?\d{1,30}$/.test(dividend) || !/^\d{1,30}$/.test(divisor)) return null;
  let [top, bottom] = [BigInt(dividend), BigInt(divisor)];
  if (bottom === 0n) return null;
  const common = greatestDivisor(top < 0n ? -top : top, bottom);
  if (common > 1n) [top, bottom] = [top / common, bottom / common];
  let rest = bottom;
  let places = 0;
  while (rest % 10n === 0n) [rest, places] = [rest / 10n, places + 1];
  while (rest % 5n === 0n) [rest, places] = [rest / 5n, places + 1];
  while (rest % 2n === 0n) [rest, places] = [rest / 2n, places + 1];
  if (rest !== 1n) return `${top}/${bottom}`;
  const scaled = ((top < 0n ? -top : top) * 10n ** BigInt(places)) / bottom;
  const digits = scaled.toString().padStart(places + 1, '0');
  const decimal = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return canonicalDecimal(top < 0n ? `-${decimal}` : decimal);
}

/** Canonical value of a well-formed unsigned number with its separators, e.g. `1,234.50`; null when it is malformed. */
function unsignedValue(text: string): string | null {
  if (isPlainInteger(text)) return text;
  if (text.length > maximalDigits) return null;
  if (spaced.test(text)) return canonicalDecimal(text.replaceAll(' ', ''));
  return wellFormed.test(text) ? canonicalDecimal(text.replaceAll(',', '')) : null;
}

const shiftPoint = (decimal: string, zeros: number): string | null => {
  const [whole = '', part = ''] = decimal.split('.');
  const padded = part.padEnd(zeros, '0');
  return canonicalDecimal(`${whole}${padded.slice(0, zeros)}.${padded.slice(zeros)}`);
};

const isWordCode = (code: number): boolean =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;

/** True for one of `$€£¥₹`. */
const isCurrency = (code: number): boolean =>
  code === 36 || code === 0x20ac || code === 0xa3 || code === 0xa5 || code === 0x20b9;

const space = 32;
const minus = 45;
const backslash = 92;

/** Offset of a currency sign, or of several, that stand before an offset, with the backslashes that LaTeX puts before them. */
function currencyBefore(text: string, from: number): number {
  let start = from;
  while (start > 0 && isCurrency(text.charCodeAt(start - 1))) start -= text.charCodeAt(start - 2) === backslash ? 2 : 1;
  return start;
}

/** Where a number with its currency and sign starts, and whether it is negative. */
function signBefore(text: string, digits: number): { readonly start: number; readonly isNegative: boolean } {
  const isApart = digits > 1 && text.charCodeAt(digits - 1) === space && isCurrency(text.charCodeAt(digits - 2));
  const start = currencyBefore(text, isApart ? digits - 1 : digits);
  let at = start;
  // `$-5` and `-$5` both mean minus five.
  if (text.charCodeAt(at - 1) !== minus) {
    const before = text.charCodeAt(at - 1) === space ? text.charCodeAt(at - 2) : text.charCodeAt(at - 1);
    // The last letters of the words "minus" and "negative".
    const isWord = before === 115 || before === 101 || before === 83 || before === 69;
    const word = isWord ? /(?:^|[^\w])(?:minus|negative)\s?$/i.exec(text.slice(Math.max(0, at - 12), at)) : null;
    if (word === null) return { start, isNegative: false };
    at -= word[0].replace(/^[^a-z]/i, '').length;
    return isOperand(text, at - 1) ? { start, isNegative: false } : { start: at, isNegative: true };
  }
  at--;
  if (isOperand(text, at - 1)) return { start, isNegative: false };
  return { start: currencyBefore(text, at), isNegative: true };
}

/** True when what stands at or before `index` (over at most two spaces) is the left side of a subtraction or a word. */
function isOperand(text: string, index: number): boolean {
  if (isWordCode(text.charCodeAt(index))) return true;
  let at = index;
  while (at > index - 2 && text.charCodeAt(at) === space) at--;
  const code = text.charCodeAt(at);
  return isDigit(code) || code === 41 || code === 93 || code === 125 || code === 37;
}

/** True when the digits belong to a name, an exponent or a subscript: `x2`, `B12`, `m^2`, `a_{1}`. */
function isPartOfName(text: string, start: number): boolean {
  const before = text.charCodeAt(start - 1);
  if (before === 94 || before === 95) return true;
  if (before === 123 && (text[start - 2] === '^' || text[start - 2] === '_')) return true;
  return (before >= 65 && before <= 90) || (before >= 97 && before <= 122)
    ? !/\\(?:times|cdot|div|approx|quad|d?frac|pm)$/.test(text.slice(Math.max(0, start - 8), start))
    : false;
}

/** True when the digits go on from ones before them that were too many for one number. */
function goesOn(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return isDigit(before) || ((before === 46 || before === 44) && isDigit(text.charCodeAt(at - 2)));
}

/** All numbers of a text from left to right, in one linear pass; digits inside names and exponents are left out. */
export function numerals(text: string): readonly Numeral[] {
  const found: Numeral[] = [];
  const pattern = token;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    let raw = match[0];
    let at = match.index;
    if (raw.startsWith('.') && /[A-Za-z.]/.test(text.charAt(at - 1))) {
      // `Rs.500`, `...18`: the full stop belongs to what stands before.
      at++;
      raw = raw.slice(1);
    } else if (isPartOfName(text, at)) continue;
    let digits = raw.includes('\\') || raw.includes('{') ? raw.replace(/\{,\}|,?\\[,!]/g, ',') : raw;
    let skipped = 0;
    if (digits.includes(' ') && !spaced.test(digits)) {
      // Not a number grouped by spaces: the last piece is the last number, the ones before it are read on their own.
      const cut = raw.indexOf(' ');
      pattern.lastIndex = at + cut;
      digits = raw.slice(0, cut);
      skipped = raw.length - cut;
    }
    const numeral = readNumeral(text, { at, end: at + raw.length - skipped, digits: goesOn(text, at) ? '' : digits });
    if (numeral.end > pattern.lastIndex) pattern.lastIndex = numeral.end;
    found.push(numeral);
  }
  return found;
}

/** True for what a scale word begins with: white space, a backslash, or t, m, b. */
const mayScale = (code: number): boolean =>
  code <= 32 ||
  code === 92 ||
  code === 109 ||
  code === 116 ||
  code === 98 ||
  code === 77 ||
  code === 84 ||
  code === 66 ||
  code >= 160;

function readNumeral(
  text: string,
  found: { readonly at: number; readonly end: number; readonly digits: string },
): Numeral {
  const { start, isNegative } = signBefore(text, found.at);
  let value = unsignedValue(found.digits);
  let end = found.end;
  if (value !== null && text[end] === '/') {
    const divisor = /\d{1,30}(?![\d.,]*\/|[\d]|\.\d)/y;
    divisor.lastIndex = end + 1;
    const match = divisor.exec(text);
    if (match !== null && text[found.at - 1] !== '/') {
      value = canonicalFraction(value, match[0]);
      end += 1 + match[0].length;
    }
  }
  if (value !== null && mayScale(text.charCodeAt(end))) {
    scaleWord.lastIndex = end;
    const scale = scaleWord.exec(text);
    if (scale !== null) {
      const zeros = 3 * (scales.indexOf((scale[1] as string).toLowerCase()) + 1);
      value = value.includes('/') ? null : shiftPoint(value, zeros);
      end += scale[0].length;
    }
  }
  if (value !== null && isNegative && value !== '0') value = `-${value}`;
  return { value, start, end };
}
