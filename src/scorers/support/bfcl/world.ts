import { QwenEvalError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { CallToWrite } from '../../../text/tool-calls/format-tool-calls.ts';
import { parametersOf, requiredOf, type FunctionDoc } from './function-doc.ts';
import { parsePythonCall } from './python-call.ts';
import { failed, isJsonObject, type Backend } from './worlds/backend.ts';
import { openFileSystem } from './worlds/file-system.ts';
import { openMathApi } from './worlds/math-api.ts';
import { openMessageApi } from './worlds/message-api.ts';
import { openPostingApi } from './worlds/posting-api.ts';
import { openTicketApi } from './worlds/ticket-api.ts';
import { openTradingBot } from './worlds/trading-bot.ts';
import { openTravelBooking } from './worlds/travel-booking.ts';
import { openVehicleControl } from './worlds/vehicle-control.ts';

const openers: Readonly<Record<string, (config: JsonObject) => Backend>> = {
  GorillaFileSystem: openFileSystem,
  MathAPI: openMathApi,
  MessageAPI: openMessageApi,
  TwitterAPI: openPostingApi,
  TicketAPI: openTicketApi,
  TradingBot: openTradingBot,
  TravelAPI: openTravelBooking,
  VehicleControlAPI: openVehicleControl,
};

/** Where a conversation with tools begins. */
export interface WorldSetting {
  /** Services in play, by the names of the files. */
  readonly classes: readonly string[];
  /** Initial state by service. */
  readonly config: JsonObject;
  /** Every function of these services. */
  readonly functions: readonly FunctionDoc[];
}

/** Simulated services that functions act on. */
export interface World {
  /** Calls a function; what cannot be done is told by an `error` member, and nothing changes. */
  run(name: string, values: JsonObject): JsonObject;
  /** State of all services, by their names. */
  state(): JsonObject;
}

/** Opens a fresh world. Throws E_DATASET_INVALID for a service that is not simulated. */
export function openWorld({ classes, config, functions }: WorldSetting): World {
  const backends = classes.map((name): readonly [string, Backend] => {
    const open = openers[name];
    if (open === undefined) {
      throw new QwenEvalError('E_DATASET_INVALID', `the service ${name} is not simulated`, {
        hint: `simulated are ${Object.keys(openers).join(', ')}`,
      });
    }
    return [name, open(isJsonObject(config[name]) ? config[name] : {})];
  });
  const docs = new Map(functions.map((doc) => [doc.name, doc]));
  return {
    run(name, values) {
      const doc = docs.get(name);
      const act = backends.map(([, { functions: own }]) => own[name]).find((candidate) => candidate !== undefined);
      if (doc === undefined || act === undefined) return failed(`there is no function ${name}`);
      const missing = requiredOf(doc).find((key) => !Object.hasOwn(values, key));
      if (missing !== undefined) return failed(`${name} needs ${missing}`);
      const unknown = Object.keys(values).find((key) => !Object.hasOwn(parametersOf(doc), key));
      if (unknown !== undefined) return failed(`${name} has no parameter ${unknown}`);
      const result = act(values);
      // Text where a number is wanted.
      const isSound = Object.values(result).every((value) => typeof value !== 'number' || Number.isFinite(value));
      return isSound ? result : failed(`${name} needs numbers`);
    },
    state: () => Object.fromEntries(backends.map(([name, backend]) => [name, backend.state()])),
  };
}

/** A call of the ground truth with its values by name. Throws E_DATASET_INVALID for text that is no call of a known function. */
export function truthCall(text: string, functions: readonly FunctionDoc[]): CallToWrite {
  const call = parsePythonCall(text);
  const doc = functions.find(({ name }) => name === call?.name);
  if (call === null || doc === undefined) {
    throw new QwenEvalError('E_DATASET_INVALID', `the ground truth has no readable call in ${JSON.stringify(text)}`, {
      hint: 'use the original file',
    });
  }
  const names = Object.keys(parametersOf(doc));
  const placed = call.positional.map((value, index) => [names[index] ?? `argument_${index}`, value] as const);
  return { name: call.name, arguments: { ...Object.fromEntries(placed), ...call.named } };
}
