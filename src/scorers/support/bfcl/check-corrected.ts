import type { Json, JsonObject } from '../../../core/json.ts';
import { readJson } from '../../../text/json-reader.ts';
import { matchInOrder } from '../match-in-order.ts';
import { maximumMatching } from '../maximum-matching.ts';
import type { CallFault } from '../tool-calling/judge-calls.ts';
import type { BfclAnswer, BfclCall } from './bfcl-answer.ts';
import { foldedText, tellingFault, type BfclQuestion } from './check-upstream.ts';
import { itemsOf, parametersOf, requiredOf, toolNameOf, typeNameOf, type BfclLanguage } from './function-doc.ts';
import { parseJavaLiteral } from './java-literal.ts';
import { parseJavascriptLiteral } from './javascript-literal.ts';
import { pythonDict, pythonEquals, pythonList, pythonNumber, pythonType, type PythonValue } from './python-value.ts';

/** The numbers in a text; a hyphen after a letter or a digit joins and is no sign. */
const numbersIn = (text: string): string => (text.match(/(?:(?<!\w)-)?\d+(?:\.\d+)?/g) ?? []).map(Number).join(' ');

/** Paths and identifiers, in which every character counts. */
const isIdentifier = (text: string): boolean => /^\S*[/\\_]\S*$/.test(text);

/** Text that says the same: letter case, spacing and punctuation aside, but never a number, a sign, a path or an identifier. */
function sameText(a: string, b: string): boolean {
  if (a === b) return true;
  if (foldedText(a) !== foldedText(b) || numbersIn(a) !== numbersIn(b)) return false;
  return !(isIdentifier(a) || isIdentifier(b)) || a.toLowerCase() === b.toLowerCase();
}

const sameNumber = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

/** One value against one accepted value; inside accepted dicts stand lists of accepted values, at any depth. */
function sameValue(value: PythonValue, accepted: PythonValue): boolean {
  if (typeof value === 'string' || typeof accepted === 'string') {
    return typeof value === 'string' && typeof accepted === 'string' && sameText(value, accepted);
  }
  if (typeof value === 'boolean' || typeof accepted === 'boolean') return value === accepted;
  const [x, y] = [pythonNumber(value), pythonNumber(accepted)];
  if (x !== null || y !== null) return x !== null && y !== null && sameNumber(x, y);
  const [items, options] = [pythonList(value), pythonList(accepted)];
  if (items !== null || options !== null) {
    return items !== null && options !== null && matchInOrder(items, options, sameValue);
  }
  const [members, expected] = [pythonDict(value), pythonDict(accepted)];
  return members !== null && expected !== null ? sameDict(members, expected) : value === accepted;
}

/** A member of an accepted dict: a list of accepted values, or one value that stands for itself. */
const memberMatches = (value: PythonValue, options: PythonValue): boolean =>
  (pythonList(options) ?? []).some((option) => sameValue(value, option)) || sameValue(value, options);

function sameDict(members: JsonObject, expected: JsonObject): boolean {
  const accepted = new Map(Object.entries(expected));
  const isKnown = Object.entries(members).every(([key, member]) => {
    const options = accepted.get(key);
    return options !== undefined && memberMatches(member, options);
  });
  return (
    isKnown &&
    Object.entries(expected).every(
      ([key, options]) => Object.hasOwn(members, key) || (pythonList(options) ?? []).includes(''),
    )
  );
}

