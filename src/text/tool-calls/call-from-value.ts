import type { Json, JsonObject } from '../../core/json.ts';
import { readJson } from '../json-reader.ts';
import type { CallContext, CallRepair } from './parsed-call.ts';

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** True when every parameter of the named tool may be left out; false for an unknown tool. */
export function takesNoArguments(name: string, { tools }: CallContext): boolean {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool === undefined || typeof tool.parameters === 'boolean') return false;
  const { required } = tool.parameters;
  return !Array.isArray(required) || required.length === 0;
}

/** A call as {name, arguments} with what had to be mended; `arguments` is null when they are not an object. */
export interface CallValue {
  readonly name: string;
  readonly arguments: JsonObject | null;
  readonly repairs: readonly CallRepair[];
}

/** Reads arguments: an object, or a string that holds one (unwrapped once), or nothing for a tool that needs nothing. */
export function readArguments(value: Json | undefined, name: string, context: CallContext): Omit<CallValue, 'name'> {
  if (isObject(value)) return { arguments: value, repairs: [] };
  const isEmpty = value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
  if (isEmpty) {
    return takesNoArguments(name, context)
      ? { arguments: {}, repairs: ['empty_arguments'] }
      : { arguments: null, repairs: [] };
  }
  if (typeof value !== 'string') return { arguments: null, repairs: [] };
  const inner = readJson(value);
  const isWhole = inner.fatal === null && value.slice(inner.end).trim() === '';
  if (!isWhole || !isObject(inner.value)) return { arguments: null, repairs: [] };
  const repairs: CallRepair[] = ['double_encoded_arguments'];
  if (inner.mended.length > 0) repairs.push('json_syntax');
  return { arguments: inner.value, repairs };
}

/** Reads a JSON value of the shape {name, arguments}; null when it has no such shape. */
export function callFromValue(value: Json | undefined, context: CallContext): CallValue | null {
  if (!isObject(value) || typeof value.name !== 'string' || value.name === '') return null;
  const hasArguments = 'arguments' in value;
  const read = readArguments(hasArguments ? value.arguments : value.parameters, value.name, context);
  const isRenamed = !hasArguments && 'parameters' in value;
  return { name: value.name, ...read, repairs: isRenamed ? ['arguments_key', ...read.repairs] : read.repairs };
}
