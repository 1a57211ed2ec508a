import type { MissionStep, MissionTarget, PlannedCall, Prohibition } from '../../scorers/worlds/mission.ts';
import type { Row, Tables } from '../../scorers/worlds/simulation.ts';
import type { Rng } from '../../stats/rng.ts';

/** What a maker of steps, questions and rules may look at. */
export interface Scene {
  readonly rng: Rng;
  readonly tables: Tables;
  readonly level: number;
}

/** A question about the world after the steps. */
export interface SceneQuestion {
  readonly text: string;
  readonly answer: NonNullable<MissionTarget['answer']>;
}

/** A request that cannot be met. */
export interface DeadEnd {
  readonly text: string;
  readonly impossible: NonNullable<MissionTarget['impossible']>;
  /** Id for which access is refused; null where something else stands in the way. */
  readonly denied: string | null;
}

/** What can be asked for in a world. Makers give null when the world at hand does not allow it. */
export interface Scenes {
  readonly world: string;
  readonly seed: (rng: Rng, level: number) => Tables;
  /** Tools of level 0, where ids are given and one write is wanted. */
  readonly easyTools: readonly string[];
  readonly easySteps: readonly ((scene: Scene) => MissionStep | null)[];
  readonly steps: readonly ((scene: Scene) => MissionStep | null)[];
  readonly questions: readonly ((scene: Scene) => SceneQuestion | null)[];
  readonly deadEnds: readonly ((scene: Scene) => DeadEnd | null)[];
  /** Tools that nobody is asked to use, and how a request says so. */
  readonly forbiddenTool: Prohibition;
  /** How a request says that one record must be left alone. */
  readonly leaveAlone: (scene: Scene, touched: readonly string[]) => Prohibition | null;
}

/** `prefix-NN` ids with records made one by one. */
export function makeRows(rng: Rng, prefix: string, records: readonly Row[]): Record<string, Row> {
  const numbers = rng.sample(
    Array.from({ length: 90 }, (_, index) => index + 10),
    records.length,
  );
  return Object.fromEntries(records.map((row, index) => [`${prefix}-${numbers[index]}`, row]));
}

/** A record of a table with its id. */
export function pickRow(
  { rng, tables }: Scene,
  table: string,
  where: (row: Row) => boolean = () => true,
): { readonly id: string; readonly row: Row } | null {
  const rows = Object.entries(tables[table] ?? {}).filter(([, row]) => where(row));
  if (rows.length === 0) return null;
  const [id, row] = rng.pick(rows);
  return { id, row };
}

/** A planned call. */
export const plan = (name: string, given: PlannedCall['arguments'] = {}): PlannedCall => ({ name, arguments: given });

/** One wording with its gaps filled. */
export function fill(rng: Rng, wordings: readonly string[], gaps: Readonly<Record<string, string | number>>): string {
  return Object.entries(gaps).reduce(
    (text, [gap, value]) => text.replaceAll(`{${gap}}`, String(value)),
    rng.pick(wordings),
  );
}

/** Pages of a list that has so many rows. */
export const pages = (name: string, rows: number, given: PlannedCall['arguments'] = {}): readonly PlannedCall[] =>
  Array.from({ length: Math.max(1, Math.ceil(rows / 5)) }, (_, page) =>
    plan(name, page === 0 ? given : { ...given, cursor: page * 5 }),
  );

/** How many things of a kind there are at a level. */
export const countAt = (level: number, counts: readonly [number, number, number, number]): number =>
  counts[Math.min(level, 3)] ?? counts[3];

/** The records of a table that no step touches. */
export const untouched = (scene: Scene, table: string, touched: readonly string[]): Scene => ({
  ...scene,
  tables: {
    [table]: Object.fromEntries(Object.entries(scene.tables[table] ?? {}).filter(([id]) => !touched.includes(id))),
  },
});

/** A step as a dead end: access to what it writes is refused. */
export function refusedStep(step: MissionStep | null, entity: string): DeadEnd | null {
  const id = step?.touches[0];
  if (!step || id === undefined) return null;
  const lookups = [...step.lookups, ...step.writes.slice(0, 1), plan('request_access', { id })];
  return { text: step.text, denied: id, impossible: { reason: 'permission_denied', entity, lookups } };
}

/** Ids of a table's rows that meet a condition. */
export const idsOf = (scene: Scene, table: string, where: (row: Row) => boolean): readonly string[] =>
  Object.entries(scene.tables[table] ?? {})
    .filter(([, row]) => where(row))
    .map(([id]) => id);
