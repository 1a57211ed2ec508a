import type { LabelledResponse } from '../../core/ports/scorer.ts';
import type { SampleResponse } from '../../core/response.ts';
import { satisfyingText, violatingText } from '../constraints/constraint-table.ts';
import { foreignForms, ownForm } from '../support/tool-calling/foreign-calls.ts';
import { oracle, play, type ConversationSettings, type Policy, type Reply, type Style } from './conversation-agents.ts';
import type { Checkpoint, ConversationInput, ListCall } from './conversation-script.ts';
import { listTools } from './list-editor.ts';
import { openConversation } from './open-conversation.ts';

type AnswerCheckpoint = Checkpoint & { readonly kind: 'answer' };
type Make = (kind: string, policy: Policy, style?: Style) => LabelledResponse;

/** The oracle, but for checkpoints where something else is said or done. */
const instead =
  (wrong: (checkpoint: Checkpoint) => Reply | null): Policy =>
  (turn, at) =>
    (turn.checkpoint === null ? null : wrong(turn.checkpoint)) ?? oracle(turn, at);

const answering = (pick: (checkpoint: AnswerCheckpoint) => string | null): Policy =>
  instead((checkpoint) => {
    const text = checkpoint.kind === 'answer' ? pick(checkpoint) : null;
    return text === null ? null : { text };
  });

const calling = (change: (call: ListCall) => readonly ListCall[]): Policy =>
  instead((checkpoint) =>
    checkpoint.kind === 'list' ? { calls: checkpoint.calls.flatMap(change), text: 'Done.' } : null,
  );

const shifted = (call: ListCall): ListCall => {
  if (call.name === 'add_item' && call.arguments['position'] === undefined)
    return { name: call.name, arguments: { ...call.arguments, position: 1 } };
  const key = call.arguments['position'] === undefined ? 'from' : 'position';
  const place = Number(call.arguments[key] ?? 1);
  return { name: call.name, arguments: { ...call.arguments, [key]: place === 1 ? 2 : place - 1 } };
};

const line = (value: string | undefined): string | null => (value === undefined ? null : `ANSWER: ${value}`);

const answerMutants = (make: Make): readonly LabelledResponse[] => [
  make(
    'stale-value',
    answering(({ stale }) => line(stale[0])),
  ),
  make(
    'other-value',
    answering(({ others }) => line(others[0])),
  ),
  make(
    'all-values',
    answering(({ value, stale, others }) =>
      stale.length + others.length === 0 ? null : [value, ...stale, ...others].map(line).join('\n'),
    ),
  ),
  make(
    'no-answer-line',
    answering(({ value }) => `It is ${value}.`),
  ),
];

const ruleMutants = (make: Make): readonly LabelledResponse[] => [
  make(
    'broken-rule',
    instead((checkpoint) => {
      const first = checkpoint.kind === 'rules' ? checkpoint.constraints[0] : undefined;
      return checkpoint.kind === 'rules' && first ? { text: violatingText(checkpoint.text, first) } : null;
    }),
  ),
  make(
    'newest-rule-only',
    instead((checkpoint) =>
      checkpoint.kind === 'rules' ? { text: satisfyingText(checkpoint.constraints.slice(-1), 90) ?? '' } : null,
    ),
  ),
];

const mapped =
  (change: (value: string | number) => string | number) =>
  (given: ListCall['arguments']): string =>
    JSON.stringify(Object.fromEntries(Object.entries(given).map(([key, value]) => [key, change(value)])));

const callMutants = (make: Make, { toolFormat }: ConversationSettings): readonly LabelledResponse[] => [
  ...foreignForms(toolFormat).map((callText) => make(`written-as-${callText}`, oracle, { callText })),
  make('cut-off', oracle, { isCut: true, ...textStyle(toolFormat) }),
  make(
    'says-done',
    instead((checkpoint) => (checkpoint.kind === 'list' ? { text: 'Done.' } : null)),
  ),
  make(
    'wrong-place',
    calling((call) => [shifted(call)]),
  ),
  make(
    'twice',
    calling((call) => [call, call]),
  ),
  make(
    'unknown-tool',
    calling((call) => [{ ...call, name: `${call.name}s` }]),
  ),
  make(
    'missing-argument',
    calling(({ name }) => [{ name, arguments: {} }]),
  ),
  make(
    'unexpected-argument',
    calling((call) => [{ ...call, arguments: { ...call.arguments, sure: 'yes' } }]),
  ),
  make('broken-json', oracle, { json: (given) => JSON.stringify(given).slice(0, -1) }),
  make('string-for-number', oracle, { json: mapped((value) => (typeof value === 'number' ? String(value) : value)) }),
];

function textStyle(toolFormat: ConversationSettings['toolFormat']): Style {
  const callText = ownForm(toolFormat);
  return callText === null ? {} : { callText };
}

const always =
  (text: string): Policy =>
  () => ({ text });

/** Agents that do not read, and answers that never come out of the thinking. */
function blindAgents(make: Make, input: ConversationInput): readonly LabelledResponse[] {
  const calls = listTools(input.level)
    .slice(0, 1)
    .map(({ name }): ListCall => ({ name, arguments: { item: 'string', position: 1 } }));
  const firstTool: Reply = { calls, text: 'Done.' };
  return [
    make('empty', always('')),
    make('ok', always('OK')),
    make('noted', always('Noted.')),
    make('refusal', always('I am sorry, but I cannot help with that.')),
    make('echo', (turn) => ({ text: turn.text })),
    make('placeholder', always('ANSWER: <value>')),
    make('question', always('What do you mean?')),
    make('spam', always('This is a nice topic. '.repeat(40))),
    make('first-tool', () => (input.list === null ? { text: 'Done.' } : firstTool)),
    make('only-thought', oracle, { write: (said) => ({ text: `<think>\n${said}\n</think>` }), json: () => '' }),
    make('unfinished-thought', oracle, {
      write: (said) => ({ text: `<think>\n${said}`, finishReason: 'length' }),
      json: () => '',
    }),
  ];
}

/** Conversations of agents that cannot know, and of oracles with one known mistake; a mistake that changes nothing in this sample is left out. */
export function wrongConversations(
  input: ConversationInput,
  settings: ConversationSettings,
): readonly LabelledResponse[] {
  const make: Make = (kind, policy, style = {}) => ({ kind, response: play(input, settings, { policy, style }) });
  const mutants = [...answerMutants(make), ...ruleMutants(make), ...callMutants(make, settings)];
  if (input.turns.length > 1) {
    mutants.push({ kind: 'stops-early', response: play(input, settings, { policy: oracle, turns: 1 }) });
  }
  return [...mutants.filter(({ response }) => !passesAll(input, settings, response)), ...blindAgents(make, input)];
}

function passesAll(input: ConversationInput, settings: ConversationSettings, response: SampleResponse): boolean {
  const conversation = openConversation(input, settings);
  for (const turn of response.turns) conversation.next(turn);
  const { results } = conversation.outcome();
  const checkpoints = input.turns.filter(({ checkpoint }) => checkpoint !== null).length;
  return results.length === checkpoints && results.every(({ passed }) => passed);
}
