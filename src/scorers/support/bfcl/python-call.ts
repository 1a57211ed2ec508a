import type { Json, JsonObject } from '../../../core/json.ts';
import { LiteralReader } from './literal-reader.ts';

/** A Python call: a name, values by position and values by name. */
export interface PythonCall {
  readonly name: string;
  readonly positional: readonly Json[];
  readonly named: JsonObject;
}

class CallError extends Error {}

function readValue(reader: LiteralReader): Json {
  const text = reader.string(`"'`);
  if (text !== null) return text;
  const number = reader.take(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y);
  if (number !== null) return Number(number);
  const word = reader.take(/(?:True|False|None)\b/y);
  if (word !== null) return word === 'None' ? null : word === 'True';
  if (reader.accept('[')) return readItems(reader, ']');
  if (reader.accept('{')) return readMembers(reader);
  throw new CallError('not a literal');
}

function readItems(reader: LiteralReader, close: string): Json[] {
  const items = reader.list(close, () => readValue(reader));
  if (items === null) throw new CallError(`no ${close}`);
  return items;
}

function readMembers(reader: LiteralReader): JsonObject {
  const members = reader.list('}', (): [string, Json] => {
    const key = readValue(reader);
    if (!reader.accept(':')) throw new CallError('no colon');
    return [String(key), readValue(reader)];
  });
  if (members === null) throw new CallError('no closing brace');
  return Object.fromEntries(members);
}

/** Reads a call such as `cd(folder='docs')` with literal values only; null when the text is no such call. Nothing is ever executed. */
export function parsePythonCall(text: string): PythonCall | null {
  const reader = new LiteralReader(text);
  const name = reader.take(/[A-Za-z_]\w*/y);
  if (name === null || !reader.accept('(')) return null;
  const positional: Json[] = [];
  const named: [string, Json][] = [];
  try {
    const isWhole = reader.list(')', () => {
      const key = reader.take(/[A-Za-z_]\w*\s*=/y);
      if (key === null) positional.push(readValue(reader));
      else named.push([key.slice(0, -1).trimEnd(), readValue(reader)]);
      return null;
    });
    return isWhole === null || !reader.isAtEnd ? null : { name, positional, named: Object.fromEntries(named) };
  } catch (error) {
    if (error instanceof CallError) return null;
    throw error;
  }
}
