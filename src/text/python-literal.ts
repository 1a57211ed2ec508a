import type { Json } from '../core/json.ts';

const deepest = 150;

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

const number = /[-+]?(?:0[xX][\da-fA-F]+|\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)/y;
const word = /[A-Za-z]+/y;
/** Python's own words, and those its json module writes for the same values. */
const words: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['True', true],
  ['False', false],
  ['None', null],
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', { f: 'nan' }],
  ['Infinity', { f: 'inf' }],
]);

/** A number in tagged form: floats that JSON would take for integers, and integers that JSON in JavaScript would round, carry a tag. */
export function tagPythonNumber(text: string): Json {
  if (/^[-+]?\d+$|^[-+]?0[xX]/.test(text)) {
    const value = Number(text);
    if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
    const digits = BigInt(text.replace(/^[-+]/, ''));
    return { i: `${text.startsWith('-') ? '-' : ''}0x${digits.toString(16)}` };
  }
  const value = Number(text);
  return Number.isInteger(value) || !Number.isFinite(value) ? { f: text.replace(/^\+/, '') } : value;
}

class LiteralReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Json {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) this.#fail('the end');
    return value;
  }

  #fail(wanted: string): never {
    throw new SyntaxError(`no Python literal: ${wanted} was expected at ${this.#at}`);
  }

  #space(): void {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at++;
  }

  #accept(token: string): boolean {
    this.#space();
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }

  #value(depth: number): Json {
    if (depth > deepest) this.#fail('a flatter value');
    this.#space();
    const character = this.#text.charAt(this.#at);
    if (character === '"' || character === "'") return this.#strings();
    if (character === '[') return this.#items('[', ']', depth);
    if (character === '(') return this.#tuple(depth);
    if (character === '{') return this.#braces(depth);
    const digits = this.#take(number);
    if (digits !== null) return tagPythonNumber(digits);
    if (this.#accept('-Infinity')) return { f: '-inf' };
    const name = this.#take(word) ?? '';
    const known = words.get(name);
    if (known !== undefined) return known;
    if (name === 'set' && this.#accept('(') && this.#accept(')')) return { s: [] };
    return this.#fail('a value');
  }

  /** Strings that stand side by side are one. */
  #strings(): string {
    let out = '';
    do out += this.#string();
    while ((this.#space(), `'"`.includes(this.#text[this.#at] ?? ' ')));
    return out;
  }

  #string(): string {
    const quote = this.#text.charAt(this.#at++);
    let out = '';
    let from = this.#at;
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at];
      if (character === quote) {
        out += this.#text.slice(from, this.#at++);
        return out;
      }
      if (character === '\\') {
        out += this.#text.slice(from, this.#at) + this.#escape();
        from = this.#at + 1;
      }
    }
    return this.#fail('a closing quote');
  }

  /** Leaves the position on the last character of the escape. */
  #escape(): string {
    const letter = this.#text.charAt(++this.#at);
    const plain = escapes[letter];
    if (plain !== undefined) return plain;
    const length = { x: 2, u: 4, U: 8 }[letter];
    if (length !== undefined) {
      const digits = this.#text.slice(this.#at + 1, this.#at + 1 + length);
      const code = Number(`0x${digits}`);
      if (digits.length < length || !/^[\da-fA-F]+$/.test(digits) || code > 0x10ffff) this.#fail('an escape');
      this.#at += length;
      return String.fromCodePoint(code);
    }
    const octal = /^[0-7]{1,3}/.exec(this.#text.slice(this.#at, this.#at + 3))?.[0];
    if (octal === undefined) return `\\${letter}`;
    this.#at += octal.length - 1;
    return String.fromCharCode(Number.parseInt(octal, 8));
  }

  #items(open: string, close: string, depth: number): Json[] {
    this.#accept(open);
    const items: Json[] = [];
    while (!this.#accept(close)) {
      if (items.length > 0 && !this.#accept(',')) this.#fail(close);
      if (items.length > 0 && this.#accept(close)) break;
      items.push(this.#value(depth + 1));
    }
    return items;
  }

  /** Parentheses around one value without a comma only group it. */
  #tuple(depth: number): Json {
    const start = this.#at;
    const items = this.#items('(', ')', depth);
    const [only] = items;
    const hasComma = /,\s*\)$/.test(this.#text.slice(Math.max(start, this.#at - 20), this.#at));
    return items.length !== 1 || only === undefined || hasComma ? { t: items } : only;
  }

  #braces(depth: number): Json {
    this.#accept('{');
    const pairs: Json[] = [];
    const members: Json[] = [];
    while (!this.#accept('}')) {
      if (pairs.length + members.length > 0 && !this.#accept(',')) this.#fail('}');
      if (pairs.length + members.length > 0 && this.#accept('}')) break;
      const key = this.#value(depth + 1);
      if (this.#accept(':')) pairs.push([key, this.#value(depth + 1)]);
      else members.push(key);
    }
    return members.length > 0 ? { s: members } : { d: pairs };
  }
}

/**
 * A Python literal (numbers, strings, True, False, None, lists, tuples, dicts, sets), or what Python's json module writes, in the tagged form of src/sandbox/python/codec.py.
 * Throws SyntaxError for anything else and for values nested deeper than 150.
 */
export const readPythonLiteral = (text: string): Json => new LiteralReader(text).whole();
