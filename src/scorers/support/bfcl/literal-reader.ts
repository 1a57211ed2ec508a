import type { PythonValue } from './python-value.ts';
import { pythonFloat } from './python-value.ts';

const maximumDepth = 64;

/** Reads literals of the C family of languages from left to right; anything else is kept as its own text. */
export class LiteralReader {
  readonly text: string;
  position = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  skipSpace(): void {
    while (/\s/.test(this.text.charAt(this.position))) this.position++;
  }

  /** Steps over a token when it comes next. */
  accept(token: string): boolean {
    this.skipSpace();
    if (!this.text.startsWith(token, this.position)) return false;
    this.position += token.length;
    return true;
  }

  /** Steps over what a sticky pattern matches next and gives it; null when it does not match. */
  take(pattern: RegExp): string | null {
    this.skipSpace();
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined || found === '') return null;
    this.position += found.length;
    return found;
  }

  get isAtEnd(): boolean {
    this.skipSpace();
    return this.position >= this.text.length;
  }

  /** A quoted string without its quotes; null when none comes next or it does not end. */
  string(quotes: string): string | null {
    this.skipSpace();
    const quote = this.text.charAt(this.position);
    if (quote === '' || !quotes.includes(quote)) return null;
    let out = '';
    for (let position = this.position + 1; position < this.text.length; position++) {
      const character = this.text.charAt(position);
      if (character === quote) {
        this.position = position + 1;
        return out;
      }
      if (character === '\\') {
        position++;
        const letter = this.text.charAt(position);
        out += letter === 'n' ? '\n' : letter === 't' ? '\t' : letter;
      } else out += character;
    }
    return null;
  }

  /** A number, a boolean or null; undefined when none comes next. */
  word(): PythonValue | undefined {
    const number = this.take(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y);
    if (number !== null) return /[.eE]/.test(number) ? pythonFloat(Number(number)) : Number(number);
    const name = this.take(/(?:true|false|null)\b/y);
    return name === null ? undefined : name === 'null' ? null : name === 'true';
  }

  /** The text of an expression up to a separator outside brackets and quotes. */
  expression(separators: string): string {
    this.skipSpace();
    const start = this.position;
    let depth = 0;
    while (this.position < this.text.length) {
      const character = this.text.charAt(this.position);
      if (depth === 0 && separators.includes(character)) break;
      if ('([{'.includes(character)) depth++;
      else if (')]}'.includes(character)) depth--;
      if (`"'\``.includes(character)) {
        if (this.string(character) === null) this.position = this.text.length;
      } else this.position++;
    }
    return this.text.slice(start, this.position).trim();
  }

  /** Items between commas up to a closing token; null when the list does not end, or stands deeper than any real literal. */
  list<Item>(close: string, item: () => Item): Item[] | null {
    if (this.depth >= maximumDepth) return null;
    this.depth++;
    const items = this.items(close, item);
    this.depth--;
    return items;
  }

  private items<Item>(close: string, item: () => Item): Item[] | null {
    const items: Item[] = [];
    for (;;) {
      if (this.accept(close)) return items;
      if (items.length > 0 && !this.accept(',')) return null;
      if (items.length > 0 && this.accept(close)) return items;
      const before = this.position;
      items.push(item());
      if (this.position === before) return null;
    }
  }
}
