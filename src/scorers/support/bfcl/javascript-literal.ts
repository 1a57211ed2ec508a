import type { JsonObject } from '../../../core/json.ts';
import { LiteralReader } from './literal-reader.ts';
import { pythonFloat, pythonNumber, type PythonValue } from './python-value.ts';

function readValue(reader: LiteralReader): PythonValue {
  const text = reader.string(`"'\``);
  if (text !== null) return text;
  const word = reader.word();
  if (word !== undefined) return word;
  const start = reader.position;
  const collection = readCollection(reader);
  if (collection !== null) return collection;
  reader.position = start;
  return reader.expression(',]}');
}

function readMember(reader: LiteralReader): readonly [string, PythonValue] {
  const key = reader.string(`"'\``) ?? reader.take(/[\w$.-]+/y) ?? '';
  // A shorthand member means the variable of that name.
  return [key, reader.accept(':') ? readValue(reader) : key];
}

function readCollection(reader: LiteralReader): PythonValue | null {
  if (reader.accept('[')) return reader.list(']', () => readValue(reader));
  if (!reader.accept('{')) return null;
  const members = reader.list('}', () => readMember(reader));
  return members === null ? null : Object.fromEntries(members);
}

function wholeCollection(text: string, isList: boolean): PythonValue {
  const reader = new LiteralReader(text);
  const value = readCollection(reader);
  if (value === null || !reader.isAtEnd || Array.isArray(value) !== isList) return text;
  return value;
}

/** Members of a list of floats are floats however they are written. */
const asFloats = (value: PythonValue): PythonValue =>
  Array.isArray(value)
    ? (value as readonly PythonValue[]).map((item) => (typeof item === 'number' ? pythonFloat(item) : item))
    : value;

/**
 * The value of a JavaScript literal of a declared type, or the text itself when it is no such literal: a variable or an expression.
 */
export function parseJavascriptLiteral(text: string, type: string, itemType = ''): PythonValue {
  const trimmed = text.trim();
  switch (type) {
    case 'integer':
      return /^-?\d+$/.test(trimmed) ? Number(trimmed) : text;
    case 'float':
      return /^-?\d+\.?\d*(?:[eE][+-]?\d+)?$/.test(trimmed) ? pythonFloat(Number(trimmed)) : text;
    case 'Bigint':
      return /^-?\d+n$/.test(trimmed) ? Number(trimmed.slice(0, -1)) : text;
    case 'Boolean':
      return trimmed === 'true' || trimmed === 'false' ? trimmed === 'true' : text;
    case 'array': {
      const value = wholeCollection(trimmed, true);
      return itemType === 'float' ? asFloats(value) : value;
    }
    case 'dict':
      return wholeCollection(trimmed, false);
    default:
      return text;
  }
}

const identifier = /^[A-Za-z_$][\w$]*$/;

/** A value as a JavaScript literal; text inside collections is quoted unless it reads like an expression. */
export function formatJavascriptLiteral(value: PythonValue, isInside = false): string {
  if (typeof value === 'string') return isInside ? JSON.stringify(value) : value;
  const number = pythonNumber(value);
  if (typeof value !== 'boolean' && number !== null) return String(number);
  if (Array.isArray(value)) {
    return `[${(value as readonly PythonValue[]).map((item) => formatJavascriptLiteral(item, true)).join(', ')}]`;
  }
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value as JsonObject).map(
    ([key, member]) => `${identifier.test(key) ? key : JSON.stringify(key)}: ${formatJavascriptLiteral(member, true)}`,
  );
  return `{${members.join(', ')}}`;
}
