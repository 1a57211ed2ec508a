import type { Json, JsonObject, JsonSchema } from '../../../core/json.ts';
import type { ChatMessage, ToolDefinition } from '../../../core/message.ts';
import type { LabelledResponse } from '../../../core/ports/scorer.ts';
import type { ToolFormat } from '../../../core/ports/task.ts';
import type { SampleResponse } from '../../../core/response.ts';
import { textResponse } from '../../../text/assistant-turn.ts';
import { formatSpacedJson, formatXmlCalls, type CallToWrite } from '../../../text/tool-calls/format-tool-calls.ts';
import { jsonCorruptions } from '../json-corruptions.ts';
import { schemaExample } from '../schema-example.ts';
import { foreignCalls, foreignForms } from './foreign-calls.ts';
import { otherValue } from './mutate-value.ts';
import type { GoldDecision, ToolExpectation } from './tool-expectation.ts';
import { matchesValue } from './value-matcher.ts';
import { callResponse, callText, spoiledResponse } from './write-calls.ts';

interface Decision {
  readonly expected: ToolExpectation;
  readonly gold: GoldDecision;
}

interface Offer {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ToolDefinition[];
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What every mutation may use: the calls that would be right, and the place they are written for. */
interface Place {
  readonly calls: readonly CallToWrite[];
  readonly first: CallToWrite;
  readonly expected: ToolExpectation;
  readonly tools: readonly ToolDefinition[];
  readonly format: ToolFormat;
}

const schemaOf = ({ tools, first }: Place, key: string): JsonSchema | undefined => {
  const tool = tools.find(({ name }) => name === first.name);
  const properties = isObject(tool?.parameters) ? tool.parameters.properties : undefined;
  return isObject(properties) ? (properties[key] as JsonSchema | undefined) : undefined;
};

const requiredOf = ({ tools, first }: Place): readonly string[] => {
  const tool = tools.find(({ name }) => name === first.name);
  const required = isObject(tool?.parameters) ? tool.parameters.required : undefined;
  return Array.isArray(required) ? (required as readonly string[]) : [];
};

/** The right calls with other arguments in the first one. */
const withArguments = ({ calls, first, format }: Place, values: JsonObject): SampleResponse =>
  callResponse([{ name: first.name, arguments: values }, ...calls.slice(1)], format);

const entriesOf = ({ first }: Place): [string, Json][] => Object.entries(first.arguments);

/** An agent that reads the schema and not the request: example values. */
const copiedCall = ({ name, parameters }: ToolDefinition): CallToWrite => {
  const values = schemaExample(parameters);
  return { name, arguments: isObject(values) ? values : {} };
};

/** As many tools as it takes to show the mistake: each costs a schema to compile. */
const someOf = (tools: readonly ToolDefinition[]): readonly ToolDefinition[] => tools.slice(0, 4);

type Mutation = (place: Place) => SampleResponse | null;

/** True when the changed value is really wrong: an equivalent mutant proves nothing. */
const isWrongNow = ({ expected }: Place, key: string, value: Json): boolean =>
  expected.kind === 'calls' &&
  expected.calls.every((call) => !matchesValue(call.arguments[key] ?? { kind: 'absent' }, value));

const changedValue: Mutation = (place) => {
  for (const [key, value] of entriesOf(place).toReversed()) {
    const other = otherValue(value, schemaOf(place, key));
    if (other === undefined || !isWrongNow(place, key, other)) continue;
    return withArguments(place, { ...place.first.arguments, [key]: other });
  }
  return null;
};

const changedNumber =
  (write: (value: number) => Json): Mutation =>
  (place) => {
    const number = entriesOf(place).find(([, value]) => typeof value === 'number');
    if (number === undefined) return null;
    return withArguments(place, { ...place.first.arguments, [number[0]]: write(Number(number[1])) });
  };

const selection: Readonly<Record<string, Mutation>> = {
  'drop-call': ({ calls, format }) => (calls.length < 2 ? null : callResponse(calls.slice(1), format)),
  'duplicate-call': ({ calls, first, format }) => callResponse([...calls, first], format),
  'extra-call': ({ calls, tools, format }) => {
    const other = tools.at(-1);
    return other === undefined ? null : callResponse([...calls, copiedCall(other)], format);
  },
  'unknown-tool': ({ calls, first, format }) =>
    callResponse([{ ...first, name: `${first.name}_v2` }, ...calls.slice(1)], format),
  'wrong-tool': ({ calls, first, tools, format }) => {
    const used = new Set(calls.map(({ name }) => name));
    const other = tools.find(({ name }) => !used.has(name));
    return other === undefined ? null : callResponse([{ ...first, name: other.name }, ...calls.slice(1)], format);
  },
  'call-every-tool': ({ tools, format }) =>
    tools.length < 2
      ? null
      : callResponse(
          someOf(tools).map((tool) => copiedCall(tool)),
          format,
        ),
  'copy-schema': ({ tools, format }) => {
    const [tool] = tools;
    return tool === undefined ? null : callResponse([copiedCall(tool)], format);
  },
};

const argumentsWrong: Readonly<Record<string, Mutation>> = {
  'wrong-value': changedValue,
  'swapped-values': (place) => {
    const texts = entriesOf(place).filter(
      ([key, value]) =>
        typeof value === 'string' &&
        Object.keys((schemaOf(place, key) as JsonObject | undefined) ?? {}).every(
          (rule) => rule === 'type' || rule === 'description',
        ),
    );
    const [a, b] = texts;
    if (a === undefined || b === undefined || !isWrongNow(place, a[0], b[1])) return null;
    return withArguments(place, { ...place.first.arguments, [a[0]]: b[1], [b[0]]: a[1] });
  },
  // Text that looks like the number is the number in XML, where nothing is typed.
  'number-as-text': (place) => (place.format === 'xml' ? null : changedNumber(String)(place)),
  'number-as-word': changedNumber(() => 'several'),
  'below-minimum': (place) => {
    const bounded = entriesOf(place).find(([key]) => {
      const schema = schemaOf(place, key);
      return isObject(schema) && typeof schema.minimum === 'number';
    });
    if (bounded === undefined) return null;
    const schema = schemaOf(place, bounded[0]) as JsonObject;
    return withArguments(place, { ...place.first.arguments, [bounded[0]]: Number(schema.minimum) - 1 });
  },
  'missing-required': (place) => {
    const [key] = requiredOf(place);
    if (key === undefined) return null;
    return withArguments(place, Object.fromEntries(entriesOf(place).filter(([name]) => name !== key)));
  },
  'unexpected-parameter': (place) => withArguments(place, { ...place.first.arguments, extra_option: 'yes' }),
  'bad-enum': (place) => {
    const key = entriesOf(place).find(
      ([name]) => isObject(schemaOf(place, name)) && 'enum' in (schemaOf(place, name) as JsonObject),
    )?.[0];
    return key === undefined ? null : withArguments(place, { ...place.first.arguments, [key]: 'somewhat' });
  },
  placeholder: (place) => {
    const key = entriesOf(place).find(
      ([name, value]) =>
        typeof value === 'string' &&
        Object.keys((schemaOf(place, name) as JsonObject | undefined) ?? {}).every(
          (rule) => rule === 'type' || rule === 'description',
        ),
    )?.[0];
    return key === undefined ? null : withArguments(place, { ...place.first.arguments, [key]: `your_${key}` });
  },
  'arguments-as-list': (place) => {
    const { first, format } = place;
    if (format === 'xml') return null;
    const list = formatSpacedJson(Object.values(first.arguments));
    if (format === 'native') return spoiledResponse(first, format, () => list);
    return textResponse(`<tool_call>\n{"name": "${first.name}", "arguments": ${list}}\n</tool_call>`);
  },
};

const cut = (text: string): string => text.slice(0, Math.max(1, text.lastIndexOf('"') - 1));

const formWrong: Readonly<Record<string, Mutation>> = {
  truncated: ({ first, format }) => {
    if (format === 'native') {
      const json = cut(formatSpacedJson(first.arguments));
      return textResponse(null, {
        toolCalls: [{ id: 'call_1', name: first.name, arguments: json }],
        finishReason: 'length',
      });
    }
    const text = callText([first], format);
    const shortened = format === 'xml' ? text.slice(0, text.lastIndexOf('</parameter>') - 1) : cut(text);
    return textResponse(shortened, { finishReason: 'length' });
  },
  'call-in-think': ({ calls, format }) => textResponse(`<think>\n${callText(calls, format)}\n</think>\nIt is done.`),
  'unclosed-think': ({ calls, format }) => textResponse(`<think>\nI will call it.\n${callText(calls, format)}`),
  'double-encoded': ({ first, format }) => {
    if (format === 'xml') return null;
    const encoded = JSON.stringify(JSON.stringify(first.arguments));
    if (format === 'native') return spoiledResponse(first, format, () => encoded);
    return textResponse(`<tool_call>\n{"name": "${first.name}", "arguments": ${encoded}}\n</tool_call>`);
  },
  ...Object.fromEntries(
    foreignForms(null).map((form): [string, Mutation] => [
      form.replace('_', '-'),
      ({ calls, format }) => (foreignForms(format).includes(form) ? textResponse(foreignCalls[form](calls)) : null),
    ]),
  ),
  pythonic: ({ first }) =>
    textResponse(
      `[${first.name}(${Object.entries(first.arguments)
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join(', ')})]`,
    ),
  react: ({ first }) =>
    textResponse(`Thought: one call.\nAction: ${first.name}\nAction Input: ${JSON.stringify(first.arguments)}`),
  narrated: ({ first }) => textResponse(`I will now call ${first.name} with the details from your request.`),
  'xml-without-opening-tag': ({ calls, format }) =>
    format === 'xml' ? textResponse(formatXmlCalls(calls).replaceAll('<tool_call>\n', '')) : null,
  'xml-without-closing-tags': ({ calls, format }) =>
    format === 'xml' ? textResponse(formatXmlCalls(calls).replaceAll('\n</function>\n</tool_call>', '')) : null,
};

const nothing: Readonly<Record<string, Mutation>> = {
  empty: () => textResponse(''),
  'null-content': () => textResponse(null),
  ok: () => textResponse('OK'),
  refusal: () => textResponse("I'm sorry, but I can't help with that."),
};

const corruptions: Readonly<Record<string, Mutation>> = Object.fromEntries(
  jsonCorruptions.map(({ code, spoil }) => [
    `json-${code.replaceAll('_', '-')}`,
    ({ first, format }: Place) => (format === 'xml' ? null : spoiledResponse(first, format, spoil)),
  ]),
);

const labelled = (place: Place, mutations: Readonly<Record<string, Mutation>>): LabelledResponse[] =>
  Object.entries(mutations).flatMap(([kind, mutate]) => {
    const response = mutate(place);
    return response === null ? [] : [{ kind, response }];
  });

const echo = ({ messages }: Offer): SampleResponse =>
  textResponse(messages.findLast(({ role }) => role === 'user')?.content ?? '');

/** Ways to try a call that are as wrong where none may be made. */
const attempted = new Set(['fenced', 'bare-json', 'tools-tag', 'pythonic', 'react', 'truncated']);

/** Where no call may be made, any attempt at one is wrong, and so is silence; a question that is missing is wrong where one is due. */
function replyMutants({ expected }: Decision, offer: Offer, format: ToolFormat): LabelledResponse[] {
  const calls = someOf(offer.tools).map((tool) => copiedCall(tool));
  const [first] = calls;
  const place = first === undefined ? null : { calls: [first], first, expected, tools: offer.tools, format };
  const attempts =
    place === null
      ? []
      : [
          { kind: 'spurious-call', response: callResponse([place.first], format) },
          { kind: 'call-every-tool', response: callResponse(calls, format) },
          { kind: 'call-after-prose', response: callResponse([place.first], format, { prose: 'Let me try.' }) },
          ...labelled(place, Object.fromEntries(Object.entries(formWrong).filter(([kind]) => attempted.has(kind)))),
          ...labelled(place, corruptions),
        ];
  const silences = [
    textResponse(''),
    textResponse(null),
    textResponse(' \n'),
    textResponse('<think>\nWhich one?\n</think>'),
    textResponse('<think>\nWhich one?'),
  ];
  const empties = silences.map((response, index) => ({ kind: `silence-${index + 1}`, response }));
  if (expected.kind !== 'ask') return [...empties, ...attempts];
  const everything = [expected, ...expected.given].flatMap(({ names }) => names.slice(0, 1)).join(', ');
  return [
    ...empties,
    ...attempts,
    { kind: 'echo', response: echo(offer) },
    { kind: 'ok', response: textResponse('OK') },
    { kind: 'refusal', response: textResponse("I'm sorry, but I can't help with that.") },
    { kind: 'claims-success', response: textResponse('It is done.') },
    {
      kind: 'claims-with-detail',
      response: textResponse(
        `It is done. The ${expected.names[0] ?? ''} was the usual one. Let me know when you need anything else.`,
      ),
    },
    ...(expected.given.length < 2
      ? []
      : [{ kind: 'list-everything', response: textResponse(`Please give me ${everything}.`) }]),
  ];
}

/** Wrong responses of known kind: agents that do nothing or the same thing always, and each mutation that applies to this sample. */
export function wrongResponses(decision: Decision, offer: Offer, format: ToolFormat): readonly LabelledResponse[] {
  const { expected, gold } = decision;
  const [first] = gold.calls;
  if (expected.kind !== 'calls' || first === undefined) return replyMutants(decision, offer, format);
  const place: Place = { calls: gold.calls, first, expected, tools: offer.tools, format };
  return [
    ...labelled(place, { ...nothing, ...selection, ...argumentsWrong, ...formWrong, ...corruptions }),
    { kind: 'echo', response: echo(offer) },
  ];
}
