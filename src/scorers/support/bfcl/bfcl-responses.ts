import type { JsonObject } from '../../../core/json.ts';
import type { ToolDefinition } from '../../../core/message.ts';
import type { LabelledResponse } from '../../../core/ports/scorer.ts';
import type { ToolFormat } from '../../../core/ports/task.ts';
import type { SampleResponse } from '../../../core/response.ts';
import { textResponse } from '../../../text/assistant-turn.ts';
import type { CallToWrite } from '../../../text/tool-calls/format-tool-calls.ts';
import { schemaExample } from '../schema-example.ts';
import { callResponse, callText, type CallSurroundings } from '../tool-calling/write-calls.ts';
import { answersAsCalls, parseAnswers, type AnswerChoice } from './bfcl-answer.ts';
import type { BfclQuestion } from './check-upstream.ts';
import { formatPythonJson } from './python-value.ts';

type Target =
  | { readonly kind: 'calls'; readonly answers: string }
  | { readonly kind: 'some_call' }
  | { readonly kind: 'no_call' };

interface Offer extends BfclQuestion {
  readonly tools: readonly ToolDefinition[];
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const exampleCall = (tool: ToolDefinition): CallToWrite => {
  const values = schemaExample(tool.parameters);
  return { name: tool.name, arguments: isObject(values) ? values : {} };
};

// The ground truth tells 5.0 from 5, so what is made of it must too.
const respond = (calls: readonly CallToWrite[], format: ToolFormat, around: CallSurroundings = {}): SampleResponse =>
  callResponse(calls, format, { ...around, write: formatPythonJson });

const thought = 'The question is clear, so I know what to do.';

function callRenderings(calls: readonly CallToWrite[], format: ToolFormat): LabelledResponse[] {
  const reversedKeys = calls.map(({ name, arguments: values }) => ({
    name,
    arguments: Object.fromEntries(Object.entries(values).toReversed()),
  }));
  return [
    { kind: 'plain', response: respond(calls, format) },
    { kind: 'after-prose', response: respond(calls, format, { prose: 'Let me call that.' }) },
    { kind: 'paired-think', response: respond(calls, format, { thinking: `<think>\n${thought}\n</think>\n\n` }) },
    { kind: 'close-only-think', response: respond(calls, format, { thinking: `${thought}\n</think>\n\n` }) },
    {
      kind: 'draft-in-think',
      response: respond(calls, format, {
        thinking: `<think>\n${callText(calls, format, formatPythonJson)}\n</think>\n`,
      }),
    },
    { kind: 'reasoning-field', response: respond(calls, format, { reasoning: thought }) },
    { kind: 'keys-reversed', response: respond(reversedKeys, format) },
    { kind: 'finish-stop', response: respond(calls, format, { finishReason: 'stop' }) },
  ];
}

function replyRenderings(): LabelledResponse[] {
  const reply = 'None of the functions can do that.';
  return [
    { kind: 'reply', response: textResponse(reply) },
    { kind: 'question', response: textResponse('Could you tell me more about what you need?') },
    { kind: 'paired-think', response: textResponse(`<think>\n${thought}\n</think>\n\n${reply}`) },
    { kind: 'reasoning-field', response: textResponse(reply, { reasoning: thought }) },
  ];
}

/** The right answer in many renderings: the first acceptable values, the last ones, and as few parameters as may be given. */
export function rightBfclResponses(target: Target, offer: Offer, format: ToolFormat): readonly LabelledResponse[] {
  if (target.kind === 'no_call') return replyRenderings();
  if (target.kind === 'some_call') return callRenderings(offer.tools.slice(0, 1).map(exampleCall), format);
  const answers = parseAnswers(target.answers);
  const choose = (choice: AnswerChoice): readonly CallToWrite[] => answersAsCalls(answers, choice, offer);
  return [
    ...callRenderings(choose('first'), format),
    { kind: 'last-values', response: respond(choose('last'), format) },
    { kind: 'fewest-parameters', response: respond(choose('fewest'), format) },
  ];
}

/** Wrong answers of known kind. What the leaderboard's rules accept by mistake (silence where no call is due) is not among them. */
export function wrongBfclResponses(target: Target, offer: Offer, format: ToolFormat): readonly LabelledResponse[] {
  const [firstTool] = offer.tools;
  const example = firstTool === undefined ? null : exampleCall(firstTool);
  if (target.kind === 'no_call') {
    if (example === null) return [];
    return [
      { kind: 'spurious-call', response: respond([example], format) },
      { kind: 'call-after-prose', response: respond([example], format, { prose: 'Let me try.' }) },
      {
        kind: 'call-after-think',
        response: respond([example], format, { thinking: `<think>\n${thought}\n</think>\n` }),
      },
    ];
  }
  const nothing: LabelledResponse[] = [
    { kind: 'empty', response: textResponse('') },
    { kind: 'refusal', response: textResponse("I'm sorry, but I can't help with that.") },
    { kind: 'narrated', response: textResponse(`I will now call ${firstTool?.name ?? 'a function'}.`) },
  ];
  if (target.kind === 'some_call') return nothing;
  const calls = answersAsCalls(parseAnswers(target.answers), 'first', offer);
  const [first, ...rest] = calls;
  if (first === undefined) return nothing;
  const text = callText(calls, format, formatPythonJson);
  return [
    ...nothing,
    { kind: 'duplicate-call', response: respond([...calls, first], format) },
    { kind: 'dropped-call', response: rest.length > 0 ? callResponse(rest, format) : textResponse('It is done.') },
    { kind: 'unknown-tool', response: respond([{ ...first, name: `${first.name}_v2` }, ...rest], format) },
    {
      kind: 'unexpected-parameter',
      response: respond([{ ...first, arguments: { ...first.arguments, extra_option: 'x' } }, ...rest], format),
    },
    { kind: 'truncated', response: textResponse(text.slice(0, -30), { finishReason: 'length' }) },
    { kind: 'call-in-think', response: textResponse(`<think>\n${text}\n</think>\nDone.`) },
    { kind: 'unclosed-think', response: textResponse(`<think>\n${text}`) },
    { kind: 'fenced', response: textResponse(`\`\`\`json\n${JSON.stringify(first)}\n\`\`\``) },
  ];
}
