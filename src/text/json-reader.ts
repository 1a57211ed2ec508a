import type { Json } from '../core/json.ts';

/** What can be wrong with JSON text; the `json.*` failure codes carry these names. */
export type JsonIssueCode =
  | 'unterminated_string'
  | 'unclosed_bracket'
  | 'trailing_comma'
  | 'single_quotes'
  | 'unquoted_key'
  | 'python_literal'
  | 'raw_control_char'
  | 'comment'
  | 'nan'
  | 'extra_data'
  | 'prose_wrapped'
  | 'fenced'
  | 'double_encoded'
  | 'duplicate_key'
  | 'syntax';

/** One deviation from JSON and the UTF-16 offset where it stands. */
export interface JsonIssue {
  readonly code: JsonIssueCode;
  readonly offset: number;
}

/** One value read from text. */
export interface JsonRead {
  /** The value with every harmless deviation mended; undefined when reading failed. */
  readonly value: Json | undefined;
  /** Offset after the value, or where reading failed. */
  readonly end: number;
  /** Deviations that were mended without a change of meaning, in order. */
  readonly mended: readonly JsonIssue[];
  /** The deviation that cannot be mended without guessing; null when there is none. */
  readonly fatal: JsonIssue | null;
}

export interface JsonReadOptions {
  /** Text from this offset on is not looked at. */
  readonly limit?: number;
  /** Closes brackets that are open at the limit when a whole value stands before it: for text that a closing tag ends. */
  readonly closeAtLimit?: boolean;
  /** What a number with a point or an exponent becomes, for callers to whom 5 and 5.0 differ; the number itself when absent. */
  readonly floatOf?: (value: number) => Json;
}

/** Values nested deeper than this are refused as `syntax`, so that nothing downstream runs out of stack. */
export const maximumJsonDepth = 512;

type Frame =
  | { readonly kind: 'array'; readonly items: Json[] }
  | { readonly kind: 'object'; readonly members: Map<string, Json>; key: string };

/** Not an Error: hostile text stops the reader a million times, and each stack trace would cost ten microseconds. */
class Fatal {
  readonly issue: JsonIssue;
  constructor(issue: JsonIssue) {
    this.issue = issue;
  }
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const wordPattern = /[A-Za-z_$][\w$-]*/y;
const signedWordPattern = /[+-]?(?:nan|inf(?:inity)?)\b/iy;
// oxlint-disable-next-line no-control-regex
const plainTextPattern = /[^"'\\\u0000-\u001f]+/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const words: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const pythonWords: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['True', true],
  ['False', false],
  ['None', null],
]);

/** Reads with an explicit stack, so that depth costs no call stack, and looks at each character once. */
class Reader {
  readonly text: string;
  readonly limit: number;
  readonly closeAtLimit: boolean;
  readonly floatOf: ((value: number) => Json) | null;
  readonly mended: JsonIssue[] = [];
  position: number;

  constructor(text: string, start: number, options: JsonReadOptions) {
    this.text = text;
    this.position = start;
    this.limit = Math.min(options.limit ?? text.length, text.length);
    this.closeAtLimit = options.closeAtLimit ?? false;
    this.floatOf = options.floatOf ?? null;
  }

  fail(code: JsonIssueCode, offset = this.position): never {
    throw new Fatal({ code, offset });
  }

  mend(code: JsonIssueCode, offset = this.position): void {
    this.mended.push({ code, offset });
  }

  match(pattern: RegExp): string | null {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text);
    if (found === null || found[0] === '') return null;
    return this.position + found[0].length > this.limit ? found[0].slice(0, this.limit - this.position) : found[0];
  }

  peek(): string {
    return this.position < this.limit ? this.text.charAt(this.position) : '';
  }

  /** Skips white space; comments are skipped and noted. */
  skipSpace(): void {
    for (;;) {
      const character = this.peek();
      if (character === ' ' || character === '\n' || character === '\r' || character === '\t') this.position++;
      else if (character === '#' || this.text.startsWith('//', this.position)) this.skipLineComment();
      else if (character === '/' && this.text[this.position + 1] === '*') this.skipBlockComment();
      else return;
    }
  }

  skipLineComment(): void {
    this.mend('comment');
    // A search with indexOf would look past the limit, which is quadratic over many short regions.
    while (this.position < this.limit && this.text[this.position] !== '\n') this.position++;
  }

  skipBlockComment(): void {
    const start = this.position;
    let end = start + 2;
    while (end + 1 < this.limit && !(this.text[end] === '*' && this.text[end + 1] === '/')) end++;
    this.position = Math.min(end + 2, this.limit);
    if (end + 1 >= this.limit) this.fail('syntax', start);
    this.mend('comment', start);
  }

  readString(): string {
    const start = this.position;
    const quote = this.peek();
    if (quote === "'") this.mend('single_quotes');
    this.position++;
    const parts: string[] = [];
    for (;;) {
      const plain = this.match(plainTextPattern);
      if (plain !== null) {
        parts.push(plain);
        this.position += plain.length;
      }
      const character = this.peek();
      if (character === '') this.fail('unterminated_string', start);
      if (character === '\\') parts.push(this.readEscape(start));
      else {
        this.position++;
        if (character === quote) return parts.join('');
        if (character < ' ') this.mend('raw_control_char', this.position - 1);
        parts.push(character);
      }
    }
  }

  readEscape(stringStart: number): string {
    const offset = this.position;
    if (offset + 1 >= this.limit) this.fail('unterminated_string', stringStart);
    const letter = this.text.charAt(offset + 1);
    this.position += 2;
    if (letter === 'u') {
      const digits = this.text.slice(this.position, Math.min(this.position + 4, this.limit));
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
        this.fail(this.position + 4 > this.limit ? 'unterminated_string' : 'syntax', offset);
      }
      this.position += 4;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    if (letter === "'") {
      this.mend('single_quotes', offset);
      return letter;
    }
    return escapes[letter] ?? this.fail('syntax', offset);
  }

  readNumber(): Json {
    const digits = this.match(numberPattern);
    if (digits === null) this.fail('syntax');
    const next = this.text.charAt(this.position + digits.length);
    if (this.position + digits.length < this.limit && /[\w.+]/.test(next)) this.fail('syntax');
    const value = Number(digits);
    if (!Number.isFinite(value)) this.fail('nan');
    this.position += digits.length;
    return this.floatOf !== null && /[.eE]/.test(digits) ? this.floatOf(value) : value;
  }

  readWord(): Json {
    if (this.match(signedWordPattern) !== null) this.fail('nan');
    const word = this.match(wordPattern);
    if (word === null) return this.readNumber();
    const isPlain = words.has(word);
    const value = isPlain ? words.get(word) : pythonWords.get(word);
    if (value === undefined) this.fail('syntax');
    if (!isPlain) this.mend('python_literal');
    this.position += word.length;
    return value;
  }

  readKey(seen: ReadonlyMap<string, Json>): string {
    const offset = this.position;
    const character = this.peek();
    let key: string;
    if (character === '"' || character === "'") key = this.readString();
    else {
      const word = this.match(wordPattern);
      if (word === null) this.fail('syntax');
      this.mend('unquoted_key');
      this.position += word.length;
      key = word;
    }
    this.skipSpace();
    if (this.peek() === '') this.fail('unclosed_bracket');
    if (this.peek() !== ':') this.fail('syntax');
    this.position++;
    if (seen.has(key)) this.fail('duplicate_key', offset);
    return key;
  }
}

