import type { Json } from '../../core/json.ts';
import type { ChatMessage, ToolCall } from '../../core/message.ts';
import type { LabelledResponse } from '../../core/ports/scorer.ts';
import type { TaskSettings } from '../../core/ports/task.ts';
import type { SampleResponse } from '../../core/response.ts';
import type { RawTurn } from '../../text/assistant-turn.ts';
import { foreignCalls, ownForm, type ForeignForm } from '../support/tool-calling/foreign-calls.ts';
import { playConversation } from '../conversations/play-conversation.ts';
import type { MissionInput, MissionTarget, PlannedCall } from './mission.ts';
import { missionTools, openMission } from './open-mission.ts';
import { withCreated } from './wanted-facts.ts';
import { requiredOf, withDefaults } from './world.ts';

export type MissionSettings = Pick<TaskSettings, 'toolFormat'>;

/** A mission with its plan. */
export interface KnownMission {
  readonly input: MissionInput;
  readonly target: MissionTarget;
  readonly settings: MissionSettings;
}

type Answer = Readonly<Record<string, Json>>;

/** What an agent does: it gives calls, gets their answers, and ends with its last words. */
export type Script = Generator<readonly PlannedCall[], string, readonly Answer[]>;

/** How calls and texts are written down. */
export interface Handwriting {
  readonly write?: (text: string) => RawTurn;
  readonly callText?: ForeignForm;
  /** Cuts each turn with calls off, as a token limit does. */
  readonly isCut?: boolean;
  readonly json?: (given: PlannedCall['arguments'], call: PlannedCall) => string;
  /** Text beside calls. */
  readonly preface?: string;
}

/** The first messages of a mission. */
export const openingOf = ({ system, request }: MissionInput): readonly ChatMessage[] => [
  { role: 'system', content: system },
  { role: 'user', content: request },
];

/** Lets a script carry out a mission. */
export function playMission(mission: KnownMission, script: () => Script, hand: Handwriting = {}): SampleResponse {
  const { input, settings } = mission;
  const running = script();
  let started = false;
  const agent = (messages: readonly ChatMessage[]): RawTurn => {
    const answers = messages
      .slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1)
      .filter(({ role }) => role === 'tool');
    const step = started ? running.next(answers.map(({ content }) => JSON.parse(content) as Answer)) : running.next();
    started = true;
    if (step.done) return hand.write?.(step.value) ?? { text: step.value };
    return writeCalls(step.value, hand);
  };
  const tools = missionTools(input).map(({ definition }) => definition);
  return playConversation(openMission(input, settings), agent, { messages: openingOf(input), tools, turns: 400 });
}

const cutJson: NonNullable<Handwriting['json']> = (given) => JSON.stringify(given).slice(0, -1);

function writeCalls(calls: readonly PlannedCall[], hand: Handwriting): RawTurn {
  const preface = hand.preface ?? '';
  if (hand.callText) {
    const text = preface + foreignCalls[hand.callText](calls);
    return hand.isCut ? { text: text.slice(0, -16), finishReason: 'length' } : { text };
  }
  const json = hand.isCut ? cutJson : (hand.json ?? ((given) => JSON.stringify(given)));
  const toolCalls = calls.map((call): ToolCall => ({
    id: null,
    name: call.name,
    arguments: json(call.arguments, call),
  }));
  return { text: preface, toolCalls, finishReason: hand.isCut ? 'length' : 'tool_calls' };
}

/** What an oracle has learnt on the way. */
interface Memory {
  /** Current id → id that searches gave. */
  readonly shown: Map<string, string>;
  created: string | null;
}

const tries = 6;

type Calling<Result> = Generator<readonly PlannedCall[], Result, readonly Answer[]>;

/** Makes one call once, with the ids that searches gave, and remembers what it made. Gives the answer. */
export function* attempt(call: PlannedCall, memory: Memory): Calling<Answer> {
  const shown = Object.fromEntries(
    Object.entries(withCreated(call, memory.created)).map(([key, value]) => [
      key,
      typeof value === 'string' ? (memory.shown.get(value) ?? value) : value,
    ]),
  );
  const [answer = {}] = yield [{ name: call.name, arguments: shown }];
  if (typeof answer['id'] === 'string') memory.created = answer['id'];
  return answer;
}

/** Makes one call as often as its faults demand: again when it was unavailable, with the current id, with access where it is given. */
export function* perform(call: PlannedCall, memory: Memory): Calling<void> {
  for (let left = tries; left > 0; left--) {
    const answer = yield* attempt(call, memory);
    if (answer['error'] === 'stale_id') memory.shown.delete(String(answer['current_id']));
    else if (answer['error'] === 'permission_denied') {
      if (!(yield* isGranted(withCreated(call, memory.created)))) return;
    } else if (answer['error'] !== 'unavailable') return;
  }
}