/** What an argument may mean: itself, or what its text means as a literal of the language or as JSON. */
function readings(value: PythonValue, parameter: Json, language: BfclLanguage): readonly PythonValue[] {
  if (language === 'python' || typeof value !== 'string') return [value];
  const literal =
    language === 'java'
      ? parseJavaLiteral(value, typeNameOf(parameter))
      : parseJavascriptLiteral(value, typeNameOf(parameter), typeNameOf(itemsOf(parameter)));
  const unquoted = /^(["'])(.*)\1$/s.exec(value.trim())?.[2];
  const json = readJson(value);
  const isJson = json.fatal === null && json.value !== undefined && value.slice(json.end).trim() === '';
  return [
    value,
    literal,
    ...(unquoted === undefined ? [] : [unquoted]),
    ...(isJson && json.value !== undefined ? [json.value] : []),
  ];
}

const enumOf = (parameter: Json): readonly PythonValue[] => {
  const values = pythonDict(parameter)?.enum;
  return pythonList(values ?? null) ?? [];
};

const defaultOf = (parameter: Json | undefined): PythonValue | undefined => pythonDict(parameter ?? null)?.default;

function valueFault(
  key: string,
  value: PythonValue,
  at: { parameter: Json; accepted: readonly PythonValue[]; language: BfclLanguage },
): CallFault | null {
  const { parameter, accepted, language } = at;
  const options = accepted.filter((option) => option !== '');
  const fallback = defaultOf(parameter);
  const isDefault = fallback !== undefined && accepted.includes('') && sameValue(value, fallback);
  const isSame = readings(value, parameter, language).some((reading) =>
    options.some((option) => sameValue(reading, option)),
  );
  if (!isSame && !isDefault) {
    const types = new Set(options.map(pythonType));
    const isOtherType =
      language === 'python' && options.length > 0 && !types.has(pythonType(value)) && pythonNumber(value) === null;
    return {
      code: isOtherType ? 'args.bad_type' : 'args.wrong_value',
      detail: `${key} is none of the accepted values`,
    };
  }
  // What the ground truth lists letter by letter counts, even where the function's own list does not have it.
  if (options.some((option) => option === value)) return null;
  const allowed = enumOf(parameter);
  const isEnum = allowed.length > 0 && options.some((option) => allowed.some((member) => pythonEquals(member, option)));
  if (isEnum && !allowed.some((member) => pythonEquals(member, value))) {
    return { code: 'args.bad_enum', detail: `${key} is not spelled as in the list of allowed values` };
  }
  return null;
}

/** Left out although one of the accepted values is the default: that says the same. */
const meansDefault = (parameter: Json | undefined, accepted: readonly PythonValue[]): boolean => {
  const fallback = defaultOf(parameter);
  return fallback !== undefined && accepted.some((option) => sameValue(fallback, option));
};

function callFault(call: BfclCall, answer: BfclAnswer, { functions, language }: BfclQuestion): CallFault | null {
  const doc = functions.find(({ name }) => name === answer.name);
  if (doc === undefined) return { code: 'data.fault', detail: `no function ${answer.name} is described` };
  if (call.name !== toolNameOf(answer.name))
    return { code: 'select.wrong_tool', detail: `called ${call.name}, not ${answer.name}` };
  const parameters = parametersOf(doc);
  const missing = requiredOf(doc).find((key) => !Object.hasOwn(call.values, key));
  if (missing !== undefined) return { code: 'args.missing_required', detail: `${missing} is missing` };
  for (const [key, readings] of Object.entries(call.values)) {
    const parameter = Object.hasOwn(parameters, key) ? parameters[key] : undefined;
    if (parameter === undefined) return { code: 'args.unexpected', detail: `there is no parameter ${key}` };
    const faults = readings.map((value) =>
      valueFault(key, value, { parameter, accepted: answer.parameters[key] ?? [''], language }),
    );
    if (!faults.includes(null)) return tellingFault(faults);
  }
  const dropped = Object.entries(answer.parameters).find(
    ([key, accepted]) =>
      !Object.hasOwn(call.values, key) && !accepted.includes('') && !meansDefault(parameters[key], accepted),
  );
  return dropped === undefined ? null : { code: 'args.missing_required', detail: `${dropped[0]} is missing` };
}

/**
 * Compares calls with the ground truth by what they mean: answers are assigned by maximum matching, numbers by value, dicts at any depth,
 * explicit defaults like omitted ones; numbers inside text, paths, identifiers and members of an enum must be exact. Gives the first
 * fault, null when all is right.
 */
export function checkCorrected(
  calls: readonly BfclCall[],
  answers: readonly BfclAnswer[],
  question: BfclQuestion,
): CallFault | null {
  if (calls.length === 0) return { code: 'select.no_call', detail: 'no tool was called' };
  if (calls.length !== answers.length)
    return { code: 'select.wrong_count', detail: `${calls.length} calls for ${answers.length}` };
  const faults = answers.map((answer) => calls.map((call) => callFault(call, answer, question)));
  const edges = faults.map((row) => row.flatMap((fault, index) => (fault === null ? [index] : [])));
  const partners = maximumMatching(edges, calls.length);
  const lonely = partners.indexOf(null);
  if (lonely < 0) return null;
  return tellingFault(faults.slice(lonely, lonely + 1).flat());
}
