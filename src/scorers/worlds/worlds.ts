import { calendarWorld } from './calendar-world.ts';
import { fileTree } from './file-tree.ts';
import { inventory } from './inventory.ts';
import { ledger } from './ledger.ts';
import { tickets } from './tickets.ts';
import { travel } from './travel.ts';
import { commonTools, type World, type WorldTool } from './world.ts';

/** Every world, in the order in which they take turns. */
export const worlds: readonly World[] = [inventory, calendarWorld, ledger, fileTree, tickets, travel];

/** The world of that id; throws for an unknown one, which is a bug of the sample. */
export function worldOf(id: string): World {
  const world = worlds.find((each) => each.id === id);
  if (!world) throw new RangeError(`there is no world ${id}`);
  return world;
}

/** The tools of a world and those of every world. */
export const toolsOf = (id: string): readonly WorldTool[] => [...worldOf(id).tools, ...commonTools];
