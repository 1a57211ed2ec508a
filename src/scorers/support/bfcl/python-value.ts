import type { Json, JsonObject } from '../../../core/json.ts';
import { readJson } from '../../../text/json-reader.ts';
import { matchInOrder } from '../match-in-order.ts';

const floatKey = '\u0000float';

/** A value as Python's json module reads it: 5 is an int and 5.0 a float, which JSON in JavaScript cannot tell apart. */
export type PythonValue = Json;

/** Names of Python's types, as the checks compare them. */
export type PythonType = 'int' | 'float' | 'str' | 'bool' | 'list' | 'dict' | 'NoneType';

/** A Python float. */
export const pythonFloat = (value: number): PythonValue => ({ [floatKey]: value });

const floatOf = (value: PythonValue): number | null => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const number = (value as JsonObject)[floatKey];
  return typeof number === 'number' ? number : null;
};

/** Reads JSON text with ints and floats kept apart; undefined when it is not JSON. */
export function parsePythonJson(text: string): PythonValue | undefined {
  const read = readJson(text, 0, { floatOf: pythonFloat });
  return read.fatal === null && text.slice(read.end).trim() === '' ? read.value : undefined;
}

/** Python's type of a value. */
export function pythonType(value: PythonValue): PythonType {
  if (value === null) return 'NoneType';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'number') return 'int';
  if (Array.isArray(value)) return 'list';
  return floatOf(value) === null ? 'dict' : 'float';
}

/** The number that an int, a float or a bool equals in Python; null for other values. */
export function pythonNumber(value: PythonValue): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return floatOf(value);
}

/** The members of a dict; null for other values. */
export const pythonDict = (value: PythonValue): JsonObject | null =>
  pythonType(value) === 'dict' ? (value as JsonObject) : null;

/** The items of a list; null for other values. */
export const pythonList = (value: PythonValue): readonly PythonValue[] | null =>
  Array.isArray(value) ? (value as readonly PythonValue[]) : null;

/** Python's `==`: 1 == 1.0 == True, lists by item, dicts by key. */
export function pythonEquals(a: PythonValue, b: PythonValue): boolean {
  const [x, y] = [pythonNumber(a), pythonNumber(b)];
  if (x !== null || y !== null) return x === y;
  const [listA, listB] = [pythonList(a), pythonList(b)];
  if (listA !== null || listB !== null) {
    return listA !== null && listB !== null && matchInOrder(listA, listB, pythonEquals);
  }
  const [dictA, dictB] = [pythonDict(a), pythonDict(b)];
  if (dictA === null || dictB === null) return a === b;
  const [membersA, membersB] = [Object.entries(dictA), new Map(Object.entries(dictB))];
  return (
    membersA.length === membersB.size &&
    membersA.every(([key, member]) => {
      const other = membersB.get(key);
      return other !== undefined && pythonEquals(member, other);
    })
  );
}

/** The value with floats as plain numbers. */
export function plainJson(value: PythonValue): Json {
  const number = floatOf(value);
  if (number !== null) return number;
  const list = pythonList(value);
  if (list !== null) return list.map(plainJson);
  const dict = pythonDict(value);
  if (dict === null) return value;
  return Object.fromEntries(Object.entries(dict).map(([key, member]) => [key, plainJson(member)]));
}

/** JSON text of a value, floats with their point. */
export function formatPythonJson(value: PythonValue): string {
  const number = floatOf(value);
  if (number !== null) return Number.isInteger(number) && Math.abs(number) < 1e21 ? `${number}.0` : String(number);
  const list = pythonList(value);
  if (list !== null) return `[${list.map(formatPythonJson).join(', ')}]`;
  const dict = pythonDict(value);
  if (dict === null) return JSON.stringify(value);
  return `{${Object.entries(dict)
    .map(([key, member]) => `${JSON.stringify(key)}: ${formatPythonJson(member)}`)
    .join(', ')}}`;
}
