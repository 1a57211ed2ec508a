import type { ToolCall, ToolDefinition } from '../../core/message.ts';
import type { AssistantTurn } from '../../core/response.ts';
import type { CallContext, CallReading, ParsedCall, ToolCallParse, ToolCallProblem } from './parsed-call.ts';
import { noReading } from './parsed-call.ts';
import { readForeignCalls } from './read-foreign-calls.ts';
import { readHermesCalls } from './read-hermes-calls.ts';
import { readNativeCalls } from './read-native-calls.ts';
import { readXmlCalls } from './read-xml-calls.ts';

export interface ToolCallOptions {
  /** The format the prompt asked for. */
  readonly format: 'native' | 'hermes' | 'xml';
  readonly tools: readonly ToolDefinition[];
  /** Calls that came in their own field; a server may also parse the text of a prompt format. */
  readonly nativeCalls?: readonly ToolCall[];
  /** Thinking of the turn: a call drafted there is explained, never counted. */
  readonly reasoning?: string | null;
  /** True when the token limit ended the turn. */
  readonly isTruncated?: boolean;
}

const isClean = (reading: CallReading): boolean =>
  reading.problems.length === 0 && reading.calls.every(({ repairs }) => repairs.length === 0);

/** Thinking tags inside a call are a reasoning parser's fault. */
function leaksOf(calls: readonly ParsedCall[]): ToolCallProblem[] {
  return calls
    .filter(({ raw }) => /<\/?think(?:ing)?>/.test(raw))
    .map(({ span, name }) => ({
      code: 'format_mismatch.think_leak',
      span,
      detail: `the call of ${name} contains a thinking tag`,
    }));
}

function draftInThinking(options: ToolCallOptions, context: CallContext): ToolCallProblem[] {
  const { reasoning } = options;
  if (reasoning === null || reasoning === undefined || reasoning === '') return [];
  const readings = [readHermesCalls(reasoning, context), readXmlCalls(reasoning, context)];
  const drafts = readings.flatMap(({ calls }) => calls);
  const draft = drafts.find(({ name }) => options.tools.some((tool) => tool.name === name));
  if (draft === undefined) return [];
  return [
    {
      code: 'format_mismatch.call_in_think',
      span: [0, 0],
      detail: `a call of ${draft.name} stands inside the thinking`,
    },
  ];
}

function readText(answerText: string, format: ToolCallOptions['format'], context: CallContext): CallReading {
  if (format === 'xml') return readXmlCalls(answerText, context);
  if (format === 'native') return noReading;
  const hermes = readHermesCalls(answerText, context);
  // A Hermes tag around XML is the other format, not bad JSON.
  return hermes.calls.length === 0 && answerText.includes('<function=') ? noReading : hermes;
}

/** The text comes first in a prompt format, because it is the evidence; a server may have taken the calls out of it. */
function readOwn(answerText: string, options: ToolCallOptions, context: CallContext): CallReading {
  const text = readText(answerText, options.format, context);
  return text.attempted ? text : readNativeCalls(options.nativeCalls ?? [], context);
}

/**
 * Reads the tool calls of an answer (thinking already taken out) in the format in force and draws two verdicts. `strict` is what the
 * family's standard parser would pass on: complete tags, plain JSON, one call a tag, void when any block is malformed. `lenient` adds
 * named repairs and calls written in another known format; it never mends across a truncation or changes a value. Linear; never throws.
 */
export function parseToolCalls(answerText: string, options: ToolCallOptions): ToolCallParse {
  const context: CallContext = { tools: options.tools, isTruncated: options.isTruncated ?? false };
  const own = readOwn(answerText, options, context);
  if (own.attempted) {
    const leaks = leaksOf(own.calls);
    return {
      strict: isClean(own) && leaks.length === 0 ? own.calls : [],
      lenient: own.calls,
      problems: [...own.problems, ...leaks],
      attempted: true,
    };
  }
  const foreign = readForeignCalls(answerText, options.format, context);
  const problems = foreign.attempted ? foreign.problems : draftInThinking(options, context);
  return { strict: [], lenient: foreign.calls, problems, attempted: foreign.attempted };
}

/** Reads the tool calls of one assistant turn; a turn whose thinking never ended has no answer and so no calls. */
export const parseTurnToolCalls = (
  turn: AssistantTurn,
  options: Pick<ToolCallOptions, 'format' | 'tools'>,
): ToolCallParse =>
  parseToolCalls(turn.answer, {
    ...options,
    nativeCalls: turn.toolCalls,
    reasoning: turn.reasoning,
    isTruncated: turn.finishReason === 'length',
  });
