import type { Json } from '../../core/json.ts';
import type { LabelledResponse } from '../../core/ports/scorer.ts';
import type { SampleResponse } from '../../core/response.ts';
import {
  lastWords,
  newMemory,
  oracleScript,
  perform,
  playMission,
  type Handwriting,
  type KnownMission,
  type Script,
} from './mission-agents.ts';
import type { MissionStep, PlannedCall } from './mission.ts';
import { missionTools, openMission } from './open-mission.ts';

type Make = (kind: string, script: () => Script, hand?: Handwriting) => LabelledResponse;

/** The oracle with other steps. */
const withSteps = (mission: KnownMission, change: (steps: readonly MissionStep[]) => readonly MissionStep[]): Script =>
  oracleScript(mission, change);

/** Steps with their last write changed. */
const lastWrite =
  (change: (call: PlannedCall) => readonly PlannedCall[]) =>
  (steps: readonly MissionStep[]): readonly MissionStep[] =>
    steps.map((step, index) =>
      index === steps.length - 1
        ? { ...step, writes: [...step.writes.slice(0, -1), ...step.writes.slice(-1).flatMap(change)] }
        : step,
    );

const withArgument =
  (change: (value: Json, key: string) => Json) =>
  (call: PlannedCall): readonly PlannedCall[] => [
    {
      name: call.name,
      arguments: Object.fromEntries(Object.entries(call.arguments).map(([key, value]) => [key, change(value, key)])),
    },
  ];

const otherValue = (value: Json, key: string): Json => {
  if (typeof value === 'number') return value + 1;
  return typeof value === 'string' && !key.endsWith('_id') && value !== '$created' ? `${value} too` : value;
};

/** Another record of the same kind in place of the one that is meant. */
function otherRecord(mission: KnownMission): (call: PlannedCall) => readonly PlannedCall[] {
  const ids = Object.values(mission.input.tables).flatMap((rows) => Object.keys(rows));
  return withArgument((value, key) => {
    if (!key.endsWith('_id') || typeof value !== 'string') return value;
    const kin = ids.filter((id) => id !== value && id.slice(0, 3) === value.slice(0, 3));
    return kin[0] ?? value;
  });
}

function stepMutants(mission: KnownMission, make: Make): readonly LabelledResponse[] {
  const changed = (kind: string, change: (steps: readonly MissionStep[]) => readonly MissionStep[]): LabelledResponse =>
    make(kind, () => withSteps(mission, change));
  return [
    changed(
      'last-write-missing',
      lastWrite(() => []),
    ),
    changed('first-step-missing', (steps) => steps.slice(1)),
    changed(
      'write-twice',
      lastWrite((call) => [call, call]),
    ),
    changed('wrong-value', lastWrite(withArgument(otherValue))),
    changed('wrong-record', lastWrite(otherRecord(mission))),
    changed(
      'unknown-tool',
      lastWrite((call) => [{ ...call, name: `${call.name}_now` }]),
    ),
    changed(
      'missing-argument',
      lastWrite((call) => [{ ...call, arguments: Object.fromEntries(Object.entries(call.arguments).slice(1)) }]),
    ),
    changed(
      'unexpected-argument',
      lastWrite((call) => [{ ...call, arguments: { ...call.arguments, really: true } }]),
    ),
    changed(
      'string-for-number',
      lastWrite(withArgument((value) => (typeof value === 'number' ? String(value) : value))),
    ),
    changed(
      'bad-enum',
      lastWrite(
        withArgument((value, key) =>
          ['priority', 'status', 'day', 'tag', 'kind', 'seat'].includes(key) ? `very ${String(value)}` : value,
        ),
      ),
    ),
    changed('no-lookups', (steps) =>
      steps.map((step) => ({
        ...step,
        lookups: [],
        writes: step.writes.map(
          (call) => withArgument((value, key) => (key.endsWith('_id') ? `${String(value)}0` : value))(call)[0] ?? call,
        ),
      })),
    ),
  ];
}

