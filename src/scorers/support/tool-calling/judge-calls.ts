import { closest } from '../../../core/closest.ts';
import type { FailureCode } from '../../../core/failure-code.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import type { ToolDefinition } from '../../../core/message.ts';
import type { ParsedCall } from '../../../text/tool-calls/parsed-call.ts';
import { schemaIssues } from '../json-schema.ts';
import { maximumMatching } from '../maximum-matching.ts';
import type { ExpectedCall } from './tool-expectation.ts';
import { matchesValue } from './value-matcher.ts';

/** A fault of the calls with its evidence. */
export interface CallFault {
  readonly code: FailureCode;
  readonly detail: string;
}

/** How a list of calls compares with the calls that were expected. */
export interface CallJudgement {
  /** Every expected call was made, no other call was, and all are valid by schema. */
  readonly isRight: boolean;
  readonly faults: readonly CallFault[];
  /** Calls that are valid by the schema of a tool on offer. */
  readonly validCalls: number;
  /** Calls of tools that are not on offer. */
  readonly unknownCalls: number;
  /** Expected tools that were called, as often as expected. */
  readonly selectedTools: number;
  /** Expected arguments of the selected tools, and how many of them are right. */
  readonly arguments: { readonly right: number; readonly total: number };
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const propertiesOf = (tool: ToolDefinition): JsonObject => {
  const properties = isObject(tool.parameters) ? tool.parameters.properties : undefined;
  return isObject(properties) ? properties : {};
};

/** Faults of one call against its own tool, whatever was expected. */
function callFaults(call: ParsedCall, tools: readonly ToolDefinition[]): CallFault[] {
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined) {
    const near = closest(
      call.name,
      tools.map(({ name }) => name),
    );
    const hint = near === null ? '' : `; nearest is ${near}`;
    return [{ code: 'select.unknown_tool', detail: `there is no tool ${call.name}${hint}` }];
  }
  if (call.arguments === null) {
    return [{ code: 'args.not_object', detail: `the arguments of ${call.name} are not an object` }];
  }
  const known = propertiesOf(tool);
  const unexpected = Object.keys(call.arguments)
    .filter((key) => !Object.hasOwn(known, key))
    .map((key): CallFault => ({ code: 'args.unexpected', detail: `${call.name} has no parameter ${key}` }));
  const issues = schemaIssues(tool.parameters, call.arguments);
  return [...unexpected, ...issues.map(({ code, message }) => ({ code, detail: `${call.name}: ${message}` }))];
}

const isRightCall = (expected: ExpectedCall, call: ParsedCall): boolean =>
  expected.name === call.name &&
  call.arguments !== null &&
  Object.entries(expected.arguments).every(([key, matcher]) => matchesValue(matcher, call.arguments?.[key]));

const placeholder =
  /^(?:string|value|example|placeholder|none|null|n\/a|unknown|todo|tbd|your[_ -].*|<.*>|\[.*\]|\.\.\.)$/i;

/** Faults of the values of a call that should have been the expected one. */
function valueFaults(expected: ExpectedCall, call: ParsedCall): CallFault[] {
  return Object.entries(expected.arguments).flatMap(([key, matcher]): CallFault[] => {
    const value: Json | undefined = call.arguments?.[key];
    if (matchesValue(matcher, value)) return [];
    if (value === undefined) {
      return [
        {
          code: 'args.missing_required',
          detail: `${call.name}: ${key} is missing`,
        },
      ];
    }
    const isPlaceholder = typeof value === 'string' && placeholder.test(value.trim());
    const shown = JSON.stringify(value).slice(0, 80);
    return [
      {
        code: isPlaceholder ? 'args.placeholder_value' : 'args.wrong_value',
        detail: `${call.name}: ${key} is ${shown}`,
      },
    ];
  });
}

/** Pairs expected calls with calls of the same tool: right ones first, then in order. */
function pairUp(expected: readonly ExpectedCall[], calls: readonly ParsedCall[]): readonly (number | null)[] {
  const edges = expected.map((item) => calls.flatMap((call, index) => (isRightCall(item, call) ? [index] : [])));
  const partners = [...maximumMatching(edges, calls.length)];
  const taken = new Set(partners);
  for (const [index, partner] of partners.entries()) {
    if (partner !== null) continue;
    const next = calls.findIndex((call, at) => call.name === expected[index]?.name && !taken.has(at));
    if (next < 0) continue;
    partners[index] = next;
    taken.add(next);
  }
  return partners;
}

function selectionFaults(
  expected: readonly ExpectedCall[],
  calls: readonly ParsedCall[],
  partners: readonly (number | null)[],
): CallFault[] {
  if (calls.length === 0) return [{ code: 'select.no_call', detail: 'no tool was called' }];
  const faults: CallFault[] = [];
  const missing = expected.filter((_, index) => partners[index] === null);
  const extra = calls.filter((_, index) => !partners.includes(index));
  if (missing.length > 0 && extra.length > 0) {
    const wanted = missing.map(({ name }) => name).join(', ');
    faults.push({
      code: 'select.wrong_tool',
      detail: `called ${extra.map(({ name }) => name).join(', ')} for ${wanted}`,
    });
  }
  if (expected.length !== calls.length) {
    faults.push({ code: 'select.wrong_count', detail: `${calls.length} calls for ${expected.length}` });
  }
  return faults;
}

/** Compares calls with those expected: one to one by maximum matching, none missing, none left over, each valid by its schema. */
export function judgeCalls(
  expected: readonly ExpectedCall[],
  calls: readonly ParsedCall[],
  tools: readonly ToolDefinition[],
): CallJudgement {
  const own = calls.map((call) => callFaults(call, tools));
  const partners = pairUp(expected, calls);
  const pairs = expected.flatMap((item, index) => {
    const partner = partners[index] ?? null;
    const call = partner === null ? undefined : calls[partner];
    return call === undefined ? [] : [{ item, call }];
  });
  const values = pairs.map(({ item, call }) => ({
    faults: valueFaults(item, call),
    total: Object.keys(item.arguments).length,
  }));
  const faults = [
    ...selectionFaults(expected, calls, partners),
    ...own.flat(),
    ...values.flatMap((value) => value.faults),
  ];
  const isRight = pairs.length === expected.length && calls.length === expected.length && faults.length === 0;
  const wrong = values.reduce((sum, value) => sum + value.faults.length, 0);
  const total = values.reduce((sum, value) => sum + value.total, 0);
  return {
    isRight,
    faults,
    validCalls: own.filter((list) => list.length === 0).length,
    unknownCalls: own.filter((list) => list[0]?.code === 'select.unknown_tool').length,
    selectedTools: pairs.length,
    arguments: { right: total - wrong, total },
  };
}
