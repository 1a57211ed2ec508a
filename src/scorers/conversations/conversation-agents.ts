import type { ChatMessage, ToolCall } from '../../core/message.ts';
import type { LabelledResponse } from '../../core/ports/scorer.ts';
import type { TaskSettings } from '../../core/ports/task.ts';
import type { SampleResponse } from '../../core/response.ts';
import type { RawTurn } from '../../text/assistant-turn.ts';
import { satisfyingText } from '../constraints/constraint-table.ts';
import { foreignCalls, ownForm, type ForeignForm } from '../support/tool-calling/foreign-calls.ts';
import type { ConversationInput, ListCall, UserTurn } from './conversation-script.ts';
import { listTools } from './list-editor.ts';
import { openConversation } from './open-conversation.ts';
import { playConversation } from './play-conversation.ts';

/** What of the settings decides how calls are read. */
export type ConversationSettings = Pick<TaskSettings, 'toolFormat'>;

/** What an agent says in a user turn: calls first where there are any, then the text. */
export interface Reply {
  readonly calls?: readonly ListCall[];
  readonly text: string;
}

/** Decides on the reply to a user turn; `messages` holds the conversation so far. */
export type Policy = (
  turn: UserTurn,
  at: { readonly position: number; readonly messages: readonly ChatMessage[] },
) => Reply;

/** How calls and texts are written down. */
export interface Style {
  readonly write?: (text: string) => RawTurn;
  readonly callText?: ForeignForm;
  /** Cuts each turn with calls off, as a token limit does. */
  readonly isCut?: boolean;
  readonly json?: (given: ListCall['arguments']) => string;
  /** Calls made before the due ones. */
  readonly before?: readonly ListCall[];
  /** One call a round instead of all at once. */
  readonly oneByOne?: boolean;
}

/** The first messages of a conversation. */
export const openingMessages = (input: ConversationInput): readonly ChatMessage[] => [
  { role: 'user', content: input.turns[0]?.text ?? '' },
];

/** Lets a policy play the whole conversation. */
export function play(
  input: ConversationInput,
  settings: ConversationSettings,
  how: { readonly policy: Policy; readonly style?: Style; readonly turns?: number },
): SampleResponse {
  const conversation = openConversation(input, settings);
  const { policy, style = {} } = how;
  let asked = -1;
  let waiting: ListCall[][] = [];
  const tools = input.list === null ? [] : listTools(input.level);
  const agent = (messages: readonly ChatMessage[]): RawTurn => {
    const position = conversation.position();
    const turn = input.turns[position] ?? { text: '', checkpoint: null };
    const reply = policy(turn, { position, messages });
    if (position !== asked) {
      asked = position;
      const due = [...(reply.calls && reply.calls.length > 0 ? (style.before ?? []) : []), ...(reply.calls ?? [])];
      waiting = due.length === 0 ? [] : style.oneByOne ? due.map((call) => [call]) : [due];
    }
    const calls = waiting.shift();
    if (calls) return writeCalls(calls, style);
    return style.write?.(reply.text) ?? { text: reply.text };
  };
  return playConversation(conversation, agent, { messages: openingMessages(input), tools, turns: how.turns ?? 200 });
}

const cutJson = (given: ListCall['arguments']): string => JSON.stringify(given).slice(0, -1);

function writeCalls(calls: readonly ListCall[], style: Style): RawTurn {
  if (style.callText) {
    const text = foreignCalls[style.callText](calls);
    return style.isCut ? { text: text.slice(0, -16), finishReason: 'length' } : { text };
  }
  const json = style.isCut ? cutJson : (style.json ?? ((given) => JSON.stringify(given)));
  const toolCalls = calls.map((call): ToolCall => ({ id: null, name: call.name, arguments: json(call.arguments) }));
  return { text: '', toolCalls, finishReason: style.isCut ? 'length' : 'tool_calls' };
}

/** Says and does what every checkpoint asks. */
export const oracle: Policy = ({ checkpoint }) => {
  if (checkpoint === null) return { text: 'Noted.' };
  if (checkpoint.kind === 'answer') return { text: `ANSWER: ${checkpoint.value}` };
  return checkpoint.kind === 'rules' ? { text: checkpoint.text } : { calls: checkpoint.calls, text: 'Done.' };
};