/** Gives up at the first error. */
function* giveUp(mission: KnownMission): Script {
  const memory = newMemory(mission);
  for (const call of mission.target.steps.flatMap((step) => [...step.lookups, ...step.writes])) {
    const running = perform(call, memory);
    const first = running.next();
    if (first.done) continue;
    const answers = yield first.value;
    if (answers[0]?.['error'] !== undefined) return 'A tool did not work.';
    running.next(answers);
  }
  return lastWords(mission);
}

/** Does what is right, and something else besides. */
function* withExtra(mission: KnownMission, extra: readonly PlannedCall[]): Script {
  const said = yield* oracleScript(mission);
  for (const call of extra) yield* perform(call, newMemory(mission));
  return said;
}

function* repeatForever(call: PlannedCall): Script {
  for (;;) yield [call];
}

/** Writes that the request does not ask for: what the rule forbids, or a change to a record that no step touches. */
function extraWrites(mission: KnownMission): {
  readonly extra: PlannedCall | null;
  readonly forbidden: PlannedCall | null;
} {
  const { input, target } = mission;
  const touched = new Set(target.steps.flatMap(({ touches }) => touches));
  const tools = missionTools(input).filter(({ isWrite, subject }) => isWrite && subject !== null);
  const write = (name: string, id: string): PlannedCall | null => {
    const tool = tools.find(({ definition }) => definition.name === name);
    const parameters = tool?.definition.parameters;
    if (!tool?.subject || typeof parameters !== 'object') return null;
    const required = parameters['required'] as readonly string[];
    return required.length === 1 ? { name, arguments: { [tool.subject]: id } } : null;
  };
  const subjectPrefix = (name: string): string =>
    (tools.find(({ definition }) => definition.name === name)?.subject ?? '').slice(0, 3);
  const free = (name: string): string | undefined =>
    Object.values(input.tables)
      .flatMap((rows) => Object.keys(rows))
      .find(
        (id) =>
          !touched.has(id) &&
          id !== 'root' &&
          (id.startsWith(subjectPrefix(name)) || (name === 'delete_entry' && id.startsWith('fil'))),
      );
  const candidates = tools
    .map(({ definition }) => definition.name)
    .flatMap((name) => {
      const id = free(name);
      const call = id === undefined ? null : write(name, id);
      return call === null || input.prohibition?.tools.includes(name) || input.prohibition?.ids.includes(id ?? '')
        ? []
        : [call];
    });
  const banned = input.prohibition?.tools[0];
  const guarded = input.prohibition?.ids[0];
  const bannedId = banned === undefined ? undefined : free(banned);
  const forbidden =
    banned !== undefined
      ? bannedId === undefined
        ? null
        : write(banned, bannedId)
      : guarded === undefined
        ? null
        : (tools
            .map(({ definition }) => definition.name)
            .filter(
              (name) =>
                subjectPrefix(name) === guarded.slice(0, 3) || (guarded.startsWith('fil') && name === 'delete_entry'),
            )
            .map((name) => write(name, guarded))
            .find((call) => call !== null) ?? null);
  return { extra: candidates[0] ?? null, forbidden };
}

function answerMutants(mission: KnownMission, make: Make): readonly LabelledResponse[] {
  const { answer } = mission.target;
  if (answer === null) return [];
  const answering = (kind: string, text: string): LabelledResponse =>
    make(kind, () => oracleScript(mission), { write: () => ({ text }) });
  const wrong =
    answer.form === 'integer' ? String(Number(answer.value) + 1) : answer.value === 'monday' ? 'tuesday' : 'monday';
  return [
    answering('wrong-answer', `ANSWER: ${wrong}`),
    answering('no-answer-line', `It is ${answer.value}.`),
    answering('two-answers', `ANSWER: ${answer.value}\nANSWER: ${wrong}`),
    answering('answer-only-in-thought', `<think>\nANSWER: ${answer.value}\n</think>`),
    make('answer-without-deeds', () => saying(lastWords(mission))),
  ];
}

