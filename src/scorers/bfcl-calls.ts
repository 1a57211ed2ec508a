import type { ChatMessage, ToolDefinition } from '../core/message.ts';
import { defineScorer, type ScoringInput } from '../core/ports/scorer.ts';
import type { ToolFormat } from '../core/ports/task.ts';
import type { Measures, Scored } from '../core/score.ts';
import { parseTurnToolCalls } from '../text/tool-calls/parse-tool-calls.ts';
import type { ToolCallParse } from '../text/tool-calls/parsed-call.ts';
import { bfclCall, parseAnswers } from './support/bfcl/bfcl-answer.ts';
import { rightBfclResponses, wrongBfclResponses } from './support/bfcl/bfcl-responses.ts';
import { checkCorrected } from './support/bfcl/check-corrected.ts';
import { checkUpstream, type BfclQuestion } from './support/bfcl/check-upstream.ts';
import type { CallFault } from './support/tool-calling/judge-calls.ts';

/** What is asked: the conversation, the tools on offer, and the functions as the files describe them. */
export interface BfclInput extends BfclQuestion {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ToolDefinition[];
}

/** What is right: these calls, some call, or none. */
export type BfclTarget =
  | {
      readonly kind: 'calls';
      /** Ground truth as JSON text, because there 5 and 5.0 differ. */
      readonly answers: string;
    }
  | { readonly kind: 'some_call' }
  | { readonly kind: 'no_call' };

type Input = ScoringInput<BfclInput, BfclTarget>;

/** Both verdicts: null where the response is right. */
interface Verdicts {
  readonly upstream: CallFault | null;
  readonly corrected: CallFault | null;
}

const spurious: CallFault = { code: 'select.spurious_call', detail: 'a tool was called where none fits' };
const silent: CallFault = { code: 'extract.no_answer', detail: 'there is neither a call nor a text' };
const missing: CallFault = { code: 'select.no_call', detail: 'no tool was called' };
const unknown: CallFault = { code: 'select.unknown_tool', detail: 'a tool was called that is not on offer' };

function verdictsOf(parse: ToolCallParse, input: Input): Verdicts {
  const { target } = input.sample;
  const question = input.sample.input;
  const called = parse.strict.length > 0;
  if (target.kind === 'no_call') {
    // Upstream, what cannot be read is no call, and so is silence.
    const text = input.response.answer.trim();
    return {
      upstream: called ? spurious : null,
      corrected: parse.attempted ? spurious : text === '' ? silent : null,
    };
  }
  if (target.kind === 'some_call') {
    const isKnown = parse.strict.every(({ name }) => question.tools.some((tool) => tool.name === name));
    return { upstream: called ? null : missing, corrected: called ? (isKnown ? null : unknown) : missing };
  }
  const answers = parseAnswers(target.answers);
  const format: ToolFormat = input.settings.toolFormat ?? 'native';
  const calls = parse.strict.map((call) => bfclCall(call, format));
  return { upstream: checkUpstream(calls, answers, question), corrected: checkCorrected(calls, answers, question) };
}

function lenientVerdict(parse: ToolCallParse, input: Input): boolean {
  const { target } = input.sample;
  if (target.kind !== 'calls')
    return target.kind === 'some_call' ? parse.lenient.length > 0 : parse.lenient.length === 0;
  const format: ToolFormat = input.settings.toolFormat ?? 'native';
  const calls = parse.lenient.map((call) => bfclCall(call, format));
  return checkUpstream(calls, parseAnswers(target.answers), input.sample.input) === null;
}

function score(input: Input): Scored {
  const format: ToolFormat = input.settings.toolFormat ?? 'native';
  const parse = parseTurnToolCalls(input.response, { format, tools: input.sample.input.tools });
  const { upstream, corrected } = verdictsOf(parse, input);
  const isLenientRight = lenientVerdict(parse, input);
  const [first] = parse.strict.length > 0 ? parse.strict : parse.lenient;
  const measures: Measures = {
    upstream: upstream === null ? 1 : 0,
    corrected: corrected === null ? 1 : 0,
    lenient: isLenientRight ? 1 : 0,
    // Where no call is due, reading more calls is no gain.
    repair_gain: input.sample.target.kind === 'no_call' ? null : Number(isLenientRight) - Number(upstream === null),
    parsed_strict: parse.attempted ? Number(parse.strict.length > 0) : null,
    parsed_lenient: parse.attempted ? Number(parse.lenient.length > 0) : null,
  };
  const extraction =
    first === undefined
      ? null
      : {
          value: first.raw,
          method: parse.strict.length > 0 ? 'strict' : 'lenient',
          span: first.span,
          candidates: parse.lenient.length,
        };
  const faults: readonly CallFault[] = upstream === null ? [] : [...parse.problems, upstream];
  return {
    kind: 'scored',
    score: upstream === null ? 1 : 0,
    extraction,
    measures,
    codes: faults.map(({ code }) => code),
    explanation: faults[0]?.detail ?? null,
  };
}

/**
 * Judges a BFCL response. The score is the leaderboard's own verdict over what the family's standard parser reads; the verdict by meaning
 * stands beside it as the measure `corrected`.
 */
export default defineScorer<BfclInput, BfclTarget>({
  id: 'bfcl-calls',
  version: 2,
  score,
  gold: (sample, settings) => rightBfclResponses(sample.target, sample.input, settings.toolFormat ?? 'native'),
  wrong: (sample, settings) => wrongBfclResponses(sample.target, sample.input, settings.toolFormat ?? 'native'),
});
