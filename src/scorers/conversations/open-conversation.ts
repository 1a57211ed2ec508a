import type { FailureCode } from '../../core/failure-code.ts';
import type { ChatMessage, ToolCall } from '../../core/message.ts';
import type { Dialogue, DialogueStep, TaskSettings } from '../../core/ports/task.ts';
import type { AssistantTurn } from '../../core/response.ts';
import { canonicalAnswer } from '../../text/answer-form.ts';
import { codeOfNoAnswer, readAnswer } from '../../text/read-answer.ts';
import { checkConstraint } from '../constraints/constraint-table.ts';
import { answerBody } from '../support/answer-body.ts';
import { callProblems } from '../support/call-forms.ts';
import { matchInOrder } from '../support/match-in-order.ts';
import { schemaIssues } from '../support/json-schema.ts';
import { callArguments, toolMessage, turnCalls } from '../support/turn-calls.ts';
import type { Checkpoint, ConversationInput } from './conversation-script.ts';
import { editList, listTools } from './list-editor.ts';

/** What became of one checkpoint. */
export interface CheckpointResult {
  /** Number of the user turn, from 1. */
  readonly turn: number;
  readonly distance: number | null;
  readonly passed: boolean;
  readonly code: FailureCode | null;
  /** The canonical answer that was given; null where none was asked for or read. */
  readonly given: string | null;
  readonly sameAs: string | null;
  readonly detail: string;
}

export interface ConversationOutcome {
  readonly results: readonly CheckpointResult[];
  /** User turns that were reached. */
  readonly turnsReached: number;
  /** Calls that named no tool or had arguments that break the schema. */
  readonly invalidCalls: number;
}

/** Calls a model may make before it must answer the user. */
const callRounds = 6;
const nudge = 'I have nothing to add. Please answer from what I have told you.';

/** A scripted user with a list editor behind the tools. Deterministic in the turns it is given. */
export interface Conversation extends Dialogue {
  outcome(): ConversationOutcome;
  /** Index of the user turn that waits for its answer. */
  position(): number;
}

interface State {
  at: number;
  items: readonly string[];
  rounds: number;
  isNudged: boolean;
  invalidCalls: number;
  /** What was wrong with the last call of the user turn; null when it was valid, undefined when there was none. */
  lastCall: FailureCode | null | undefined;
  readonly results: CheckpointResult[];
}

/** Opens the scripted side of a conversation. */
export function openConversation(input: ConversationInput, settings: Pick<TaskSettings, 'toolFormat'>): Conversation {
  const tools = input.list === null ? [] : listTools(input.level);
  const state: State = {
    at: 0,
    items: input.list ?? [],
    rounds: 0,
    isNudged: false,
    invalidCalls: 0,
    lastCall: undefined,
    results: [],
  };

  const advance = (): DialogueStep => {
    state.at += 1;
    state.rounds = 0;
    state.lastCall = undefined;
    const turn = input.turns[state.at];
    return turn
      ? { kind: 'continue', messages: [{ role: 'user', content: turn.text }] }
      : { kind: 'end', reason: 'the script is over' };
  };
  return {
    next(turn) {
      const current = input.turns[state.at];
      if (!current) return { kind: 'end', reason: 'the script is over' };
      const calls = tools.length === 0 ? [] : turnCalls(turn, { format: settings.toolFormat, tools });
      if (calls.length > 0 && state.rounds < callRounds) {
        state.rounds += 1;
        return {
          kind: 'continue',
          messages: calls.map((call) => answerCall(call, { state, level: input.level, turn })),
        };
      }
      const { checkpoint } = current;
      if (checkpoint === null) return advance();
      const listFault = (): FailureCode =>
        callProblems(turn, { format: settings.toolFormat, tools })[0]?.code ?? faultOf(state.lastCall, turn);
      const result = judge(checkpoint, { turn, items: state.items, number: state.at + 1, listFault });
      // One generic reply to a question back; an answer that came with it stands.
      if (asksBack(turn, result) && checkpoint.kind === 'answer' && !state.isNudged) {
        state.isNudged = true;
        return { kind: 'continue', messages: [{ role: 'user', content: nudge }] };
      }
      state.results.push(result);
      return advance();
    },
    position: () => state.at,
    outcome: () => ({ results: state.results, turnsReached: state.at, invalidCalls: state.invalidCalls }),
  };
}

