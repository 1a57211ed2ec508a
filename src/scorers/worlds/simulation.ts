import type { Json } from '../../core/json.ts';

/** One record of a world; its id is its key in the table. */
export type Row = Record<string, Json>;

/** Table → id → record. */
export type Tables = Record<string, Record<string, Row>>;

/** What goes wrong in a world, fixed per sample. */
export interface Faults {
  /** The n-th call of a tool (from 1) answers `unavailable` and does nothing. */
  readonly unavailable: readonly { readonly tool: string; readonly call: number }[];
  /** Old id → current id: searches still give the old one, which every tool refuses, naming the current one. */
  readonly stale: Readonly<Record<string, string>>;
  /** Ids that searches by name do not find; lists show them. */
  readonly unindexed: readonly string[];
  /** Ids that cannot be changed before access was asked for. */
  readonly locked: readonly string[];
  /** Ids for which access is refused. */
  readonly denied: readonly string[];
}

/** A world without faults. */
export const noFaults: Faults = { unavailable: [], stale: {}, unindexed: [], locked: [], denied: [] };

/** A world in motion. */
export interface Simulation {
  readonly tables: Tables;
  readonly faults: Faults;
  /** Ids that were made up by the world since the start. */
  readonly generated: Set<string>;
  /** Locked ids that access was given for. */
  readonly granted: Set<string>;
  readonly calls: Map<string, number>;
}

/** Tools replace the values of a record and never change them in place, so records need only a shallow copy. */
const copied = (tables: Tables): Tables =>
  Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => [
      name,
      Object.fromEntries(Object.entries(rows).map(([id, row]) => [id, { ...row }])),
    ]),
  );

/** Starts a world from its tables, which stay as they are. */
export const startSimulation = (tables: Tables, faults: Faults = noFaults): Simulation => ({
  tables: copied(tables),
  faults,
  generated: new Set(),
  granted: new Set(),
  calls: new Map(),
});

/** An error that a tool answers with; `extra` goes along in the answer. */
export class ToolError extends Error {
  readonly code: string;
  readonly extra: Readonly<Record<string, Json>>;

  constructor(code: string, message: string, extra: Readonly<Record<string, Json>> = {}) {
    super(message);
    this.code = code;
    this.extra = extra;
  }
}

const pageSize = 5;

/** The records of a table by id; none where the world has no such table. */
export const rowsOf = (world: Simulation, table: string): Record<string, Row> => world.tables[table] ?? {};

/** A record by id. Throws `stale_id` (with the current id) or `not_found`. */
export function rowOf(world: Simulation, table: string, id: Json | undefined): Row {
  const key = String(id);
  const current = world.faults.stale[key];
  if (current !== undefined) throw new ToolError('stale_id', `${key} was replaced`, { current_id: current });
  const row = rowsOf(world, table)[key];
  if (row === undefined) throw new ToolError('not_found', `there is no ${key} among ${table}`);
  return row;
}

const shownId = (world: Simulation, id: string): string =>
  Object.entries(world.faults.stale).find(([, current]) => current === id)?.[0] ?? id;

/** Ids of the records whose field has that text, whatever its case. Throws `not_found` when there is none. */
export function findRows(
  world: Simulation,
  table: string,
  where: { readonly field: string; readonly value: Json | undefined },
): Json {
  const wanted = String(where.value).trim().toLowerCase();
  const ids = Object.entries(rowsOf(world, table))
    .filter(([id, row]) => String(row[where.field]).toLowerCase() === wanted && !world.faults.unindexed.includes(id))
    .map(([id]) => shownId(world, id));
  if (ids.length === 0)
    throw new ToolError(
      'not_found',
      `the search finds no ${where.field} "${String(where.value)}"; a list may show more`,
    );
  return { ids };
}

/** A page of records with some of their fields; `next_cursor` is null on the last page. */
export function listRows(
  world: Simulation,
  table: string,
  how: {
    readonly columns: readonly string[];
    readonly cursor: Json | undefined;
    readonly where?: (row: Row, id: string) => boolean;
  },
): Json {
  const rows = Object.entries(rowsOf(world, table)).filter(([id, row]) => how.where?.(row, id) ?? true);
  const from = Number(how.cursor ?? 0);
  return {
    rows: rows.slice(from, from + pageSize).map(([id, row]) => ({
      id: shownId(world, id),
      ...Object.fromEntries(how.columns.map((column) => [column, row[column] ?? null])),
    })),
    next_cursor: from + pageSize < rows.length ? from + pageSize : null,
  };
}

/** A record that may be changed. Throws as `rowOf` does, and `permission_denied` while it is locked. */
export function writableRow(world: Simulation, table: string, id: Json | undefined): Row {
  const row = rowOf(world, table, id);
  const key = String(id);
  const isLocked = world.faults.locked.includes(key) || world.faults.denied.includes(key);
  if (isLocked && !world.granted.has(key)) {
    throw new ToolError('permission_denied', `${key} is locked; ask for it with request_access`);
  }
  return row;
}

/** Values of fields; the arguments of a tool have passed its schema, so that none is missing. */
type Fields = Readonly<Record<string, Json | undefined>>;

/** Sets fields of a record. Throws RangeError where a value is missing, which is a bug of the plan or the tool. */
export function setFields(row: Row, fields: Fields): void {
  for (const [field, value] of Object.entries(fields)) {
    if (value === undefined) throw new RangeError(`there is no value for ${field}`);
    row[field] = value;
  }
}

/** Adds a record under a new id and gives the id. Throws RangeError where a value is missing. */
export function insertRow(world: Simulation, table: string, fields: Fields): string {
  const row: Row = {};
  setFields(row, fields);
  const prefix = table.slice(0, 3);
  let number = 900 + world.generated.size;
  while (Object.values(world.tables).some((rows) => `${prefix}-${number}` in rows)) number += 1;
  const id = `${prefix}-${number}`;
  (world.tables[table] ??= {})[id] = row;
  world.generated.add(id);
  return id;
}

/** Asks for access to a locked record. Throws `access_refused`. */
export function requestAccess(world: Simulation, id: Json | undefined): Json {
  const key = String(id);
  const exists = Object.values(world.tables).some((rows) => key in rows);
  if (!exists) throw new ToolError('not_found', `there is no ${key}`);
  if (world.faults.denied.includes(key)) throw new ToolError('access_refused', `nobody may change ${key}`);
  world.granted.add(key);
  return { granted: key };
}

/** Text values without repeats, in an order that does not depend on how they came. */
export const asSet = (values: readonly Json[]): readonly string[] =>
  [...new Set(values.map(String))].toSorted((a, b) => (a < b ? -1 : 1));
