import { pythonFloat, type PythonValue } from './python-value.ts';
import { isTooLong, readPythonNumber } from './upstream-number.ts';

const isQuoted = (text: string): boolean =>
  (text.startsWith('"') && text.endsWith('"')) || (text.startsWith("'") && text.endsWith("'"));

const withoutQuotes = (text: string): string => text.replace(/^["']+/, '').replace(/["']+$/, '');

/** A value of which no type is declared. */
function untyped(text: string): PythonValue {
  const word = text.trim();
  if (word === 'true' || word === 'false') return word === 'true';
  return isQuoted(word) ? word.slice(1, -1) : (readPythonNumber(word) ?? word);
}

/** Where a list of lists ends that begins with `opening`, items parted by commas, before `close`; -1 where there is none. */
function nestedEnd(text: string, opening: RegExp, close: string): number {
  const begin = opening.exec(text);
  if (begin === null) return -1;
  const lost = new Set<number>();
  // Each `]` may end an item or be part of it: the first way that leads to the end counts, and none is tried twice.
  const endAfter = (from: number): number => {
    if (lost.has(from)) return -1;
    lost.add(from);
    const line = text.indexOf('\n', from);
    const limit = line < 0 ? text.length : line;
    for (let at = text.indexOf(']', from); at >= 0 && at < limit; at = text.indexOf(']', at + 1)) {
      const rest = /\s*/y;
      rest.lastIndex = at + 1;
      const next = at + 1 + (rest.exec(text)?.[0].length ?? 0);
      const another = /,\s*\[/y;
      another.lastIndex = next;
      const step = another.exec(text);
      const end = step === null ? -1 : endAfter(next + step[0].length);
      if (end >= 0) return end;
      if (text.startsWith(close, next)) return next + 1;
    }
    return -1;
  };
  return endAfter(begin[0].length);
}

function array(text: string, itemType: string): PythonValue {
  const end = Math.max(nestedEnd(text, /^\[\s*\[/, ']'), nestedEnd(text, /^new\s+Array\(\s*\[/, ')'));
  if (end >= 0) {
    return Array.from(text.slice(0, end).matchAll(/\[(.*?)\]/g), ([, inner = ''], index) =>
      (index === 0 ? inner.trim().replace(/^\[/, '') : inner.trim()).split(',').map(untyped),
    );
  }
  const found = /^\[(.*?)\]|^new\s+Array\((.*?)\)/.exec(text);
  if (found === null) return text;
  const listed = (found[1] ?? found[2] ?? '').trim();
  const items = listed === '' ? [] : listed.split(',');
  return items.map((item) => (itemType === '' ? untyped(item) : javascriptValueUpstream(item.trim(), itemType)));
}

function dict(text: string): PythonValue {
  const content = text === '{}' ? '' : /^\{(.*?)\}/.exec(text)?.[1];
  if (content === undefined) return text;
  const pairs = content.matchAll(/([^:]+):\s*(.*?)(?:,\s*(?=[^,]+:)|$)/g);
  return Object.fromEntries(
    Array.from(pairs, ([, key = '', member = '']): [string, PythonValue] => {
      const value = member.trim();
      const name = withoutQuotes(key.trim());
      if (value.startsWith('[') && value.endsWith(']')) return [name, array(value, '')];
      if (value.startsWith('{') && value.endsWith('}')) return [name, dict(value)];
      // Quotes are taken off first, so that "5" is the number.
      return [name, untyped(withoutQuotes(value))];
    }),
  );
}

/**
 * The value that the leaderboard's own converter reads in a JavaScript literal of a declared type, its oddities included; the text itself
 * where it reads none.
 */
export function javascriptValueUpstream(text: string, type: string, itemType = ''): PythonValue {
  if (isTooLong(text)) return text;
  switch (type) {
    case 'String':
      return isQuoted(text) ? text.slice(1, -1) : text;
    case 'integer':
      return /^-?\d+\n?$/.test(text) ? Number(text) : text;
    case 'float':
      return /^-?\d+(?:\.\d+)?\n?$/.test(text) ? pythonFloat(Number(text)) : text;
    case 'Bigint':
      return /^-?\d+n\n?$/.test(text) ? Number.parseInt(text, 10) : text;
    case 'Boolean':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    case 'array':
      return array(text.trim(), itemType);
    case 'dict':
      return dict(text.trim());
    default:
      return text;
  }
}
