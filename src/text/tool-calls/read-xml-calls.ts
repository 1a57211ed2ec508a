import type { Json, JsonObject, JsonSchema } from '../../core/json.ts';
import { coerceParameter } from './coerce-parameter.ts';
import type { CallContext, CallReading, CallRepair, ParsedCall, ToolCallProblem } from './parsed-call.ts';
import { tagFinder } from './tag-finder.ts';

const functionOpen = '<function=';
const functionClose = '</function>';
const parameterOpen = '<parameter=';
const parameterClose = '</parameter>';
const callOpen = '<tool_call>';
const callClose = '</tool_call>';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The schema of one parameter of a tool; undefined when the tool or the parameter is unknown. */
function schemaOf(name: string, parameter: string, { tools }: CallContext): JsonSchema | undefined {
  const tool = tools.find((candidate) => candidate.name === name);
  const properties = isObject(tool?.parameters) ? tool.parameters.properties : undefined;
  const schema = isObject(properties) ? properties[parameter] : undefined;
  return isObject(schema) || typeof schema === 'boolean' ? schema : undefined;
}

/** The text of one function, from its opening tag to the next one. */
interface Region {
  readonly text: string;
  readonly offset: number;
  /** True when `<tool_call>` stands right before it. */
  readonly isOpened: boolean;
  readonly isLast: boolean;
}

function regionsOf(text: string): Region[] {
  const regions: Region[] = [];
  let start = text.indexOf(functionOpen);
  while (start >= 0) {
    const next = text.indexOf(functionOpen, start + functionOpen.length);
    const end = next < 0 ? text.length : next;
    const before = text.slice(Math.max(0, start - 40), start).trimEnd();
    regions.push({
      text: text.slice(start, end),
      offset: start,
      isOpened: before.endsWith(callOpen),
      isLast: next < 0,
    });
    start = next;
  }
  return regions;
}

/** A name after `=` up to `>`, or up to white space or a tag when the bracket is missing. */
function readName(text: string, from: number): { name: string; end: number; isClosed: boolean } {
  let end = from;
  while (end < text.length && !/[\s<>]/.test(text.charAt(end))) end++;
  const name = text.slice(from, end);
  let bracket = end;
  while (text[bracket] === ' ' || text[bracket] === '\t') bracket++;
  const isClosed = text[bracket] === '>';
  return { name, end: isClosed ? bracket + 1 : end, isClosed };
}

/** Cuts one line break at each end, which the form puts around a value. */
function withoutLineBreaks(value: string): string {
  const start = value.startsWith('\r\n') ? 2 : value.startsWith('\n') ? 1 : 0;
  const end = value.endsWith('\r\n') ? 2 : value.endsWith('\n') ? 1 : 0;
  return start + end > value.length ? '' : value.slice(start, value.length - end);
}

interface Parameter {
  readonly name: string;
  readonly text: string;
  /** Offset in the region after the value and its closing tag. */
  readonly end: number;
  readonly isNameClosed: boolean;
  readonly isClosed: boolean;
}

function readParameter(text: string, start: number, find: (tag: string, from: number) => number): Parameter {
  const name = readName(text, start + parameterOpen.length);
  const close = find(parameterClose, name.end);
  const next = find(`\n${parameterOpen}`, name.end);
  const isClosed = close >= 0 && (next < 0 || close < next);
  const ends = isClosed ? [close] : [next, find(functionClose, name.end), find(callClose, name.end)];
  const nearest = Math.min(text.length, ...ends.filter((position) => position >= 0));
  return {
    name: name.name,
    text: withoutLineBreaks(text.slice(name.end, nearest)),
    end: isClosed ? close + parameterClose.length : nearest,
    isNameClosed: name.isClosed,
    isClosed,
  };
}

function parametersOf(text: string, from: number): Parameter[] {
  const parameters: Parameter[] = [];
  const find = tagFinder(text);
  let position = from;
  for (;;) {
    while (/\s/.test(text.charAt(position))) position++;
    if (!text.startsWith(parameterOpen, position)) return parameters;
    const parameter = readParameter(text, position, find);
    parameters.push(parameter);
    position = parameter.end;
  }
}

interface Typed {
  readonly values: JsonObject;
  readonly repairs: readonly CallRepair[];
}

function typed(name: string, parameters: readonly Parameter[], context: CallContext): Typed {
  const values = new Map<string, Json>();
  const repairs: CallRepair[] = [];
  for (const parameter of parameters) {
    const { value, isMended } = coerceParameter(parameter.text, schemaOf(name, parameter.name, context));
    values.set(parameter.name, value);
    if (isMended) repairs.push('value_syntax');
    if (!parameter.isNameClosed) repairs.push('unclosed_parameter_name');
    if (!parameter.isClosed) repairs.push('missing_close_tag');
  }
  return { values: Object.fromEntries(values), repairs };
}

const problemOf = (repair: CallRepair, span: readonly [number, number]): ToolCallProblem => ({
  code: repair === 'value_syntax' ? 'json.syntax' : 'format_mismatch.xml_malformed',
  span,
  detail: `read only after a repair: ${repair.replaceAll('_', ' ')}`,
});

function readFunction(region: Region, context: CallContext): CallReading {
  const { text, offset } = region;
  const name = readName(text, functionOpen.length);
  const parameters = parametersOf(text, name.end);
  const last = parameters.at(-1);
  const bodyEnd = last?.end ?? name.end;
  const close = text.slice(bodyEnd).search(/\S/);
  const isClosed = close >= 0 && text.startsWith(functionClose, bodyEnd + close);
  const afterClose = isClosed ? bodyEnd + close + functionClose.length : bodyEnd;
  const isCallClosed =
    isClosed &&
    text
      .slice(afterClose, afterClose + 40)
      .trimStart()
      .startsWith(callClose);
  const span: readonly [number, number] = [offset, offset + afterClose];
  if (context.isTruncated && region.isLast && !isClosed) {
    const detail = 'the token limit cut the last tool call off';
    return { calls: [], problems: [{ code: 'gen.truncated.in_call', span, detail }], attempted: true };
  }
  // Stray text between the tags may be a value that lost its own tags: what it belongs to would be a guess.
  const stray =
    isClosed || close < 0 || text.startsWith(callClose, bodyEnd + close)
      ? ''
      : text.slice(bodyEnd + close, bodyEnd + close + 40);
  if (name.name === '' || !name.isClosed || stray !== '') {
    const detail = stray === '' ? 'the function tag has no name' : `unexpected text inside the function: ${stray}`;
    return { calls: [], problems: [{ code: 'json.syntax', span, detail }], attempted: true };
  }
  const { values, repairs } = typed(name.name, parameters, context);
  const all: CallRepair[] = [...repairs];
  if (!region.isOpened) all.push('missing_open_tag');
  if (!isClosed || !isCallClosed) all.push('missing_close_tag');
  const call: ParsedCall = {
    name: name.name,
    arguments: values,
    raw: text.slice(0, afterClose),
    span,
    repairs: [...new Set(all)],
  };
  return { calls: [call], problems: call.repairs.map((repair) => problemOf(repair, span)), attempted: true };
}

/** Reads calls written as `<function=…>` with `<parameter=…>` inside `<tool_call>` tags; linear in the length of the text. */
export function readXmlCalls(text: string, context: CallContext): CallReading {
  const readings = regionsOf(text).map((region) => readFunction(region, context));
  return {
    calls: readings.flatMap(({ calls }) => calls),
    problems: readings.flatMap(({ problems }) => problems),
    attempted: readings.length > 0,
  };
}
