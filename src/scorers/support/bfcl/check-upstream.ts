import type { Json } from '../../../core/json.ts';
import { matchInOrder } from '../match-in-order.ts';
import type { CallFault } from '../tool-calling/judge-calls.ts';
import type { BfclAnswer, BfclCall } from './bfcl-answer.ts';
import {
  itemsOf,
  parametersOf,
  requiredOf,
  toolNameOf,
  typeNameOf,
  type BfclLanguage,
  type FunctionDoc,
} from './function-doc.ts';
import {
  pythonDict,
  pythonEquals,
  pythonFloat,
  pythonList,
  pythonType,
  type PythonType,
  type PythonValue,
} from './python-value.ts';
import { javaValueUpstream } from './upstream-java-literal.ts';
import { javascriptValueUpstream } from './upstream-javascript-literal.ts';

/** What the checks need to know of a sample. */
export interface BfclQuestion {
  readonly functions: readonly FunctionDoc[];
  readonly language: BfclLanguage;
}

const pythonTypes: Readonly<Record<string, PythonType>> = {
  string: 'str',
  integer: 'int',
  float: 'float',
  boolean: 'bool',
  array: 'list',
  tuple: 'list',
  dict: 'dict',
  any: 'str',
};
const javaTypes: Readonly<Record<string, PythonType>> = {
  byte: 'int',
  short: 'int',
  integer: 'int',
  long: 'int',
  float: 'float',
  double: 'float',
  boolean: 'bool',
  char: 'str',
  String: 'str',
  any: 'str',
  Array: 'list',
  ArrayList: 'list',
  HashMap: 'dict',
};
const javascriptTypes: Readonly<Record<string, PythonType>> = {
  String: 'str',
  integer: 'int',
  float: 'float',
  Bigint: 'int',
  Boolean: 'bool',
  dict: 'dict',
  array: 'list',
  any: 'str',
};

const typesOf = (language: BfclLanguage): Readonly<Record<string, PythonType>> =>
  language === 'python' ? pythonTypes : language === 'java' ? javaTypes : javascriptTypes;

/** Text as upstream compares it: without spaces and , . / - _ * ^, in lower case, with double quotes only. */
export const foldedText = (text: string): string =>
  text
    .replace(/[ ,./\-_*^]/g, '')
    .toLowerCase()
    .replaceAll("'", '"');

const folded = (value: PythonValue): PythonValue => (typeof value === 'string' ? foldedText(value) : value);

const isAmong = (value: PythonValue, accepted: readonly PythonValue[]): boolean =>
  accepted.some((candidate) => pythonEquals(candidate, value));

/** A flat comparison: a dict inside a dict is compared with the lists that stand for its values, and fails. */
function dictMatches(value: PythonValue, accepted: PythonValue): boolean {
  const [members, expected] = [pythonDict(value), pythonDict(accepted)];
  if (members === null || expected === null) return false;
  const options = new Map(Object.entries(expected).map(([key, value]) => [key, listUpstream(value) ?? []]));
  const isGiven = Object.entries(members).every(([key, member]) =>
    options.get(key)?.some((option) => pythonEquals(folded(option), folded(member))),
  );
  // The empty text is part of any text, so that a member with one may always be left out.
  const mayMiss = (key: string): boolean =>
    typeof expected[key] === 'string' || options.get(key)?.includes('') === true;
  return isGiven && Object.keys(expected).every((key) => Object.hasOwn(members, key) || mayMiss(key));
}

/** Text where a list should be is its letters there: the empty text, which allows leaving out, accepts the empty list. */
const listUpstream = (value: PythonValue): readonly PythonValue[] | null =>
  typeof value === 'string' ? Array.from(value) : pythonList(value);

function dictListMatches(value: PythonValue, accepted: PythonValue): boolean {
  const [items, expected] = [pythonList(value), listUpstream(accepted)];
  return items !== null && expected !== null && matchInOrder(items, expected, dictMatches);
}

function listMatches(value: PythonValue, accepted: PythonValue): boolean {
  const [items, expected] = [pythonList(value), listUpstream(accepted)];
  return items !== null && expected !== null && pythonEquals(items.map(folded), expected.map(folded));
}

interface TypeCheck {
  readonly isValid: boolean;
  /** The ground truth has another type than the function: a variable stands for the value. */
  readonly isVariable: boolean;
}

const acceptedType = (accepted: readonly PythonValue[]): PythonType | null => {
  const first = accepted.find((value) => value !== '');
  return first === undefined ? null : pythonType(first);
};

function checkType(
  value: PythonValue,
  accepted: readonly PythonValue[],
  expected: { type: PythonType | undefined; item: PythonType | null },
): TypeCheck {
  const fromAnswer = acceptedType(accepted);
  const isVariable = fromAnswer !== null && fromAnswer !== expected.type;
  if (pythonType(value) === expected.type) {
    const [{ item }, members] = [expected, pythonList(value)];
    if (item === null || members === null) return { isValid: true, isVariable };
    const fits = accepted.some((candidate) => {
      const options = pythonList(candidate);
      return (
        options === null || members.every((member) => checkType(member, options, { type: item, item: null }).isValid)
      );
    });
    return { isValid: fits, isVariable };
  }
  return { isValid: fromAnswer !== null && pythonType(value) === fromAnswer, isVariable: true };
}