const otherText: Policy = (turn, at) => {
  const { checkpoint } = turn;
  if (checkpoint?.kind !== 'rules') return oracle(turn, at);
  return { text: satisfyingText(checkpoint.constraints, 50 + at.position) ?? checkpoint.text };
};

const wordy: Policy = (turn, at) => {
  const reply = oracle(turn, at);
  return turn.checkpoint?.kind === 'answer' ? { text: `Let me recall what you told me.\n\n${reply.text}\n` } : reply;
};

/** Asks back at the first question, and answers when told that there is nothing more. */
const askingBack: Policy = (turn, at) => {
  const isNudged = at.messages.some(
    ({ role, content }) => role === 'user' && content.startsWith('I have nothing to add'),
  );
  return turn.checkpoint?.kind === 'answer' && !isNudged
    ? { text: 'Could you tell me once more what you need?' }
    : oracle(turn, at);
};

const explicitPlaces =
  (input: ConversationInput): Policy =>
  (turn, at) => {
    const { checkpoint } = turn;
    if (checkpoint?.kind !== 'list') return oracle(turn, at);
    const calls = checkpoint.calls.map((call) =>
      call.name === 'add_item' && call.arguments['position'] === undefined
        ? { name: call.name, arguments: { position: lengthBefore(input, at.position) + 1, ...call.arguments } }
        : call,
    );
    return { calls, text: 'Done.' };
  };

function lengthBefore(input: ConversationInput, position: number): number {
  const before = input.turns[position - 1]?.checkpoint;
  return before?.kind === 'list' ? before.items.length : (input.list?.length ?? 0);
}

const reversedKeys = (given: ListCall['arguments']): string =>
  JSON.stringify(Object.fromEntries(Object.entries(given).toReversed()), null, 2);

/** Right conversations in the ways models hold them; each must score 1. */
export function goldConversations(
  input: ConversationInput,
  settings: ConversationSettings,
): readonly LabelledResponse[] {
  const make = (kind: string, policy: Policy, style: Style = {}): LabelledResponse => ({
    kind,
    response: play(input, settings, { policy, style }),
  });
  const text = ownForm(settings.toolFormat);
  const show = { name: 'show_list', arguments: {} };
  return [
    make('plain', oracle),
    make('other-texts', otherText),
    make('wordy', wordy),
    make('asks-back-once', askingBack),
    make('think-pair', oracle, { write: (said) => ({ text: `<think>\nANSWER: nothing yet\n</think>\n\n${said}` }) }),
    make('think-close-only', oracle, { write: (said) => ({ text: `ANSWER: nothing yet\n</think>\n${said}` }) }),
    make('think-field', oracle, { write: (said) => ({ text: said, reasoning: 'ANSWER: nothing yet' }) }),
    make('white-space', oracle, { write: (said) => ({ text: `\n${said}\n\n` }) }),
    make('bold-answers', (turn, at) =>
      turn.checkpoint?.kind === 'answer' ? { text: `**ANSWER: ${turn.checkpoint.value}**` } : oracle(turn, at),
    ),
    make('lower-case-answers', (turn, at) =>
      turn.checkpoint?.kind === 'answer'
        ? { text: `answer: ${turn.checkpoint.value.toLowerCase()}.` }
        : oracle(turn, at),
    ),
    make('said-twice', (turn, at) =>
      turn.checkpoint?.kind === 'answer'
        ? { text: `ANSWER: ${turn.checkpoint.value}\n\nANSWER: ${turn.checkpoint.value}` }
        : oracle(turn, at),
    ),
    make('reads-first', oracle, input.level === 0 ? {} : { before: [show] }),
    make('one-call-a-round', oracle, input.level === 0 ? {} : { before: [show], oneByOne: true }),
    make('explicit-places', explicitPlaces(input)),
    make('key-order', oracle, { json: reversedKeys }),
    ...(text === null ? [] : [make('calls-in-text', oracle, { callText: text })]),
  ];
}
