import type { Json, JsonObject } from '../../core/json.ts';
import type { ToolDefinition } from '../../core/message.ts';
import { requestAccess, type Simulation } from './simulation.ts';

/** Arguments that passed the tool's schema, defaults filled in. */
export type Arguments = Readonly<Record<string, Json>>;

/** A tool of a world with what it does. */
export interface WorldTool {
  readonly definition: ToolDefinition;
  /** Schemas of its arguments by name. */
  readonly properties: Readonly<Record<string, JsonObject>>;
  readonly isWrite: boolean;
  /** The id that a write is about, for rules about what must be left alone; null for creations and reads. */
  readonly subject: string | null;
  readonly run: (world: Simulation, given: Arguments) => Json;
}

/** A set of tools over the same tables. */
export interface World {
  readonly id: string;
  readonly tools: readonly WorldTool[];
}

interface ToolShape {
  readonly name: string;
  readonly description: string;
  readonly properties: Readonly<Record<string, JsonObject>>;
  readonly run: WorldTool['run'];
}

/** Names of the arguments that a tool needs: all without a default. */
export const requiredOf = ({ properties }: Pick<WorldTool, 'properties'>): readonly string[] =>
  Object.entries(properties)
    .filter(([, schema]) => !('default' in schema))
    .map(([key]) => key);

/** Every property without a default is required, and no other one is taken. */
function toolOf({
  name,
  description,
  properties,
  run,
}: ToolShape): Pick<WorldTool, 'definition' | 'properties' | 'run'> {
  const parameters = { type: 'object', properties, required: requiredOf({ properties }), additionalProperties: false };
  return { definition: { name, description, parameters }, properties, run };
}

/** A tool that only looks. */
export const reading = (shape: ToolShape): WorldTool => ({ ...toolOf(shape), isWrite: false, subject: null });

/** A tool that changes something; `subject` names the argument that says what. */
export const writing = (shape: ToolShape & { readonly subject?: string }): WorldTool => ({
  ...toolOf(shape),
  isWrite: true,
  subject: shape.subject ?? null,
});

export const text: JsonObject = { type: 'string', minLength: 1 };
export const count: JsonObject = { type: 'integer', minimum: 0 };
export const cursor: JsonObject = {
  type: 'integer',
  minimum: 0,
  default: 0,
  description: 'next_cursor of the page before',
};

/** One of some words. */
export const oneOf = (...values: readonly string[]): JsonObject => ({ type: 'string', enum: values });

/** Reasons for which a request cannot be met. */
export const impossibleReasons = ['not_found', 'not_enough', 'permission_denied'] as const;

/** Tools of every world. */
export const commonTools: readonly WorldTool[] = [
  reading({
    name: 'request_access',
    description: 'Asks for access to a locked record.',
    properties: { id: text },
    run: (world, { id }) => requestAccess(world, id),
  }),
  reading({
    name: 'report_impossible',
    description:
      'Reports that the request cannot be met, with the reason and the name of what stands in the way, as the request calls it.',
    properties: { reason_code: oneOf(...impossibleReasons), blocking_entity: text },
    run: () => ({ reported: true }),
  }),
];

/** Arguments with the schema's defaults for what is missing. */
export function withDefaults({ properties }: WorldTool, given: Arguments): Arguments {
  const defaults = Object.entries(properties).flatMap(([key, { default: value }]): [string, Json][] =>
    value === undefined ? [] : [[key, value]],
  );
  return { ...Object.fromEntries(defaults), ...given };
}
