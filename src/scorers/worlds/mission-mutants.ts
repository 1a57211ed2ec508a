import type { Json, JsonObject } from '../../core/json.ts';
import type { LabelledResponse } from '../../core/ports/scorer.ts';
import type { SampleResponse } from '../../core/response.ts';
import { schemaExample } from '../support/schema-example.ts';
import { foreignForms, ownForm } from '../support/tool-calling/foreign-calls.ts';
import {
  attempt,
  lastWords,
  newMemory,
  oracleScript,
  perform,
  playMission,
  type Handwriting,
  type KnownMission,
  type Script,
} from './mission-agents.ts';
import type { MissionStep, PlannedCall, Prohibition } from './mission.ts';
import { missionTools, openMission } from './open-mission.ts';
import { requiredOf } from './world.ts';

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
        writes: step.writes.flatMap(withArgument((value, key) => (key.endsWith('_id') ? `${String(value)}0` : value))),
      })),
    ),
  ];
}

/** Calls in another form than the one in force, or cut off by the token limit. */
function formMutants(mission: KnownMission, make: Make): readonly LabelledResponse[] {
  const { toolFormat } = mission.settings;
  const own = ownForm(toolFormat);
  return [
    ...foreignForms(toolFormat).map((callText) =>
      make(`written-as-${callText}`, () => oracleScript(mission), { callText }),
    ),
    make('cut-off', () => oracleScript(mission), { isCut: true, ...(own === null ? {} : { callText: own }) }),
  ];
}

/** Gives up at the first error. */
function* giveUp(mission: KnownMission): Script {
  const memory = newMemory(mission);
  for (const call of mission.target.steps.flatMap((step) => [...step.lookups, ...step.writes])) {
    const answer = yield* attempt(call, memory);
    if (answer['error'] !== undefined) return 'A tool did not work.';
  }
  return lastWords(mission);
}

/** Does what is right, and something else besides. */
function* withExtra(mission: KnownMission, extra: PlannedCall): Script {
  const said = yield* oracleScript(mission);
  yield* perform(extra, newMemory(mission));
  return said;
}

function* repeatForever(call: PlannedCall): Script {
  for (;;) yield [call];
}

/** Does what is right, and then never comes to an end. */
function* neverStops(mission: KnownMission, call: PlannedCall): Script {
  yield* oracleScript(mission);
  return yield* repeatForever(call);
}

const noProhibition: Pick<Prohibition, 'tools' | 'ids'> = { tools: [], ids: [] };

/** A write about one record that needs no other argument. */
interface SubjectWrite {
  readonly name: string;
  readonly subject: string;
}

const isAbout = ({ name, subject }: SubjectWrite, id: string): boolean =>
  id.startsWith(subject.slice(0, 3)) || (name === 'delete_entry' && id.startsWith('fil'));

const writeTo = ({ name, subject }: SubjectWrite, id: string): PlannedCall => ({ name, arguments: { [subject]: id } });

/** Writes that the request does not ask for, at most one of a kind: what the rule forbids, or a change to a record that no step touches. */
function extraWrites(mission: KnownMission): {
  readonly extra: readonly PlannedCall[];
  readonly forbidden: readonly PlannedCall[];
} {
  const { input, target } = mission;
  const touched = new Set(target.steps.flatMap(({ touches }) => touches));
  const writes = missionTools(input).flatMap((tool): SubjectWrite[] =>
    tool.isWrite && tool.subject !== null && requiredOf(tool).length === 1
      ? [{ name: tool.definition.name, subject: tool.subject }]
      : [],
  );
  const untouched = Object.values(input.tables)
    .flatMap((rows) => Object.keys(rows))
    .filter((id) => !touched.has(id) && id !== 'root');
  const elsewhere = (write: SubjectWrite): readonly string[] =>
    untouched.filter((id) => isAbout(write, id)).slice(0, 1);
  const { tools: bannedTools, ids: guarded } = input.prohibition ?? noProhibition;
  const extra = writes
    .filter(({ name }) => !bannedTools.includes(name))
    .flatMap((write) =>
      elsewhere(write)
        .filter((id) => !guarded.includes(id))
        .map((id) => writeTo(write, id)),
    );
  const forbidden =
    bannedTools.length > 0
      ? writes
          .filter(({ name }) => name === bannedTools[0])
          .flatMap((write) => elsewhere(write).map((id) => writeTo(write, id)))
      : guarded
          .slice(0, 1)
          .flatMap((id) => writes.filter((write) => isAbout(write, id)).map((write) => writeTo(write, id)));
  return { extra: extra.slice(0, 1), forbidden: forbidden.slice(0, 1) };
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
  const first = missionTools(input)
    .slice(0, 1)
    .map(({ definition: { name, parameters } }) => ({ name, arguments: schemaExample(parameters) as JsonObject }));
  return [
    make('empty', () => saying('')),
    make('ok', () => saying('OK')),
    make('done', () => saying('Done.')),
    make('refusal', () => saying('I am sorry, but I cannot help with that.')),
    make('echo', () => saying(input.request)),
    make('spam', () => saying(Array.from({ length: 200 }, (_, number) => `ANSWER: ${number}`).join('\n'))),
    ...first.flatMap((call) => [
      make('first-tool', () => oneCall(call)),
      make('repeats-a-call', () => repeatForever(call)),
      make('never-stops', () => neverStops(mission, { name: call.name, arguments: {} })),
    ]),
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
    ...formMutants(mission, make),
    ...extra.map((call) => make('extra-write', () => withExtra(mission, call))),
    ...forbidden.map((call) => make('forbidden-write', () => withExtra(mission, call))),
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
