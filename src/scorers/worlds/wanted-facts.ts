import type { Json } from '../../core/json.ts';
import { stateFacts, type StateFacts } from './canonical-state.ts';
import type { MissionInput, MissionStep, PlannedCall } from './mission.ts';
import { startSimulation, type Simulation } from './simulation.ts';
import { withDefaults } from './world.ts';
import { toolsOf } from './worlds.ts';

/** The arguments of a planned call with `$created` replaced. */
export const withCreated = (call: PlannedCall, created: string | null): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    Object.entries(call.arguments).map(([key, value]) => [key, value === '$created' ? (created ?? value) : value]),
  );

/** Carries out the writes of some steps in a world without faults. Throws when one of them fails, which is a bug of the plan. */
export function carryOut(worldId: string, world: Simulation, steps: readonly MissionStep[]): void {
  const tools = new Map(toolsOf(worldId).map((tool) => [tool.definition.name, tool]));
  for (const step of steps) {
    let created: string | null = null;
    for (const call of step.writes) {
      const tool = tools.get(call.name);
      if (!tool) throw new RangeError(`the plan calls ${call.name}, which is no tool of ${worldId}`);
      const result = tool.run(world, withDefaults(tool, withCreated(call, created)));
      if (typeof result === 'object' && result !== null && 'id' in result) created = String(result['id']);
    }
  }
}

/** The facts a mission must lead to: those of its tables after its steps, or as they were where it is impossible. */
export function wantedFacts(input: MissionInput, steps: readonly MissionStep[]): StateFacts {
  const world = startSimulation(input.tables);
  carryOut(input.world, world, steps);
  return stateFacts(world);
}
