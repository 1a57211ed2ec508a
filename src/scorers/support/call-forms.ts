import type { ToolDefinition } from '../../core/message.ts';
import type { TaskSettings } from '../../core/ports/task.ts';
import type { AssistantTurn } from '../../core/response.ts';
import type { Measures } from '../../core/score.ts';
import { parseTurnToolCalls } from '../../text/tool-calls/parse-tool-calls.ts';
import type { ToolCallParse, ToolCallProblem } from '../../text/tool-calls/parsed-call.ts';

interface CallFormat {
  readonly format: TaskSettings['toolFormat'];
  readonly tools: readonly ToolDefinition[];
}

const parseOf = (turn: AssistantTurn, { format, tools }: CallFormat): ToolCallParse =>
  parseTurnToolCalls(turn, { format: format ?? 'native', tools });

/** What is wrong with the form in which a turn wrote its calls; empty where it wrote none or wrote them well. */
export const callProblems = (turn: AssistantTurn, format: CallFormat): readonly ToolCallProblem[] =>
  parseOf(turn, format).problems;

/** Shares of the turns with a call, or an attempt at one, that the standard parser reads, and that can be read with repairs; null without such a turn. */
export function callForms(turns: readonly AssistantTurn[], format: CallFormat): Measures {
  const attempts = turns.map((turn) => parseOf(turn, format)).filter(({ attempted }) => attempted);
  const share = (reading: 'strict' | 'lenient'): number | null =>
    attempts.length === 0 ? null : attempts.filter((attempt) => attempt[reading].length > 0).length / attempts.length;
  return { parsed_strict: share('strict'), parsed_lenient: share('lenient') };
}
