import { canonicalJson } from '../core/canonical-json.ts';
import type { JsonObject } from '../core/json.ts';
import { flagArguments, type Deployment, type DeploymentInput, type FlagTable } from './flags/flag-table.ts';
import type { Preset } from './presets.ts';
import { flagTables, resolveDeployment } from './resolve-deployment.ts';

/** A preset on one engine, for the versions from `version` to the next one listed. */
export interface DescribedDeployment {
  readonly engine: string;
  /** First version it holds for; null for every version. */
  readonly version: string | null;
  readonly reviewed: string;
  readonly flags: JsonObject;
  readonly commandLine: string;
  readonly environment: JsonObject;
  readonly settings: JsonObject;
  readonly notes: readonly string[];
  readonly remarks: readonly string[];
}

/** A flag that is never sent to the versions that no longer have it. */
export interface RemovedFlag {
  readonly engine: string;
  readonly flag: string;
  readonly removed: string;
  readonly replacement: string | null;
  readonly source: string;
}

/** What a preset is described for. */
export interface DescriptionRequest extends Omit<DeploymentInput, 'preset' | 'version' | 'knownFlags'> {
  /** Every preset, to say which are the same. */
  readonly presets: readonly Preset[];
  /** Engine id; null is all of them. */
  readonly engine: string | null;
}

/** Shows what a preset is on each engine by version, the newest first, and which flags are gone. */
export function describePreset(
  preset: Preset,
  request: DescriptionRequest,
): { readonly deployments: readonly DescribedDeployment[]; readonly removedFlags: readonly RemovedFlag[] } {
  const tables = flagTables.filter((table) => request.engine === null || table.engine === request.engine);
  return {
    deployments: tables.flatMap((table) => onEngine(table, { preset, request })),
    removedFlags: tables.flatMap((table) =>
      table.rows.flatMap(({ flag, removed, replacement, source }) =>
        removed === undefined
          ? []
          : [{ engine: table.engine, flag, removed, replacement: replacement ?? null, source }],
      ),
    ),
  };
}

function onEngine(
  table: FlagTable,
  { preset, request }: { readonly preset: Preset; readonly request: DescriptionRequest },
): readonly DescribedDeployment[] {
  const versions = table.versions.length === 0 ? [null] : table.versions;
  const described: DescribedDeployment[] = [];
  let last = '';
  for (const version of versions) {
    const deployment = resolveDeployment(table, { ...request, preset, version, knownFlags: null }, request.presets);
    const key = canonicalJson({ ...deployment, values: { ...deployment.values } });
    if (key === last) continue;
    last = key;
    described.push(describe(table, { version, deployment }));
  }
  return described.toReversed();
}

const describe = (
  table: FlagTable,
  { version, deployment }: { readonly version: string | null; readonly deployment: Deployment },
): DescribedDeployment => ({
  engine: table.engine,
  version,
  reviewed: [table.reviewed.version, table.reviewed.date].filter((part) => part !== null).join(', '),
  flags: { ...deployment.flags },
  commandLine: flagArguments(deployment.flags).map(quoted).join(' '),
  environment: { ...deployment.environment },
  settings: { ...deployment.settings },
  notes: deployment.notes,
  remarks: deployment.remarks,
});

const quoted = (argument: string): string => (/[\s{}"'[\]]/.test(argument) ? `'${argument}'` : argument);