function deadEndMutants(mission: KnownMission, make: Make): readonly LabelledResponse[] {
  const end = mission.target.impossible;
  if (!end)
    return [
      make('reports-impossible', () =>
        oneCall({ name: 'report_impossible', arguments: { reason_code: 'not_found', blocking_entity: 'it' } }),
      ),
    ];
  const report = (reason: string, entity: string): Script =>
    oneCall({ name: 'report_impossible', arguments: { reason_code: reason, blocking_entity: entity } });
  return [
    make('says-impossible', () => saying('This cannot be done.')),
    make('wrong-reason', () => report(end.reason === 'not_found' ? 'not_enough' : 'not_found', end.entity)),
    make('wrong-entity', () => report(end.reason, 'something else')),
  ];
}

function* oneCall(call: PlannedCall): Script {
  yield [call];
  return 'Done.';
}

function* saying(text: string): Script {
  yield* [];
  return text;
}

function blindAgents(mission: KnownMission, make: Make): readonly LabelledResponse[] {
  const { input } = mission;
  const first = missionTools(input)[0]?.definition;
  const properties =
    typeof first?.parameters === 'object'
      ? (first.parameters['properties'] as Readonly<Record<string, Readonly<Record<string, Json>>>>)
      : {};
  const example = Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => [
      key,
      (schema['enum'] as readonly Json[] | undefined)?.[0] ??
        (schema['type'] === 'string' ? 'string' : (schema['minimum'] ?? 1)),
    ]),
  );
  return [
    make('empty', () => saying('')),
    make('ok', () => saying('OK')),
    make('done', () => saying('Done.')),
    make('refusal', () => saying('I am sorry, but I cannot help with that.')),
    make('echo', () => saying(input.request)),
    make('spam', () => saying(Array.from({ length: 200 }, (_, number) => `ANSWER: ${number}`).join('\n'))),
    make('first-tool', () => oneCall({ name: first?.name ?? '', arguments: example })),
    make('repeats-a-call', () => repeatForever({ name: first?.name ?? '', arguments: example })),
    make('only-thought', () => oracleScript(mission), {
      json: () => '[]',
      write: (text) => ({ text: `<think>\n${text}\n</think>` }),
    }),
  ];
}

/** Missions of agents that cannot know, and of oracles with one known mistake; a mistake that leaves the same outcome is left out. */
export function wrongMissions(mission: KnownMission): readonly LabelledResponse[] {
  const make: Make = (kind, script, hand = {}) => ({ kind, response: playMission(mission, script, hand) });
  const { extra, forbidden } = extraWrites(mission);
  const isReal = mission.target.steps.length > 0;
  const mutants = [
    ...(isReal ? stepMutants(mission, make) : []),
    ...(isReal
      ? [
          make('gives-up', () => giveUp(mission)),
          make('broken-json', () => oracleScript(mission), { json: (given) => JSON.stringify(given).slice(0, -1) }),
        ]
      : []),
    ...(extra === null ? [] : [make('extra-write', () => withExtra(mission, [extra]))]),
    ...(forbidden === null ? [] : [make('forbidden-write', () => withExtra(mission, [forbidden]))]),
    ...answerMutants(mission, make),
    ...deadEndMutants(mission, make),
  ];
  const right = outcomeOf(
    mission,
    playMission(mission, () => oracleScript(mission)),
  );
  return [...mutants.filter(({ response }) => outcomeOf(mission, response) !== right), ...blindAgents(mission, make)];
}

/** What counts at the end, as text: the world, the answer, the report, and rules that were broken. */
function outcomeOf({ input, settings }: KnownMission, response: SampleResponse): string {
  const mission = openMission(input, settings);
  for (const turn of response.turns) mission.next(turn);
  const { facts, forbidden, report, overBudget, last } = mission.outcome();
  return JSON.stringify([
    [...facts].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    forbidden,
    report,
    overBudget,
    input.request.includes('ANSWER:') ? last?.answer : null,
  ]);
}
