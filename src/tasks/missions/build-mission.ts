import { carryOut } from '../../scorers/worlds/wanted-facts.ts';
import type { MissionInput, MissionStep, MissionTarget, Prohibition } from '../../scorers/worlds/mission.ts';
import { noFaults, startSimulation, type Faults, type Tables } from '../../scorers/worlds/simulation.ts';
import { toolsOf } from '../../scorers/worlds/worlds.ts';
import type { Rng } from '../../stats/rng.ts';
import { answerPlaceholders } from '../../text/answer-form.ts';
import { calendarScenes } from './calendar-scenes.ts';
import { fileScenes } from './file-scenes.ts';
import { inventoryScenes } from './inventory-scenes.ts';
import { ledgerScenes } from './ledger-scenes.ts';
import type { Scene, SceneQuestion, Scenes } from './scenes.ts';
import { ticketScenes } from './ticket-scenes.ts';
import { travelScenes } from './travel-scenes.ts';

/** Requests by world, in the order in which worlds take turns. */
export const allScenes: readonly Scenes[] = [
  inventoryScenes,
  calendarScenes,
  ledgerScenes,
  fileScenes,
  ticketScenes,
  travelScenes,
];

/** A mission with what it must lead to. */
export interface BuiltMission {
  readonly input: MissionInput;
  readonly target: MissionTarget;
}

/** Writes at each level, from and to. */
const writeCounts = [
  [1, 1],
  [2, 2],
  [3, 5],
  [5, 8],
] as const;
const attempts = 300;
const easySystem = 'Use the tools to do what the user asks. Then say: Done.';
const fullSystem = [
  'You do what the user asks with the tools at hand.',
  'Ids cannot be guessed: look them up. Lists come in pages; next_cursor leads to the next one.',
  'A tool that is unavailable works when it is called again. Change nothing that was not asked for.',
  'If a request cannot be met, change nothing and call report_impossible.',
  'When everything is done, answer without calling a tool.',
].join('\n');

/** Draws a mission: steps about different records, each of which changes something, with faults, a rule and a question by level. */
export function buildMission(
  rng: Rng,
  place: { readonly world: string; readonly level: number; readonly isDeadEnd: boolean },
): BuiltMission {
  const scenes = allScenes.find(({ world }) => world === place.world);
  if (!scenes) throw new RangeError(`there are no scenes of ${place.world}`);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const own = rng.fork(`attempt-${attempt}`);
    const tables = scenes.seed(own.fork('seed'), place.level);
    const draw = { scenes, scene: { rng: own, tables, level: place.level } };
    const mission = place.isDeadEnd ? tryDeadEnd(draw) : tryMission(draw);
    if (mission) return mission;
  }
  throw new Error(`no mission in ${place.world} at level ${place.level} in ${attempts} attempts`);
}

interface Draw {
  readonly scenes: Scenes;
  readonly scene: Scene;
}

function tryMission({ scenes, scene }: Draw): BuiltMission | null {
  const { rng, tables, level } = scene;
  const steps = drawSteps({ scenes, scene });
  if (!steps || !everyWriteMatters(scenes.world, tables, steps)) return null;
  const after = startSimulation(tables);
  carryOut(scenes.world, after, steps);
  const touched = steps.flatMap((step) => step.touches);
  const question =
    level === 0 || (level === 1 && rng.chance(0.5))
      ? null
      : rng.pick(scenes.questions)({ ...scene, tables: after.tables });
  if (level > 1 && !question) return null;
  const prohibition = level < 2 ? null : drawProhibition({ scenes, scene }, steps, touched);
  const faults = drawFaults(scene, { world: scenes.world, steps, question });
  return assemble({ scenes, scene }, { steps, question, prohibition, faults });
}

function tryDeadEnd({ scenes, scene }: Draw): BuiltMission | null {
  const end = scene.rng.pick(scenes.deadEnds)(scene);
  if (!end) return null;
  const lookups = end.impossible.lookups;
  const tool = scene.rng.pick(lookups).name;
  const faults: Faults = {
    ...noFaults,
    unavailable: scene.level < 2 || tool === 'request_access' ? [] : [{ tool, call: 1 }],
    denied: end.denied === null ? [] : [end.denied],
  };
  return {
    input: {
      world: scenes.world,
      level: scene.level,
      system: fullSystem,
      request: end.text,
      tools: toolsOf(scenes.world).map(({ definition }) => definition.name),
      tables: scene.tables,
      faults,
      prohibition: null,
      callBudget: 2 * lookups.length + 12,
    },
    target: { steps: [], answer: null, impossible: end.impossible },
  };
}

