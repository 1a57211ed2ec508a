import type { FailureCode } from '../../core/failure-code.ts';
import type { Json } from '../../core/json.ts';
import type { ChatMessage, ToolCall } from '../../core/message.ts';
import type { Dialogue, TaskSettings } from '../../core/ports/task.ts';
import type { AssistantTurn } from '../../core/response.ts';
import { callProblems } from '../support/call-forms.ts';
import { schemaIssues } from '../support/json-schema.ts';
import { callArguments, toolMessage, turnCalls } from '../support/turn-calls.ts';
import { stateFacts, type StateFacts } from './canonical-state.ts';
import type { MissionInput } from './mission.ts';
import { startSimulation, ToolError, type Simulation } from './simulation.ts';
import { toolsOf } from './worlds.ts';
import { withDefaults, type Arguments, type WorldTool } from './world.ts';

/** One call that was made, and what came of it. */
export interface CallRecord {
  readonly name: string;
  readonly arguments: string;
  /** Error code of the answer; null when the call worked. */
  readonly error: string | null;
  /** What was wrong with the call itself; null when it was valid. */
  readonly invalid: FailureCode | null;
  readonly isWrite: boolean;
}

/** How a mission ended. */
export interface MissionOutcome {
  readonly calls: readonly CallRecord[];
  readonly facts: StateFacts;
  /** Texts of the prohibition that were broken, one a call. */
  readonly forbidden: readonly string[];
  /** Last report of impossibility; null when none was made. */
  readonly report: { readonly reason: string; readonly entity: string } | null;
  readonly overBudget: boolean;
  /** True when the last call was repeated three times or more in a row. */
  readonly looped: boolean;
  /** The turn without calls that ended it; null when it was cut. */
  readonly last: AssistantTurn | null;
}

/** A mission under way. */
export interface Mission extends Dialogue {
  outcome(): MissionOutcome;
}

interface State {
  readonly world: Simulation;
  readonly calls: CallRecord[];
  readonly forbidden: string[];
  report: MissionOutcome['report'];
  overBudget: boolean;
  last: AssistantTurn | null;
}

/** Equal calls in a row that make a loop, and that end a mission. */
const loopFrom = 3;
const mostRepeats = 8;

/** The tools of a mission by name. */
export const missionTools = (input: MissionInput): readonly WorldTool[] =>
  toolsOf(input.world).filter(({ definition }) => input.tools.includes(definition.name));

/** Opens the world of a mission. It answers calls, each error in structured form, until the model answers without one or the budget is spent. */
export function openMission(input: MissionInput, settings: Pick<TaskSettings, 'toolFormat'>): Mission {
  const tools = missionTools(input);
  const definitions = tools.map(({ definition }) => definition);
  const state: State = {
    world: startSimulation(input.tables, input.faults),
    calls: [],
    forbidden: [],
    report: null,
    overBudget: false,
    last: null,
  };
  return {
    next(turn) {
      const calls = turnCalls(turn, { format: settings.toolFormat, tools: definitions });
      if (calls.length === 0 || state.last !== null) {
        state.last ??= turn;
        return { kind: 'end', reason: 'the model answered' };
      }
      const messages: ChatMessage[] = [];
      for (const call of calls) {
        if (state.calls.length >= input.callBudget) {
          state.overBudget = true;
          return { kind: 'end', reason: `more than ${input.callBudget} calls` };
        }
        messages.push(toolMessage(call, JSON.stringify(answerCall(call, { state, tools, input, turn }))));
      }
      if (repeatsOf(state.calls) >= mostRepeats) return { kind: 'end', reason: 'the same call again and again' };
      return { kind: 'continue', messages };
    },
    outcome: () => ({
      calls: state.calls,
      facts: stateFacts(state.world),
      forbidden: state.forbidden,
      report: state.report,
      overBudget: state.overBudget,
      looped: repeatsOf(state.calls) >= loopFrom,
      last: state.last,
    }),
  };
}

/** How often the last call was made in a row. */
function repeatsOf(calls: readonly CallRecord[]): number {
  const last = calls.at(-1);
  const other = calls.findLastIndex((call) => call.name !== last?.name || call.arguments !== last.arguments);
  return calls.length - 1 - other;
}

interface Answering {
  readonly state: State;
  readonly tools: readonly WorldTool[];
  readonly input: MissionInput;
  readonly turn: AssistantTurn;
}

/** Carries out one call; what is wrong with it becomes part of the answer. */
function answerCall(call: ToolCall, { state, tools, input, turn }: Answering): Json {
  const tool = tools.find(({ definition }) => definition.name === call.name);
  const given = callArguments(call);
  const record = { name: call.name, arguments: call.arguments.slice(0, 2_000), isWrite: tool?.isWrite ?? false };
  const refuse = (invalid: FailureCode, message: string): Json => {
    state.calls.push({ ...record, error: 'invalid_call', invalid });
    return { error: 'invalid_call', message };
  };
  if (!tool) return refuse('select.unknown_tool', `there is no tool ${call.name}`);
  if (given === null) {
    const [problem] = callProblems({ ...turn, toolCalls: [call] }, { format: 'native', tools: [tool.definition] });
    return refuse(problem?.code ?? 'args.not_object', 'the arguments are no JSON object');
  }
  const [issue] = schemaIssues(tool.definition.parameters, given as Json);
  if (issue) return refuse(issue.code, issue.message);
  const seen = (state.world.calls.get(call.name) ?? 0) + 1;
  state.world.calls.set(call.name, seen);
  if (input.faults.unavailable.some((fault) => fault.tool === call.name && fault.call === seen)) {
    state.calls.push({ ...record, error: 'unavailable', invalid: null });
    return { error: 'unavailable', status: 503, message: 'try again' };
  }
  const filled = withDefaults(tool, given as Arguments);
  try {
    const result = tool.run(state.world, filled);
    state.calls.push({ ...record, error: null, invalid: null });
    noteEffect(tool, filled, { state, input });
    return result;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    state.calls.push({ ...record, error: error.code, invalid: null });
    return { error: error.code, message: error.message, ...error.extra };
  }
}

function noteEffect(tool: WorldTool, given: Arguments, { state, input }: Pick<Answering, 'state' | 'input'>): void {
  if (tool.definition.name === 'report_impossible') {
    state.report = { reason: String(given['reason_code']), entity: String(given['blocking_entity']) };
  }
  const rule = input.prohibition;
  if (!tool.isWrite || rule === null) return;
  const subject = tool.subject === null ? null : String(given[tool.subject]);
  if (rule.tools.includes(tool.definition.name) || (subject !== null && rule.ids.includes(subject)))
    state.forbidden.push(rule.text);
}
