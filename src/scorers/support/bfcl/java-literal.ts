import type { JsonObject } from '../../../core/json.ts';
import { LiteralReader } from './literal-reader.ts';
import { pythonFloat, pythonNumber, type PythonValue } from './python-value.ts';

function readValue(reader: LiteralReader, separators = ',})'): PythonValue {
  const text = reader.string(`"'`);
  if (text !== null) return text;
  const suffixed = reader.take(/-?\d+(?:\.\d+)?[lLfFdD](?![\w.])/y);
  if (suffixed !== null) {
    const number = Number(suffixed.slice(0, -1));
    return /[lL]$/.test(suffixed) ? number : pythonFloat(number);
  }
  const word = reader.word();
  return word === undefined ? reader.expression(separators) : word;
}

const generic = /<[^<>]*(?:<[^<>]*>[^<>]*)*>/y;

/** The statements of an initialiser block, each the arguments of a call such as `add(…)` or `put(…)`. */
function readStatements(reader: LiteralReader, method: string): PythonValue[][] | null {
  const statements: PythonValue[][] = [];
  while (!reader.accept('}')) {
    if (!reader.accept(method) || !reader.accept('(')) return null;
    const values = reader.list(')', () => readValue(reader));
    if (values === null || !reader.accept(';')) return null;
    statements.push(values);
  }
  return reader.accept('}') ? statements : null;
}

/** `Arrays.asList(…)`, `List.of(…)` or an array written out. */
function readListBody(reader: LiteralReader): PythonValue[] | null {
  for (const maker of ['Arrays.asList(', 'List.of(', 'Collections.singletonList(']) {
    if (reader.accept(maker)) return reader.list(')', () => readValue(reader));
  }
  return null;
}

function readArray(reader: LiteralReader): PythonValue[] | null {
  if (reader.accept('new ')) {
    reader.take(/[\w.]+/y);
    reader.take(generic);
    if (!reader.accept('[') || !reader.accept(']')) return null;
  }
  return reader.accept('{') ? reader.list('}', () => readValue(reader)) : null;
}

function readArrayList(reader: LiteralReader): PythonValue[] | null {
  const direct = readListBody(reader);
  if (direct !== null) return direct;
  if (!reader.accept('new ') || reader.take(/[\w.]+/y) === null) return null;
  reader.take(generic);
  if (!reader.accept('(')) return null;
  if (!reader.accept(')')) {
    const inner = readListBody(reader);
    return inner !== null && reader.accept(')') ? inner : null;
  }
  if (!reader.accept('{')) return reader.isAtEnd ? [] : null;
  if (!reader.accept('{')) return null;
  return readStatements(reader, 'add')?.map(([value]) => value ?? null) ?? null;
}

function readMap(reader: LiteralReader): JsonObject | null {
  if (reader.accept('Map.of(')) {
    const flat = reader.list(')', () => readValue(reader));
    if (flat === null) return null;
    const pairs = flat.flatMap((key, index) =>
      index % 2 === 0 ? [[String(key), flat[index + 1] ?? null] as const] : [],
    );
    return Object.fromEntries(pairs);
  }
  if (!reader.accept('new ') || reader.take(/[\w.]+/y) === null) return null;
  reader.take(generic);
  if (!reader.accept('(') || !reader.accept(')')) return null;
  if (!reader.accept('{')) return reader.isAtEnd ? {} : null;
  if (!reader.accept('{')) return null;
  const statements = readStatements(reader, 'put');
  return statements === null
    ? null
    : Object.fromEntries(statements.map(([key, value]) => [String(key), value ?? null]));
}

function whole(text: string, read: (reader: LiteralReader) => PythonValue | null): PythonValue {
  const reader = new LiteralReader(text.trim());
  const value = read(reader);
  return value === null || !reader.isAtEnd ? text : value;
}

/** The value of a Java literal of a declared type, or the text itself when it is no such literal: a variable or an expression. */
export function parseJavaLiteral(text: string, type: string): PythonValue {
  const trimmed = text.trim();
  switch (type) {
    case 'byte':
    case 'short':
    case 'integer':
      return /^-?\d+$/.test(trimmed) ? Number(trimmed) : text;
    case 'long':
      return /^-?\d+[lL]$/.test(trimmed) ? Number(trimmed.slice(0, -1)) : text;
    case 'float':
      return /^-?\d+\.?\d*(?:[eE][+-]?\d+)?[fF]$/.test(trimmed) ? pythonFloat(Number(trimmed.slice(0, -1))) : text;
    case 'double':
      return /^-?\d+\.?\d*(?:[eE][+-]?\d+)?$/.test(trimmed) ? pythonFloat(Number(trimmed)) : text;
    case 'boolean':
      return trimmed === 'true' || trimmed === 'false' ? trimmed === 'true' : text;
    case 'Array':
      return whole(text, readArray);
    case 'ArrayList':
      return whole(text, readArrayList);
    case 'HashMap':
      return whole(text, readMap);
    default:
      return text;
  }
}

const elementTypes: Readonly<Record<string, string>> = {
  integer: 'int',
  String: 'String',
  long: 'long',
  any: 'Object',
  char: 'char',
};

function inside(value: PythonValue, type: string): string {
  if (typeof value === 'string') return JSON.stringify(value);
  const number = pythonNumber(value);
  if (typeof value === 'boolean' || number === null) return String(value);
  return type === 'long' ? `${number}L` : String(number);
}

/** A value as a Java literal of a declared type; text at the top is a variable or a plain string and stays as it is. */
export function formatJavaLiteral(value: PythonValue, type: string, itemType = ''): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    // The leaderboard's converter takes quotes off in lists of text only: anywhere else they would become part of the value.
    const isQuoted = type === 'ArrayList' && itemType !== 'any';
    const items = (value as readonly PythonValue[])
      .map((item) => (typeof item === 'string' && !isQuoted ? item : inside(item, itemType)))
      .join(', ');
    return type === 'Array'
      ? `new ${elementTypes[itemType] ?? 'Object'}[]{${items}}`
      : `new ArrayList<>(Arrays.asList(${items}))`;
  }
  const number = pythonNumber(value);
  if (typeof value === 'boolean' || value === null) return String(value);
  if (number !== null) return type === 'long' ? `${number}L` : type === 'float' ? `${number}f` : String(number);
  const puts = Object.entries(value as JsonObject).map(
    ([key, member]) => `put(${JSON.stringify(key)}, ${inside(member, 'any')});`,
  );
  return `new HashMap<String, Object>() {{ ${puts.join(' ')} }}`;
}