const closed = (frame: Frame): Json => (frame.kind === 'array' ? frame.items : Object.fromEntries(frame.members));

function put(frame: Frame, value: Json): void {
  if (frame.kind === 'array') frame.items.push(value);
  else frame.members.set(frame.key, value);
}

/** Opens a container; gives the value instead when it is a scalar. */
function openOrRead(reader: Reader, stack: Frame[]): { value: Json } | null {
  const character = reader.peek();
  if (character === '') reader.fail(stack.length === 0 ? 'syntax' : 'unclosed_bracket');
  if (character === '{' || character === '[') {
    if (stack.length >= maximumJsonDepth) reader.fail('syntax');
    stack.push(character === '[' ? { kind: 'array', items: [] } : { kind: 'object', members: new Map(), key: '' });
    reader.position++;
    return null;
  }
  if (character === '"' || character === "'") return { value: reader.readString() };
  return { value: reader.readWord() };
}

/** True when the container on top ends here; `afterComma` tells a trailing comma from an empty container. */
function closes(reader: Reader, frame: Frame, afterComma: boolean): boolean {
  reader.skipSpace();
  const character = reader.peek();
  if (character !== (frame.kind === 'array' ? ']' : '}')) return false;
  if (afterComma) reader.mend('trailing_comma', reader.position);
  reader.position++;
  return true;
}

/** After a value: steps over a comma (true) or onto the end of the container (false). */
function hasNext(reader: Reader, frame: Frame): boolean {
  reader.skipSpace();
  if (reader.peek() === '') {
    if (!reader.closeAtLimit) reader.fail('unclosed_bracket');
    reader.mend('unclosed_bracket');
    return false;
  }
  if (reader.peek() === ',') {
    reader.position++;
    return true;
  }
  if (!closes(reader, frame, false)) reader.fail('syntax');
  return false;
}

function readValue(reader: Reader): Json {
  const stack: Frame[] = [];
  reader.skipSpace();
  let read = openOrRead(reader, stack);
  let afterComma = false;
  for (;;) {
    const top = stack.at(-1);
    if (read !== null) {
      if (top === undefined) return read.value;
      put(top, read.value);
      if (hasNext(reader, top)) {
        afterComma = true;
        read = null;
      } else {
        stack.pop();
        read = { value: closed(top) };
      }
    } else if (top !== undefined && closes(reader, top, afterComma)) {
      stack.pop();
      read = { value: closed(top) };
    } else {
      if (reader.peek() === '') reader.fail('unclosed_bracket');
      if (top?.kind === 'object') {
        top.key = reader.readKey(top.members);
        reader.skipSpace();
      }
      read = openOrRead(reader, stack);
      afterComma = false;
    }
  }
}

/**
 * Reads one JSON value that begins at `start`, in one pass and without recursion. Harmless deviations (trailing comma, single quotes,
 * unquoted key, Python literal, raw control character, comment) are mended and listed; anything that would need a guess is fatal:
 * an unterminated string or bracket, NaN, a duplicate key, a missing comma.
 */
export function readJson(text: string, start = 0, options: JsonReadOptions = {}): JsonRead {
  const reader = new Reader(text, start, options);
  try {
    const value = readValue(reader);
    return { value, end: reader.position, mended: reader.mended, fatal: null };
  } catch (error) {
    if (!(error instanceof Fatal)) throw error;
    return { value: undefined, end: Math.max(reader.position, start), mended: reader.mended, fatal: error.issue };
  }
}

/** True when the value was read without any deviation from JSON. */
export const isStrictJson = (read: JsonRead): boolean => read.fatal === null && read.mended.length === 0;
