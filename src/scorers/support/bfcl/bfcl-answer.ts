import type { Json } from '../../../core/json.ts';
import type { ToolFormat } from '../../../core/ports/task.ts';
import type { CallToWrite } from '../../../text/tool-calls/format-tool-calls.ts';
import type { ParsedCall } from '../../../text/tool-calls/parsed-call.ts';
import type { BfclLanguage, FunctionDoc } from './function-doc.ts';
import { itemsOf, parametersOf, requiredOf, toolNameOf, typeNameOf } from './function-doc.ts';
import { formatJavaLiteral } from './java-literal.ts';
import { formatJavascriptLiteral } from './javascript-literal.ts';
import { parsePythonJson, pythonDict, pythonFloat, pythonList, type PythonValue } from './python-value.ts';

/** One call that is right: by parameter, every value that counts; '' among them means that it may be left out. */
export interface BfclAnswer {
  readonly name: string;
  readonly parameters: Readonly<Record<string, readonly PythonValue[]>>;
}

/** A call as the checks see it: each argument with every reading of it. JSON has one; the text that XML carries may have two. */
export interface BfclCall {
  readonly name: string;
  readonly values: Readonly<Record<string, readonly PythonValue[]>>;
}

/** Reads the ground truth of a sample from its JSON text: a list of {function: {parameter: [values]}}. Throws on other shapes. */
export function parseAnswers(text: string): readonly BfclAnswer[] {
  const list = pythonList(parsePythonJson(text) ?? null);
  if (list === null) throw new TypeError('the ground truth is no list');
  return list.map((item) => {
    const [entry] = Object.entries(pythonDict(item) ?? {});
    const parameters = entry === undefined ? null : pythonDict(entry[1]);
    if (entry === undefined || parameters === null) throw new TypeError('the ground truth has an entry without a call');
    const accepted = Object.entries(parameters).map(([key, values]) => [key, pythonList(values) ?? [values]] as const);
    return { name: entry[0], parameters: Object.fromEntries(accepted) };
  });
}

/** Text that reads like another type, as that type. */
function retyped(value: string): PythonValue {
  const word = value.trim();
  const read = parsePythonJson(/^(?:True|False)$/.test(word) ? word.toLowerCase() : word === 'None' ? 'null' : word);
  return read === undefined || typeof read === 'string' ? value : read;
}

/** Whole numbers in lists as floats. */
const withFloats = (list: readonly PythonValue[]): PythonValue =>
  list.map((item) => {
    const inner = pythonList(item);
    return inner === null ? (typeof item === 'number' ? pythonFloat(item) : item) : withFloats(inner);
  });

/** Every reading of a value of which the text is lost or had no types. */
function readingsOf(value: PythonValue, format: ToolFormat): readonly PythonValue[] {
  if (format === 'xml' && typeof value === 'string') return [value, retyped(value)];
  const list = pythonList(value);
  return list === null ? [value] : [value, withFloats(list)];
}

/**
 * A parsed call with Python's numbers, from its own text where the standard parser read it. XML carries text, and some answers have another
 * type than the function declares, so there text is also read by its own looks.
 */
export function bfclCall(call: ParsedCall, format: ToolFormat): BfclCall {
  const read = call.repairs.length === 0 && format !== 'xml' ? pythonDict(parsePythonJson(call.raw) ?? null) : null;
  const isWhole = read !== null && call.span[1] > 0;
  const own = isWhole ? pythonDict(read.arguments ?? null) : read;
  const values = Object.entries(own ?? call.arguments ?? {}).map(
    ([key, value]) => [key, own === null ? readingsOf(value, format) : [value]] as const,
  );
  return { name: call.name, values: Object.fromEntries(values) };
}

/** Which of the acceptable values a made-up answer uses. */
export type AnswerChoice = 'first' | 'last' | 'fewest';

/** Takes one of several acceptable values; dicts inside hold lists of acceptable values themselves. */
function chosenValue(value: PythonValue): PythonValue {
  const dict = pythonDict(value);
  if (dict !== null) {
    const members = Object.entries(dict).flatMap(([key, options]): [string, PythonValue][] => {
      const list = pythonList(options);
      const option = list === null ? options : list.find((item) => item !== '');
      return option === undefined ? [] : [[key, chosenValue(option)]];
    });
    return Object.fromEntries(members);
  }
  const list = pythonList(value);
  return list === null ? value : list.map(chosenValue);
}

function written(value: PythonValue, parameter: Json | undefined, language: BfclLanguage): Json {
  if (language === 'java') return formatJavaLiteral(value, typeNameOf(parameter), typeNameOf(itemsOf(parameter)));
  return language === 'javascript' ? formatJavascriptLiteral(value) : value;
}

/** The values that can be written down: where a literal has no type of its own, only text can. */
function writable(
  accepted: readonly PythonValue[],
  parameter: Json | undefined,
  language: BfclLanguage,
): readonly PythonValue[] {
  const given = accepted.filter((value) => value !== '');
  const isText = language !== 'python' && ['String', 'any'].includes(typeNameOf(parameter));
  const texts = given.filter((value) => typeof value === 'string');
  return isText && texts.length > 0 ? texts : given;
}

/** The ground truth as calls that a model could make: the first acceptable value, the last, or as few parameters as allowed. */
export function answersAsCalls(
  answers: readonly BfclAnswer[],
  choice: AnswerChoice,
  context: { readonly functions: readonly FunctionDoc[]; readonly language: BfclLanguage },
): readonly CallToWrite[] {
  return answers.map(({ name, parameters }) => {
    const doc = context.functions.find((candidate) => candidate.name === name);
    const properties = doc === undefined ? {} : parametersOf(doc);
    const required = doc === undefined ? [] : requiredOf(doc);
    const members = Object.entries(parameters).flatMap(([key, accepted]): [string, Json][] => {
      // Some answers list parameters that the function does not have; all of these may be left out.
      if (!Object.hasOwn(properties, key)) return [];
      if (choice === 'fewest' && accepted.includes('') && !required.includes(key)) return [];
      const given = writable(accepted, properties[key], context.language);
      const value = choice === 'last' ? given.at(-1) : given[0];
      return value === undefined ? [] : [[key, written(chosenValue(value), properties[key], context.language)]];
    });
    return { name: toolNameOf(name), arguments: Object.fromEntries(members) };
  });
}
