import { pythonFloat, type PythonValue } from './python-value.ts';
import { isTooLong, readPythonNumber } from './upstream-number.ts';

/** A value inside a map, where no type is declared. */
function untyped(text: string): PythonValue {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text.startsWith('"') && text.endsWith('"')) return text.slice(1, -1);
  if (/^-?\d+[lL]$/.test(text)) return Number(text.slice(0, -1));
  if (/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[fF]$/.test(text)) return pythonFloat(Number(text.slice(0, -1)));
  return readPythonNumber(text) ?? text;
}

const isQuotedType = (type: string): boolean => type === 'char' || type === 'String';

// Whatever stands at the ends of an item that should be quoted is taken off, quotes or not.
const listItem = (text: string, type: string): PythonValue =>
  isQuotedType(type) ? text.slice(1, -1) : type === '' ? untyped(text) : javaValueUpstream(text, type);

const firstGroups = (text: string, pattern: RegExp): readonly string[] =>
  Array.from(text.matchAll(pattern), ([, group = '']) => group.trim());

function arrayList(text: string, itemType: string): PythonValue {
  const listed = /new\s+ArrayList<\w*>\(Arrays\.asList\((.+?)\)\)/.exec(text)?.[1];
  // A comma inside quotes parts items too.
  if (listed !== undefined) return listed.split(',').map((item) => listItem(item.trim(), itemType));
  const block = /new\s+ArrayList<\w*>\(\)\s*\{\{/.exec(text);
  const start = block === null ? -1 : block.index + block[0].length;
  const end = start < 0 ? -1 : text.indexOf('}}', start);
  if (end > start) return firstGroups(text.slice(start, end), /add\((.+?)\)/g).map((item) => listItem(item, itemType));
  return /new\s+ArrayList<\w*>\(\)/.test(text) ? [] : text;
}

function array(text: string, itemType: string): PythonValue {
  const listed = /new\s+\w+\[\]\s*\{(.*?)\}/.exec(text)?.[1];
  if (listed === undefined) return text;
  const items = listed.split(',').map((item) => item.trim());
  return items
    .filter((item) => item !== '')
    .map((item) => (itemType === '' ? untyped(item) : javaValueUpstream(item, itemType)));
}

function hashMap(text: string): PythonValue {
  const opening = /new\s+HashMap<.*?>\s*\(\)\s*\{\s*\{?/s.exec(text);
  const start = opening === null ? -1 : opening.index + opening[0].length;
  const end = start < 0 ? -1 : text.indexOf('}', start);
  if (end < 0) return /new\s+HashMap<.*?>\s*\(\)/.test(text) ? {} : text;
  const puts = text.slice(start, end).matchAll(/put\("(.*?)",\s*(.*?)\)/g);
  return Object.fromEntries(Array.from(puts, ([, key = '', value = '']) => [key, untyped(value.trim())]));
}

/**
 * The value that the leaderboard's own converter reads in a Java literal of a declared type, its oddities included; the text itself where
 * it reads none.
 */
export function javaValueUpstream(text: string, type: string, itemType = ''): PythonValue {
  if (isTooLong(text)) return text;
  switch (type) {
    case 'byte':
    case 'short':
    case 'integer':
      return /^-?\d+\n?$/.test(text) ? Number(text) : text;
    case 'long':
      return /^-?\d+[lL]\n?$/.test(text) ? Number.parseInt(text, 10) : text;
    case 'float':
      return /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[fF]\n?$/.test(text) ? pythonFloat(Number.parseFloat(text)) : text;
    case 'double':
      return /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\n?$/.test(text) ? pythonFloat(Number(text)) : text;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    case 'Array':
      return array(text, itemType);
    case 'ArrayList':
      return arrayList(text, itemType);
    case 'HashMap':
      return hashMap(text);
    default:
      return text;
  }
}