const asksBack = (turn: AssistantTurn, result: CheckpointResult): boolean =>
  result.code === 'extract.no_answer' && /[?？]["')\s]{0,3}$/.test(turn.answer.slice(-8));

/** Why the list is not as asked, where the form of the calls is no reason. */
function faultOf(lastCall: State['lastCall'], turn: AssistantTurn): FailureCode {
  if (lastCall !== undefined) return lastCall ?? 'turn.reference_error';
  const silent = codeOfNoAnswer(turn);
  return silent === 'extract.no_answer' ? 'select.no_call' : silent;
}

function answerCall(
  call: ToolCall,
  { state, level, turn }: { readonly state: State; readonly level: number; readonly turn: AssistantTurn },
): ChatMessage {
  const tool = listTools(level).find(({ name }) => name === call.name);
  const given = callArguments(call);
  const refuse = (code: FailureCode, answer: Readonly<Record<string, string>>): ChatMessage => {
    state.invalidCalls += 1;
    state.lastCall = code;
    return toolMessage(call, JSON.stringify(answer));
  };
  if (tool === undefined) return refuse('select.unknown_tool', { error: 'unknown_tool', name: call.name });
  if (given === null) {
    const [problem] = callProblems({ ...turn, toolCalls: [call] }, { format: 'native', tools: [tool] });
    return refuse(problem?.code ?? 'args.not_object', { error: 'arguments_not_json' });
  }
  const [issue] = schemaIssues(tool.parameters, given as never);
  if (issue !== undefined) return refuse(issue.code, { error: 'invalid_arguments', message: issue.message });
  state.lastCall = null;
  const { items, said } = editList(state.items, call.name, { ...given });
  state.items = items;
  return toolMessage(call, said);
}

function judge(
  checkpoint: Checkpoint,
  at: {
    readonly turn: AssistantTurn;
    readonly items: readonly string[];
    readonly number: number;
    readonly listFault: () => FailureCode;
  },
): CheckpointResult {
  const turn = { ...at.turn, answer: answerBody(at.turn.answer) };
  const base = { turn: at.number, distance: null, given: null, sameAs: null };
  if (checkpoint.kind === 'list') {
    const wanted = checkpoint.items.map(plain);
    const passed = matchInOrder(wanted, at.items, (item, found) => item === plain(found));
    return { ...base, passed, code: passed ? null : at.listFault(), detail: `list is ${at.items.join(', ')}` };
  }
  if (checkpoint.kind === 'rules') {
    if (turn.answer.trim() === '') return { ...base, passed: false, code: codeOfNoAnswer(turn), detail: 'no text' };
    const broken = checkpoint.constraints.filter((use) => !checkConstraint(turn.answer, use).passed);
    const passed = broken.length === 0;
    return {
      ...base,
      passed,
      code: passed ? null : 'turn.dropped_constraint',
      detail: `broke ${broken.map(({ id }) => id).join(', ')}`,
    };
  }
  const canonical = (value: string): string | null => canonicalAnswer(value, checkpoint.form);
  const read = readAnswer(turn, canonical);
  const passed = read.value !== null && read.value === canonical(checkpoint.value);
  const isStale = checkpoint.stale.some((value) => canonical(value) === read.value);
  const wrong: FailureCode = isStale ? 'turn.used_stale_fact' : 'turn.forgot_fact';
  return {
    turn: at.number,
    distance: checkpoint.distance,
    given: read.value,
    sameAs: checkpoint.sameAs,
    passed,
    code: passed ? null : (read.code ?? (checkpoint.distance === 0 ? 'answer.wrong' : wrong)),
    detail: `answered ${read.value ?? 'nothing'}, expected ${checkpoint.value}`,
  };
}

const plain = (item: string): string => item.trim().toLowerCase();