/** Asks for access to all that a call names; false when some of it is refused. */
function* isGranted(given: PlannedCall['arguments']): Calling<boolean> {
  const ids = Object.entries(given)
    .filter(([key]) => key.endsWith('_id'))
    .map(([, value]) => value);
  for (const id of ids) {
    for (let attempt = 0; attempt < tries; attempt++) {
      const [answer = {}] = yield [{ name: 'request_access', arguments: { id } }];
      if (answer['error'] === 'access_refused') return false;
      if (answer['error'] !== 'unavailable') break;
    }
  }
  return true;
}

/** Ids that searches give in place of current ones. */
export const newMemory = ({ input }: KnownMission): Memory => ({
  shown: new Map(Object.entries(input.faults.stale).map(([old, current]) => [current, old])),
  created: null,
});

export const lastWords = ({ target }: KnownMission): string =>
  target.answer === null ? 'Done.' : `All of that is done.\n\nANSWER: ${target.answer.value}`;

/** Does everything in order and answers. */
export function* oracleScript(
  mission: KnownMission,
  order: (steps: MissionTarget['steps']) => MissionTarget['steps'] = (steps) => steps,
): Script {
  const { target } = mission;
  const memory = newMemory(mission);
  for (const step of order(target.steps)) {
    memory.created = null;
    for (const call of [...step.lookups, ...step.writes]) yield* perform(call, memory);
  }
  return yield* endScript(mission, memory);
}

/** Answers, or reports that nothing can be done. */
function* endScript(mission: KnownMission, memory: Memory): Script {
  const { answer, impossible } = mission.target;
  for (const call of (impossible ?? answer)?.lookups ?? []) yield* perform(call, memory);
  if (impossible === null) return lastWords(mission);
  const given = { reason_code: impossible.reason, blocking_entity: impossible.entity };
  yield* perform({ name: 'report_impossible', arguments: given }, memory);
  return 'This cannot be done.';
}

/** First looks at all lists, needed or not. */
function* readsFirst(mission: KnownMission): Script {
  const memory = newMemory(mission);
  const lists = missionTools(mission.input).filter(({ definition }) => definition.name.startsWith('list_'));
  for (const tool of lists.slice(0, 3)) {
    if (requiredOf(tool).length === 0) yield* perform({ name: tool.definition.name, arguments: {} }, memory);
  }
  return yield* oracleScript(mission);
}

/** Looks everything up at once, then acts. */
function* lookupsTogether(mission: KnownMission): Script {
  const { target } = mission;
  const memory = newMemory(mission);
  const lookups = target.steps.flatMap((step) => step.lookups);
  if (lookups.length > 0) yield lookups;
  for (const step of target.steps) {
    memory.created = null;
    for (const call of step.writes) yield* perform(call, memory);
  }
  return yield* endScript(mission, memory);
}

/** Asks for access before it is needed. */
function* accessFirst(mission: KnownMission): Script {
  const memory = newMemory(mission);
  for (const id of mission.input.faults.locked) yield* perform({ name: 'request_access', arguments: { id } }, memory);
  return yield* oracleScript(mission);
}

/** States every default. */
function withDefaultsStated(mission: KnownMission): NonNullable<Handwriting['json']> {
  const defaults = new Map(missionTools(mission.input).map((tool) => [tool.definition.name, withDefaults(tool, {})]));
  return (given, call) => JSON.stringify({ ...defaults.get(call.name), ...given });
}

const reversedKeys: NonNullable<Handwriting['json']> = (given) =>
  JSON.stringify(Object.fromEntries(Object.entries(given).toReversed()), null, 2);
const decimals: NonNullable<Handwriting['json']> = (given) =>
  JSON.stringify(given).replace(/(?<=[:,])(\d+)(?=[,}])/g, '$1.0');

/** Right missions in the ways models carry them out; each must score 1. */
export function goldMissions(mission: KnownMission): readonly LabelledResponse[] {
  const make = (kind: string, script: () => Script, hand: Handwriting = {}): LabelledResponse => ({
    kind,
    response: playMission(mission, script, hand),
  });
  const plain = (): Script => oracleScript(mission);
  const callText = ownForm(mission.settings.toolFormat);
  return [
    make('plain', plain),
    make('other-order', () => oracleScript(mission, (steps) => steps.toReversed())),
    make('reads-first', () => readsFirst(mission)),
    make('lookups-together', () => lookupsTogether(mission)),
    make('access-first', () => accessFirst(mission)),
    make('defaults-stated', plain, { json: withDefaultsStated(mission) }),
    make('key-order', plain, { json: reversedKeys }),
    make('decimal-spelling', plain, { json: decimals }),
    make('talks-along', plain, { preface: 'Let me see.\n' }),
    make('think-pair', plain, {
      preface: '<think>\nI could delete everything.\n</think>\n',
      write: (text) => ({ text: `<think>\nANSWER: 0\n</think>\n${text}` }),
    }),
    make('think-field', plain, { write: (text) => ({ text, reasoning: 'ANSWER: 0' }) }),
    make('bold-answer', plain, { write: (text) => ({ text: text.replace(/ANSWER: (.*)$/m, '**ANSWER: $1**') }) }),
    make('white-space', plain, { write: (text) => ({ text: `\n${text}\n\n` }) }),
    ...(callText === null ? [] : [make('calls-in-text', plain, { callText })]),
  ];
}
