import type { FailureCode } from '../../core/failure-code.ts';
import type { Json } from '../../core/json.ts';
import { readJson } from '../json-reader.ts';
import { callFromValue } from './call-from-value.ts';
import { noReading, type CallContext, type CallReading, type ParsedCall } from './parsed-call.ts';
import { readHermesCalls } from './read-hermes-calls.ts';
import { readXmlCalls } from './read-xml-calls.ts';

/** Marks calls of another format than the one in force; only calls of tools on offer count as calls. */
function asForeign(reading: CallReading, code: FailureCode, { tools }: CallContext): CallReading {
  const known = reading.calls.filter(({ name }) => tools.some((tool) => tool.name === name));
  const [first] = known;
  if (first === undefined) return { ...reading, calls: [] };
  return {
    calls: known.map((call) => ({ ...call, repairs: ['other_format', ...call.repairs] })),
    problems: [
      { code, span: first.span, detail: `a call of ${first.name} was written in another format than the one in force` },
      ...reading.problems,
    ],
    attempted: true,
  };
}

/** Calls in one value: {name, arguments}, or an array of them. */
function callsOfValue(
  value: Json | undefined,
  at: { text: string; span: readonly [number, number] },
  context: CallContext,
): ParsedCall[] {
  const values = Array.isArray(value) ? value : [value];
  return values.flatMap((item: Json | undefined) => {
    const call = callFromValue(item, context);
    if (call === null || !('arguments' in (item as object) || 'parameters' in (item as object))) return [];
    return [{ ...call, raw: at.text, span: at.span }];
  });
}

/** Every call-shaped JSON value at the top level of the text; linear, because a failed value is not searched again. */
function jsonCallsIn(text: string, context: CallContext): ParsedCall[] {
  const calls: ParsedCall[] = [];
  const opener = /[[{]/g;
  for (let match = opener.exec(text); match !== null; match = opener.exec(text)) {
    const start = match.index;
    const read = readJson(text, start);
    if (read.fatal === null) {
      const span: readonly [number, number] = [start, read.end];
      for (const call of callsOfValue(read.value, { text: text.slice(start, read.end), span }, context)) {
        calls.push(read.mended.length > 0 ? { ...call, repairs: ['json_syntax', ...call.repairs] } : call);
      }
    }
    opener.lastIndex = Math.max(read.end, start + 1);
  }
  return calls;
}

/** Which wrapping a call-shaped JSON value stands in, from the text right before it. */
function wrappingOf(text: string, start: number): FailureCode {
  const before = text.slice(Math.max(0, start - 60), start).trimEnd();
  if (/<(?:tools|function|function-call|function_call)>$/.test(before)) return 'format_mismatch.tools_tag';
  return /```\w*$/.test(before) ? 'format_mismatch.fenced' : 'format_mismatch.bare_json';
}

function readJsonCalls(text: string, context: CallContext): CallReading {
  const calls = jsonCallsIn(text, context).filter(({ name }) => context.tools.some((tool) => tool.name === name));
  const [first] = calls;
  if (first === undefined) return noReading;
  return asForeign({ calls, problems: [], attempted: true }, wrappingOf(text, first.span[0]), context);
}

/** The tool that a line calls as program text or as an Action; null when it does neither. */
function calledOnLine(line: string): { name: string; code: FailureCode } | null {
  const action = /^Action:\s*([\w.-]+)/.exec(line);
  if (action !== null) return { name: action[1] as string, code: 'format_mismatch.react' };
  const start = line.startsWith('print(') ? 6 : line.startsWith('[') ? 1 : 0;
  const name = /^[\w.-]+(?=\()/.exec(line.slice(start))?.[0];
  if (name === undefined || !(line.endsWith(')') || line.endsWith(')]'))) return null;
  return { name, code: 'format_mismatch.pythonic' };
}

/** Calls written as program text or as an Action line: recognised, never read. */
function readUnsupported(text: string, { tools }: CallContext): CallReading {
  const names = new Set(tools.map(({ name }) => name));
  let offset = 0;
  for (const line of text.split('\n')) {
    const called = calledOnLine(line.trim());
    if (called !== null && names.has(called.name)) {
      const span: readonly [number, number] = [offset, offset + line.length];
      const detail = `a call of ${called.name} was written as text`;
      return { calls: [], problems: [{ code: called.code, span, detail }], attempted: true };
    }
    offset += line.length + 1;
  }
  return noReading;
}

/**
 * Looks for calls in every known shape but the one in force: Hermes JSON, XML, `<tools>` and `<function>` tags, fenced and bare JSON,
 * program text, Action lines. A value counts as a call only when it names a tool on offer.
 */
export function readForeignCalls(text: string, format: 'native' | 'hermes' | 'xml', context: CallContext): CallReading {
  const xml =
    format === 'xml' ? noReading : asForeign(readXmlCalls(text, context), 'format_mismatch.xml_text', context);
  if (xml.calls.length > 0) return xml;
  const hermes =
    format === 'hermes' ? noReading : asForeign(readHermesCalls(text, context), 'format_mismatch.hermes_text', context);
  if (hermes.calls.length > 0) return hermes;
  const json = readJsonCalls(text, context);
  if (json.calls.length > 0) return json;
  if (xml.attempted) return xml;
  return hermes.attempted ? hermes : readUnsupported(text, context);
}
