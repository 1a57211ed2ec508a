import type { Json, JsonObject } from '../../../core/json.ts';
import type { LabelledResponse } from '../../../core/ports/scorer.ts';
import type { ToolFormat } from '../../../core/ports/task.ts';
import { textResponse } from '../../../text/assistant-turn.ts';
import type { CallToWrite } from '../../../text/tool-calls/format-tool-calls.ts';
import { toNativeCalls } from '../../../text/tool-calls/format-tool-calls.ts';
import type { ExpectedCall, GoldDecision, ToolExpectation } from './tool-expectation.ts';
import type { ValueMatcher } from './value-matcher.ts';
import { callResponse, callText } from './write-calls.ts';

interface Decision {
  readonly expected: ToolExpectation;
  readonly gold: GoldDecision;
}

const mapArguments = (
  calls: readonly CallToWrite[],
  change: (values: JsonObject, index: number) => JsonObject,
): CallToWrite[] => calls.map((call, index) => ({ name: call.name, arguments: change(call.arguments, index) }));

const reversedKeys = (values: JsonObject): JsonObject => Object.fromEntries(Object.entries(values).toReversed());

function withDefaults(values: JsonObject, matchers: ExpectedCall['arguments'] = {}): JsonObject {
  const defaults = Object.entries(matchers).flatMap(([key, matcher]): [string, Json][] =>
    matcher.kind === 'default' && !Object.hasOwn(values, key) ? [[key, matcher.value]] : [],
  );
  return { ...values, ...Object.fromEntries(defaults) };
}

const reorderedSet = (value: Json, matcher: ValueMatcher | undefined): Json =>
  matcher?.kind === 'set' && Array.isArray(value) ? [...(value as readonly Json[])].toReversed() : value;

function withReorderedSets(values: JsonObject, matchers: ExpectedCall['arguments'] = {}): JsonObject {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, reorderedSet(value, matchers[key])]));
}

/** JSON of the arguments with every whole number written as 5.0. */
const withDecimalPoints = (json: string): string => json.replace(/(: |\[|, )(-?\d+)(?=[,}\]])/g, '$1$2.0');

function callRenderings(
  wanted: readonly ExpectedCall[],
  calls: readonly CallToWrite[],
  format: ToolFormat,
): LabelledResponse[] {
  const thought = 'The request names everything that is needed, so I can call the tool.';
  const variants: LabelledResponse[] = [
    { kind: 'plain', response: callResponse(calls, format) },
    { kind: 'after-prose', response: callResponse(calls, format, { prose: 'I will do that now.' }) },
    { kind: 'paired-think', response: callResponse(calls, format, { thinking: `<think>\n${thought}\n</think>\n\n` }) },
    { kind: 'empty-think', response: callResponse(calls, format, { thinking: '<think>\n\n</think>\n\n' }) },
    { kind: 'close-only-think', response: callResponse(calls, format, { thinking: `${thought}\n</think>\n\n` }) },
    { kind: 'reasoning-field', response: callResponse(calls, format, { reasoning: thought }) },
    {
      kind: 'draft-in-think',
      response: callResponse(calls, format, { thinking: `<think>\n${callText(calls, format)}\n</think>\n` }),
    },
    { kind: 'finish-stop', response: callResponse(calls, format, { finishReason: 'stop' }) },
    { kind: 'keys-reversed', response: callResponse(mapArguments(calls, reversedKeys), format) },
    { kind: 'calls-reversed', response: callResponse(calls.toReversed(), format) },
    {
      kind: 'explicit-defaults',
      response: callResponse(
        mapArguments(calls, (values, index) => withDefaults(values, wanted[index]?.arguments)),
        format,
      ),
    },
    {
      kind: 'sets-reordered',
      response: callResponse(
        mapArguments(calls, (values, index) => withReorderedSets(values, wanted[index]?.arguments)),
        format,
      ),
    },
  ];
  return [...variants, ...spellings(calls, format)];
}

