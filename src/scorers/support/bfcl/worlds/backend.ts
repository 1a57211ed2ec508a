import type { Json, JsonObject } from '../../../../core/json.ts';

/** Arguments of one call, by name. */
export type CallArguments = Readonly<Record<string, Json>>;

/** One simulated service: its functions and the state that is compared after each turn. */
export interface Backend {
  readonly functions: Readonly<Record<string, (values: CallArguments) => JsonObject>>;
  /** Everything a user could see of the service; plain JSON, never shared with the service itself. */
  state(): JsonObject;
}

/** An answer that says what went wrong; the state stays as it was. */
export const failed = (message: string): JsonObject => ({ error: message });

/** True for a JSON object. */
export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An argument as text; numbers are written out, anything else is ''. */
export function textOf(values: CallArguments, key: string): string {
  const value = values[key];
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';
}

/** An argument as a number; NaN when it is none. */
export const numberOf = (values: CallArguments, key: string): number => {
  const value = values[key];
  return typeof value === 'number' ? value : Number.NaN;
};

/** An argument as a list; empty when it is none. */
export const listOf = (values: CallArguments, key: string): readonly Json[] => {
  const value = values[key];
  return Array.isArray(value) ? (value as readonly Json[]) : [];
};

/** An argument that says nothing: left out, null or the word None. */
export const isNothing = (value: Json | undefined): value is null | undefined | 'None' =>
  value === undefined || value === null || value === 'None';

/** A copy that shares nothing with the original. */
export const copyOf = <Value extends Json>(value: Value): Value => structuredClone(value);
