import { canonicalJson } from '../../core/canonical-json.ts';
import type { Json } from '../../core/json.ts';
import type { Row, Simulation, Tables } from './simulation.ts';

/** A world as facts that can be compared: `table/id/field` → value for given records, and each made-up record as one fact. */
export type StateFacts = ReadonlyMap<string, string>;

const rounds = 3;

/**
 * The facts of a world modulo the ids it made up: records with such ids are told apart by their content alone, so that independent
 * creations in another order give the same facts. Equal records are counted.
 */
export function stateFacts(world: Pick<Simulation, 'tables' | 'generated'>): StateFacts {
  const labels = labelsOf(world);
  const facts = new Map<string, string>();
  const count = (key: string): void => void facts.set(key, String(Number(facts.get(key) ?? 0) + 1));
  for (const [table, rows] of Object.entries(world.tables)) {
    for (const [id, row] of Object.entries(rows)) {
      const label = labels.get(id);
      if (label !== undefined) {
        count(`${table}/+${label}`);
        continue;
      }
      facts.set(`${table}/${id}`, 'there');
      for (const [field, value] of Object.entries(row)) facts.set(`${table}/${id}/${field}`, factOf(value, labels));
    }
  }
  return facts;
}

const factOf = (value: Json, labels: ReadonlyMap<string, string>): string => {
  if (typeof value === 'string') return `"${labels.get(value) ?? value}`;
  return typeof value === 'object' ? canonicalJson(relabelled(value, labels)) : String(value);
};

/** Labels of made-up records: their content, with references to one another replaced by labels again and again. */
function labelsOf({ tables, generated }: Pick<Simulation, 'tables' | 'generated'>): ReadonlyMap<string, string> {
  const rows = Object.values(tables).flatMap((table) => Object.entries(table).filter(([id]) => generated.has(id)));
  let labels = new Map<string, string>(rows.map(([id]) => [id, 'new']));
  for (let round = 0; round < rounds; round++) {
    labels = new Map(rows.map(([id, row]) => [id, labelOf(row, labels)]));
  }
  return labels;
}

const labelOf = (row: Row, labels: ReadonlyMap<string, string>): string =>
  canonicalJson(Object.fromEntries(Object.entries(row).map(([field, value]) => [field, relabelled(value, labels)])));

function relabelled(value: Json, labels: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return labels.get(value) ?? value;
  return Array.isArray(value) ? value.map((item: Json) => relabelled(item, labels)) : value;
}

/** How an end state differs from the wanted one, by what the mission was to change. */
export interface StateDifference {
  /** Facts that were to change and did not. */
  readonly missing: readonly string[];
  /** Facts that were to stay and did not. */
  readonly extra: readonly string[];
  /** Facts that changed to another value than the wanted one. */
  readonly wrong: readonly string[];
  /** Facts that were to change, and how many of them did as wanted. */
  readonly wanted: number;
  readonly reached: number;
}

/** A text is told from a number by the quotation mark in front of it. */
const shownFact = (fact = 'nothing'): string => (fact.startsWith('"') ? `${fact}"` : fact);

/** Compares the facts at the end with the wanted ones, given those at the start. */
export function compareStates(states: {
  readonly start: StateFacts;
  readonly wanted: StateFacts;
  readonly end: StateFacts;
}): StateDifference {
  const { start, wanted, end } = states;
  const missing: string[] = [];
  const extra: string[] = [];
  const wrong: string[] = [];
  let goals = 0;
  let reached = 0;
  for (const key of new Set([...start.keys(), ...wanted.keys(), ...end.keys()])) {
    const [before, goal, after] = [start.get(key), wanted.get(key), end.get(key)];
    const shown = `${key}: ${shownFact(after)}, not ${shownFact(goal)}`.slice(0, 200);
    if (before !== goal) goals += 1;
    if (before !== goal && after === goal) reached += 1;
    if (after === goal) continue;
    if (before === goal) extra.push(shown);
    else if (after === before) missing.push(shown);
    else wrong.push(shown);
  }
  return { missing, extra, wrong, wanted: goals, reached };
}

/** Facts of tables in which no id was made up. */
export const factsOfTables = (tables: Tables): StateFacts => stateFacts({ tables, generated: new Set() });