/** The value as the language's own converter gives it; undefined where that reads text and there is none. */
function converted(value: PythonValue, parameter: Json, language: BfclLanguage): PythonValue | undefined {
  const type = typeNameOf(parameter);
  if (language === 'python')
    return type === 'float' && pythonType(value) === 'int' ? pythonFloat(value as number) : value;
  if (typeof value !== 'string') return undefined;
  const convert = language === 'java' ? javaValueUpstream : javascriptValueUpstream;
  return convert(value, type, typeNameOf(itemsOf(parameter)));
}

const wrong = (code: CallFault['code'], detail: string): CallFault => ({ code, detail });

const isWrongTool = (fault: CallFault): boolean => fault.code === 'select.wrong_tool';

/** The fault that says most: what a call of the right function lacks, before that a call is of another one. */
export function tellingFault(faults: readonly (CallFault | null)[]): CallFault {
  const found = faults.filter((fault) => fault !== null);
  const [told = wrong('select.wrong_tool', 'no call is of the function')] = [
    ...found.filter((fault) => !isWrongTool(fault)),
    ...found,
  ];
  return told;
}

function checkParameter(
  key: string,
  given: PythonValue,
  at: { parameter: Json; accepted: readonly PythonValue[]; language: BfclLanguage },
): CallFault | null {
  const { parameter, accepted, language } = at;
  const types = typesOf(language);
  const value = converted(given, parameter, language);
  if (value === undefined) return wrong('args.bad_type', `${key} is not given as text`);
  const typeName = typeNameOf(parameter);
  const type = types[typeName];
  const isNested = ['array', 'tuple', 'Array', 'ArrayList'].includes(typeName);
  const item = isNested ? (types[typeNameOf(itemsOf(parameter))] ?? null) : null;
  const { isValid, isVariable } = checkType(value, accepted, { type, item });
  if (!isValid) return wrong('args.bad_type', `${key} has type ${pythonType(value)}, not ${type}`);
  const isRight = isVariable
    ? isAmong(value, accepted)
    : type === 'dict'
      ? accepted.some((candidate) => candidate !== '' && dictMatches(value, candidate))
      : type === 'list' && item === 'dict'
        ? accepted.some((candidate) => dictListMatches(value, candidate))
        : type === 'str'
          ? accepted.some(
              (candidate) => typeof candidate === 'string' && foldedText(candidate) === foldedText(String(value)),
            )
          : type === 'list'
            ? accepted.some((candidate) => listMatches(value, candidate))
            : isAmong(value, accepted);
  return isRight ? null : wrong('args.wrong_value', `${key} is none of the accepted values`);
}

/** Faults of one call against one answer by the rules of the BFCL leaderboard. */
function checkCall(call: BfclCall, answer: BfclAnswer, { functions, language }: BfclQuestion): CallFault | null {
  const doc = functions.find(({ name }) => name === answer.name);
  if (doc === undefined) return wrong('data.fault', `no function ${answer.name} is described`);
  if (call.name !== toolNameOf(answer.name))
    return wrong('select.wrong_tool', `called ${call.name}, not ${answer.name}`);
  const missing = requiredOf(doc).find((key) => !Object.hasOwn(call.values, key));
  if (missing !== undefined) return wrong('args.missing_required', `${missing} is missing`);
  const parameters = parametersOf(doc);
  for (const [key, readings] of Object.entries(call.values)) {
    const parameter = parameters[key];
    const accepted = answer.parameters[key];
    if (parameter === undefined || accepted === undefined || !Object.hasOwn(parameters, key)) {
      return wrong('args.unexpected', `${key} is not expected`);
    }
    const faults = readings.map((value) => checkParameter(key, value, { parameter, accepted, language }));
    if (!faults.includes(null)) return tellingFault(faults);
  }
  const dropped = Object.entries(answer.parameters).find(
    ([key, accepted]) => !Object.hasOwn(call.values, key) && !accepted.includes(''),
  );
  return dropped === undefined ? null : wrong('args.missing_required', `${dropped[0]} is missing`);
}

/**
 * Compares calls with the ground truth as the BFCL leaderboard does: the counts must be equal; answers are served first come, first served;
 * exact types but for int as float; text without spaces and punctuation; dicts only flat. Gives the first fault, null when all is right.
 */
export function checkUpstream(
  calls: readonly BfclCall[],
  answers: readonly BfclAnswer[],
  question: BfclQuestion,
): CallFault | null {
  if (calls.length === 0) return wrong('select.no_call', 'no tool was called');
  if (calls.length !== answers.length)
    return wrong('select.wrong_count', `${calls.length} calls for ${answers.length}`);
  const taken = new Set<number>();
  for (const answer of answers) {
    const faults: CallFault[] = [];
    const index = calls.findIndex((call, at) => {
      if (taken.has(at)) return false;
      const fault = checkCall(call, answer, question);
      if (fault !== null) faults.push(fault);
      return fault === null;
    });
    if (index < 0) return tellingFault(faults);
    taken.add(index);
  }
  return null;
}
