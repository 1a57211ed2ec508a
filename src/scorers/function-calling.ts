import type { ChatMessage, ToolDefinition } from '../core/message.ts';
import { defineScorer, type ScoringInput } from '../core/ports/scorer.ts';
import type { ToolFormat } from '../core/ports/task.ts';
import type { Extraction, Measures, Scored } from '../core/score.ts';
import { parseTurnToolCalls } from '../text/tool-calls/parse-tool-calls.ts';
import type { ParsedCall, ToolCallParse } from '../text/tool-calls/parsed-call.ts';
import { rightResponses } from './support/tool-calling/right-responses.ts';
import { wrongResponses } from './support/tool-calling/wrong-responses.ts';
import { judgeCalls, type CallFault, type CallJudgement } from './support/tool-calling/judge-calls.ts';
import { replyFaults } from './support/tool-calling/judge-reply.ts';
import type { GoldDecision, ToolExpectation } from './support/tool-calling/tool-expectation.ts';

/** What is asked: the conversation and the tools on offer. */
export interface FunctionCallingInput {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ToolDefinition[];
  /** Difficulty, 0 the easiest. */
  readonly level: number;
}

/** The right decision, and it written out as calls for the certificate. */
export interface FunctionCallingTarget {
  readonly expected: ToolExpectation;
  readonly gold: GoldDecision;
}

type Input = ScoringInput<FunctionCallingInput, FunctionCallingTarget>;

interface Verdict {
  readonly isRight: boolean;
  readonly faults: readonly CallFault[];
  readonly judgement: CallJudgement | null;
}

/** Judges one reading of the calls; a text that tries to call a tool is never a reply without a call. */
function verdictOf(calls: readonly ParsedCall[], attempted: boolean, input: Input): Verdict {
  const { expected } = input.sample.target;
  const { tools } = input.sample.input;
  if (expected.kind === 'calls') {
    const judgement = judgeCalls(expected.calls, calls, tools);
    return { isRight: judgement.isRight, faults: judgement.faults, judgement };
  }
  const judgement = calls.length === 0 ? null : judgeCalls([], calls, tools);
  const spurious: CallFault = { code: 'select.spurious_call', detail: 'a tool was called where none should be' };
  const faults = attempted ? [spurious] : replyFaults(input.response.answer, expected);
  return { isRight: faults.length === 0, faults, judgement };
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

function measuresOf(parse: ToolCallParse, verdicts: { strict: Verdict; lenient: Verdict }, input: Input): Measures {
  const { expected } = input.sample.target;
  const { strict, lenient } = verdicts;
  const called = parse.lenient.length;
  const { judgement } = lenient;
  return {
    strict: strict.isRight ? 1 : 0,
    lenient: lenient.isRight ? 1 : 0,
    repair_gain: Number(lenient.isRight) - Number(strict.isRight),
    should_call: expected.kind === 'calls' ? 1 : 0,
    did_call: parse.attempted ? 1 : 0,
    parsed_strict: parse.attempted ? Number(parse.strict.length > 0) : null,
    parsed_lenient: parse.attempted ? Number(called > 0) : null,
    tool_selected:
      expected.kind !== 'calls' || judgement === null
        ? null
        : judgement.selectedTools / Math.max(expected.calls.length, called),
    arguments_right: judgement === null ? null : share(judgement.arguments.right, judgement.arguments.total),
    schema_valid: judgement === null ? null : share(judgement.validCalls, called),
    hallucinated: judgement === null ? null : share(judgement.unknownCalls, called),
    level: input.sample.input.level,
  };
}

function extractionOf(parse: ToolCallParse): Extraction | null {
  const calls = parse.strict.length > 0 ? parse.strict : parse.lenient;
  const [first] = calls;
  if (first === undefined) return null;
  const method =
    parse.strict.length > 0 ? 'strict' : `lenient:${[...new Set(calls.flatMap(({ repairs }) => repairs))].join('+')}`;
  const value = calls.map(({ name, raw }) => (raw.includes(name) ? raw : `${name} ${raw}`)).join('\n');
  return { value, method, span: first.span, candidates: calls.length };
}

function score(input: Input): Scored {
  const format: ToolFormat = input.settings.toolFormat ?? 'native';
  const parse = parseTurnToolCalls(input.response, { format, tools: input.sample.input.tools });
  const strict = verdictOf(parse.strict, parse.attempted, input);
  const lenient = verdictOf(parse.lenient, parse.attempted, input);
  const measures = measuresOf(parse, { strict, lenient }, input);
  const extraction = extractionOf(parse);
  if (strict.isRight) return { kind: 'scored', score: 1, extraction, measures, codes: [], explanation: null };
  // Where only the form is wrong, the calls themselves have no fault to tell.
  const faults: readonly CallFault[] = [...parse.problems, ...lenient.faults];
  const [{ detail: explanation } = { detail: null }] = faults;
  return {
    kind: 'scored',
    score: 0,
    extraction,
    measures,
    codes: faults.map(({ code }) => code),
    explanation,
  };
}

/**
 * Judges a single decision about tools: every expected call made once (maximum matching), no other call, all valid by schema, each
 * argument right by its own matcher; or no call and a reply, which asks for the missing detail where there is one. The score is the strict
 * verdict, after the family's standard parser; the lenient one and its gain stand in the measures.
 */
export default defineScorer<FunctionCallingInput, FunctionCallingTarget>({
  id: 'function-calling',
  version: 2,
  score,
  gold: (sample, settings) => rightResponses(sample.target, settings.toolFormat ?? 'native'),
  wrong: (sample, settings) => wrongResponses(sample.target, sample.input, settings.toolFormat ?? 'native'),
});