function drawSteps({ scenes, scene }: Draw): readonly MissionStep[] | null {
  const { rng, level } = scene;
  const [low, high] = writeCounts[Math.min(level, 3)] ?? writeCounts[0];
  const wanted = rng.integer(low, high);
  const steps: MissionStep[] = [];
  const touched = new Set<string>();
  let writes = 0;
  for (let draw = 0; draw < 60 && writes < wanted; draw++) {
    const step = rng.pick(level === 0 ? scenes.easySteps : scenes.steps)(scene);
    if (!step || writes + step.writes.length > wanted || step.touches.some((id) => touched.has(id))) continue;
    steps.push(step);
    writes += step.writes.length;
    for (const id of step.touches) touched.add(id);
  }
  return writes === wanted ? steps : null;
}

/** True when every write changes something, so that none is for show. */
function everyWriteMatters(world: string, tables: Tables, steps: readonly MissionStep[]): boolean {
  const start = JSON.stringify(tables);
  return steps.every((step) => {
    let before = start;
    return step.writes.every((_, index) => {
      const partial = startSimulation(tables);
      carryOut(world, partial, [{ ...step, writes: step.writes.slice(0, index + 1) }]);
      const now = JSON.stringify(partial.tables);
      const changed = now !== before;
      before = now;
      return changed;
    });
  });
}

function drawProhibition(
  { scenes, scene }: Draw,
  steps: readonly MissionStep[],
  touched: readonly string[],
): Prohibition | null {
  const used = new Set(steps.flatMap((step) => step.writes.map(({ name }) => name)));
  const isFree = scenes.forbiddenTool.tools.every((tool) => !used.has(tool));
  return isFree && scene.rng.chance(0.5) ? scenes.forbiddenTool : scenes.leaveAlone(scene, touched);
}

function drawFaults(
  scene: Scene,
  mission: { readonly world: string; readonly steps: readonly MissionStep[]; readonly question: SceneQuestion | null },
): Faults {
  const { rng, level, tables } = scene;
  if (level === 0) return noFaults;
  const calls = [
    ...mission.steps.flatMap((step) => [...step.lookups, ...step.writes]),
    ...(mission.question?.answer.lookups ?? []),
  ];
  const names = calls.map(({ name }) => name);
  const unavailable = rng
    .sample([...new Set(names)], Math.min(level, 3))
    .map((tool) => ({ tool, call: rng.integer(1, names.filter((name) => name === tool).length) }));
  if (level === 1) return { ...noFaults, unavailable };
  const exists = (id: string): boolean => Object.values(tables).some((rows) => id in rows);
  const [stale, unindexed, locked] = rng.sample(
    [...new Set(mission.steps.flatMap(({ touches }) => touches.filter(exists)))],
    3,
  );
  const subjects = new Set(subjectsOf(mission.world, mission.steps));
  return {
    unavailable,
    stale: stale === undefined ? {} : { [`${stale.slice(0, 3)}-${rng.integer(100, 899)}`]: stale },
    unindexed: unindexed === undefined ? [] : [unindexed],
    locked: locked !== undefined && subjects.has(locked) ? [locked] : [],
    denied: [],
  };
}

/** Ids that the writes are about. */
function subjectsOf(world: string, steps: readonly MissionStep[]): readonly string[] {
  const subjects = new Map(toolsOf(world).map((tool) => [tool.definition.name, tool.subject]));
  return steps.flatMap((step) =>
    step.writes.flatMap((call) => {
      const key = subjects.get(call.name);
      return typeof key === 'string' ? [String(call.arguments[key])] : [];
    }),
  );
}

function assemble(
  { scenes, scene }: Draw,
  parts: {
    readonly steps: readonly MissionStep[];
    readonly question: SceneQuestion | null;
    readonly prohibition: Prohibition | null;
    readonly faults: Faults;
  },
): BuiltMission {
  const { steps, question, prohibition, faults } = parts;
  const { tables, level } = scene;
  const texts = steps.map(({ text }) => text);
  const wishes = texts.length > 1 ? texts.map((text, index) => `${index + 1}. ${text}`).join('\n') : (texts[0] ?? '');
  const request = [
    wishes,
    ...(prohibition === null ? [] : [prohibition.text]),
    ...(question === null
      ? []
      : [`${question.text} End your answer with one line: ANSWER: ${answerPlaceholders[question.answer.form]}`]),
  ].join('\n');
  const calls = steps.reduce(
    (sum, step) => sum + step.lookups.length + step.writes.length,
    question?.answer.lookups.length ?? 0,
  );
  return {
    input: {
      world: scenes.world,
      level,
      system: level === 0 ? easySystem : fullSystem,
      request,
      tools: level === 0 ? scenes.easyTools : toolsOf(scenes.world).map(({ definition }) => definition.name),
      tables,
      faults,
      prohibition,
      callBudget: level === 0 ? 4 : 2 * calls + 16,
    },
    target: { steps, answer: question?.answer ?? null, impossible: null },
  };
}