/** Other spellings of the same JSON or XML. */
function spellings(calls: readonly CallToWrite[], format: ToolFormat): LabelledResponse[] {
  const text = callText(calls, format);
  if (format === 'xml') {
    return [
      { kind: 'crlf', response: textResponse(text.replaceAll('\n', '\r\n')) },
      { kind: 'tight', response: textResponse(text.replace(/>\n(?=<(?:parameter=|\/function))/g, '>')) },
    ];
  }
  if (format === 'hermes') {
    const compact = calls.map(
      ({ name, arguments: values }) => `<tool_call>${JSON.stringify({ name, arguments: values })}</tool_call>`,
    );
    const indented = calls.map(
      ({ name, arguments: values }) =>
        `<tool_call>\n${JSON.stringify({ name, arguments: values }, null, 2)}\n</tool_call>`,
    );
    return [
      { kind: 'compact', response: textResponse(compact.join('')) },
      { kind: 'indented', response: textResponse(indented.join('\n')) },
      {
        kind: 'arguments-first',
        response: textResponse(
          calls
            .map(
              ({ name, arguments: values }) =>
                `<tool_call>\n${JSON.stringify({ arguments: values, name })}\n</tool_call>`,
            )
            .join('\n'),
        ),
      },
      { kind: 'decimal-points', response: textResponse(withDecimalPoints(text)) },
    ];
  }
  const native = toNativeCalls(calls);
  return [
    { kind: 'empty-content', response: textResponse('', { toolCalls: native, finishReason: 'tool_calls' }) },
    { kind: 'no-call-ids', response: textResponse(null, { toolCalls: native.map((call) => ({ ...call, id: null })) }) },
    {
      kind: 'compact',
      response: textResponse(null, {
        toolCalls: native.map((call, index) => ({ ...call, arguments: JSON.stringify(calls[index]?.arguments) })),
      }),
    },
    {
      kind: 'decimal-points',
      response: textResponse(null, {
        toolCalls: native.map((call) => ({ ...call, arguments: withDecimalPoints(call.arguments) })),
      }),
    },
  ];
}

function replyRenderings(reply: string): LabelledResponse[] {
  const texts: readonly (readonly [string, string])[] = [
    ['plain', reply],
    ['paired-think', `<think>\nNo call is right here.\n</think>\n\n${reply}`],
    ['close-only-think', `No call is right here.\n</think>\n\n${reply}`],
    ['upper-case', reply.toUpperCase()],
    ['bold', `**${reply}**`],
    ['with-prose', `Thank you for the request.\n\n${reply}\n\nLet me know.`],
    ['white-space', `\n\n  ${reply}  \n`],
    ['brackets', `(${reply})`],
  ];
  return [
    ...texts.map(([kind, text]) => ({ kind, response: textResponse(text) })),
    { kind: 'reasoning-field', response: textResponse(reply, { reasoning: 'No call is right here.' }) },
  ];
}

/** Other ways to ask for a detail. */
const otherQuestions = (name: string): readonly LabelledResponse[] =>
  [
    `Could you tell me the ${name}, please?`,
    `Please provide the ${name}.`,
    `I cannot do this yet: the ${name} is missing.`,
    `To do that I need one more detail:\n\n- **${name}**`,
    `Sure! Before I go on, what is the ${name}? Let me know if you have any other questions.`,
  ].map((text, index) => ({ kind: `question-${index + 1}`, response: textResponse(text) }));

/** Renderings of the right decision that must all count as right: key order, spelling of numbers, defaults, order of calls, thinking. */
export const rightResponses = ({ expected, gold }: Decision, format: ToolFormat): readonly LabelledResponse[] =>
  expected.kind === 'calls'
    ? callRenderings(expected.calls, gold.calls, format)
    : [
        ...replyRenderings(gold.reply),
        ...(expected.kind === 'ask' ? otherQuestions(expected.names[0] ?? expected.parameter) : []),
      ];
