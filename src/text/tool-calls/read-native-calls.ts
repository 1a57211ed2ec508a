import type { FailureCode } from '../../core/failure-code.ts';
import type { ToolCall } from '../../core/message.ts';
import { readJson } from '../json-reader.ts';
import { readArguments } from './call-from-value.ts';
import {
  noReading,
  type CallContext,
  type CallReading,
  type CallRepair,
  type ParsedCall,
  type ToolCallProblem,
} from './parsed-call.ts';

const nowhere: readonly [number, number] = [0, 0];

interface NativeReading {
  readonly call: ParsedCall | null;
  readonly problem: ToolCallProblem | null;
}

function readCall(call: ToolCall, context: CallContext, isLast: boolean): NativeReading {
  const parsed = (value: ParsedCall['arguments'], repairs: readonly CallRepair[]): ParsedCall => ({
    name: call.name,
    arguments: value,
    raw: call.arguments,
    span: nowhere,
    repairs,
  });
  const problem = (code: FailureCode, detail: string): ToolCallProblem => ({ code, span: nowhere, detail });
  const isEmpty = call.arguments.trim() === '';
  const read = readJson(call.arguments);
  if (!isEmpty && read.fatal !== null) {
    const isCut = context.isTruncated && isLast && /^un(?:terminated|closed)/.test(read.fatal.code);
    if (isCut)
      return { call: null, problem: problem('gen.truncated.in_call', 'the token limit cut the last tool call off') };
    const where = `${read.fatal.code.replaceAll('_', ' ')} at offset ${read.fatal.offset}`;
    return {
      call: null,
      problem: problem(`json.${read.fatal.code}`, `the arguments of ${call.name} are not JSON: ${where}`),
    };
  }
  if (!isEmpty && call.arguments.slice(read.end).trim() !== '') {
    return { call: null, problem: problem('json.extra_data', `text follows the arguments of ${call.name}`) };
  }
  const { arguments: value, repairs } = readArguments(isEmpty ? '' : read.value, call.name, context);
  const syntax = read.mended[0]?.code ?? null;
  const all: CallRepair[] = syntax === null ? [...repairs] : ['json_syntax', ...repairs];
  if (value === null)
    return {
      call: parsed(null, all),
      problem: problem('args.not_object', `the arguments of ${call.name} are not an object`),
    };
  if (all.length === 0) return { call: parsed(value, all), problem: null };
  const code: FailureCode =
    syntax === null ? (repairs[0] === 'empty_arguments' ? 'args.not_object' : 'json.double_encoded') : `json.${syntax}`;
  return {
    call: parsed(value, all),
    problem: problem(code, `read only after a repair: ${all.join(', ').replaceAll('_', ' ')}`),
  };
}

/** Reads the calls of the `tools` field, whose arguments are JSON text. */
export function readNativeCalls(calls: readonly ToolCall[], context: CallContext): CallReading {
  if (calls.length === 0) return noReading;
  const readings = calls.map((call, index) => readCall(call, context, index === calls.length - 1));
  return {
    calls: readings.flatMap(({ call }) => (call === null ? [] : [call])),
    problems: readings.flatMap(({ problem }) => (problem === null ? [] : [problem])),
    attempted: true,
  };
}
