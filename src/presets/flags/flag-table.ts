import { QwenEvalError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { compareVersions } from '../compare-versions.ts';
import type { RegistryModel } from '../model-registry.ts';
import type { Preset } from '../presets.ts';

/** One flag of an engine's command line and the versions that have it. */
export interface FlagRow {
  readonly flag: string;
  /** First version that has it; left out, every version the table covers. */
  readonly since?: string;
  /** First version that refuses it. */
  readonly removed?: string;
  /** What to use in its place; null when nothing is needed. */
  readonly replacement?: string | null;
  /** Where this is from. */
  readonly source: string;
}

/** What a preset is resolved for. */
export interface DeploymentInput {
  readonly preset: Preset;
  /** Of the engine; null when unknown, which counts as the newest. */
  readonly version: string | null;
  /** Flags that the installed engine lists itself; null when it was not asked. */
  readonly knownFlags: ReadonlySet<string> | null;
  /** Null when the model is in no registry. */
  readonly model: RegistryModel | null;
  /** Tokens of context the weights were trained for; null when unknown. */
  readonly trainedContext: number | null;
  /** Context the user asked for; null is the preset's. */
  readonly contextLength: number | null;
  /** Quantisation that the weights as they are named do not have and the engine is to make; null when there is none to make. */
  readonly quantization: string | null;
  /** CPU threads; null is the engine's choice. */
  readonly threads: number | null;
}

/** What an engine does of a preset; null where the engine has no such setting. */
export interface DeploymentValues {
  readonly gpuMemoryFraction: number | null;
  readonly sequences: number | null;
  /** Tokens of one request, prompt and output together. */
  readonly contextLength: number | null;
  readonly prefixCaching: boolean | null;
  readonly kvCacheType: string | null;
}

/** A preset as one engine is started with it. */
export interface Deployment {
  /** Flags of the command line in order; true is a switch. Empty for an engine without one. */
  readonly flags: Readonly<Record<string, string | number | true>>;
  readonly environment: Readonly<Record<string, string>>;
  /** Settings of an engine that has no command line. */
  readonly settings: Readonly<Record<string, Json>>;
  readonly values: DeploymentValues;
  /** Requests the engine works on together. */
  readonly sequences: number;
  /** What a user must see: flags left out, weights or versions that do not fit. */
  readonly notes: readonly string[];
  /** What the engine's kind makes of the preset. */
  readonly remarks: readonly string[];
}

/** Weights as an engine is told of them. */
export interface NamedWeights {
  /** Registry id. */
  readonly model: string;
  /** Repository on the hub. */
  readonly hubId: string;
  /** File in it; null for a whole repository. */
  readonly file: string | null;
  readonly quantization: string | null;
  /** Preset it is started for. */
  readonly preset: string;
}

/** How a user starts an engine. */
export interface EngineStart {
  readonly weights: 'hub' | 'gguf';
  readonly hardware: 'gpu' | 'cpu';
  /** Words of the command before the preset's flags. */
  readonly command: (weights: NamedWeights) => readonly string[];
  /** Flag that shares the work among several cards; null where none is needed. */
  readonly cardsFlag: string | null;
}

/** How one engine takes presets. */
export interface FlagTable {
  /** Engine id; equals the file name. */
  readonly engine: string;
  /** Newest version the table was reviewed with, and when. */
  readonly reviewed: { readonly version: string | null; readonly date: string };
  /** Versions at which the resolution changes, oldest first; empty for an engine without versions of its own. */
  readonly versions: readonly string[];
  readonly rows: readonly FlagRow[];
  /** Null where the weights are not named in a command. */
  readonly start: EngineStart | null;
  readonly resolve: (input: DeploymentInput) => Deployment;
}

/** Whether a version has a flag; the list of an installed engine decides before the table. */
export function hasFlag(
  table: Pick<FlagTable, 'rows'>,
  flag: string,
  input: Pick<DeploymentInput, 'version' | 'knownFlags'>,
): boolean {
  if (input.knownFlags !== null) return input.knownFlags.has(flag);
  const row = table.rows.find((candidate) => candidate.flag === flag);
  if (row === undefined) return false;
  const { version } = input;
  if (version === null) return row.removed === undefined;
  const isOld = row.since !== undefined && (compareVersions(version, row.since) ?? 0) < 0;
  const isGone = row.removed !== undefined && (compareVersions(version, row.removed) ?? 1) >= 0;
  return !isOld && !isGone;
}

/** Keeps the flags that the version has; each one left out becomes a note with what replaced it. */
export function keepKnownFlags(
  table: Pick<FlagTable, 'rows' | 'engine'>,
  flags: Readonly<Record<string, string | number | true>>,
  input: Pick<DeploymentInput, 'version' | 'knownFlags'>,
): Pick<Deployment, 'flags' | 'notes'> {
  const entries = Object.entries(flags);
  const dropped = entries.filter(([flag]) => !hasFlag(table, flag, input)).map(([flag]) => flag);
  return {
    flags: Object.fromEntries(entries.filter(([flag]) => !dropped.includes(flag))),
    notes: dropped.map((flag) =>
      `${table.engine} ${input.version ?? ''} has no ${flag}: left out`.replace(/ {2}/, ' '),
    ),
  };
}

/** Refuses flags of the user that the version no longer has, with what replaced them. Throws E_OPTION_INVALID. */
export function refuseRemovedFlags(table: FlagTable, args: readonly string[], version: string | null): void {
  for (const argument of args) {
    const flag = argument.split('=')[0] ?? '';
    const row = table.rows.find((candidate) => candidate.flag === flag);
    if (row?.removed === undefined || hasFlag(table, flag, { version, knownFlags: null })) continue;
    const replaced = row.replacement ? `use ${row.replacement}` : 'leave it out: nothing is needed in its place';
    throw new QwenEvalError(
      'E_OPTION_INVALID',
      `${table.engine} ${version ?? '(newest)'} has no ${flag}: it is gone since ${row.removed}`,
      { hint: replaced },
    );
  }
}

/** The command line arguments of a deployment's flags. */
export const flagArguments = (flags: Deployment['flags']): readonly string[] =>
  Object.entries(flags).flatMap(([flag, value]) => (value === true ? [flag] : [flag, String(value)]));

/** Flags whose value is there. */
export const givenFlags = (
  flags: Readonly<Record<string, string | number | boolean | null | undefined>>,
): Readonly<Record<string, string | number | true>> =>
  Object.fromEntries(
    Object.entries(flags).filter(
      (entry): entry is [string, string | number | true] =>
        entry[1] !== null && entry[1] !== undefined && entry[1] !== false,
    ),
  );
