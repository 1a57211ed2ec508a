import { canonicalJson } from '../core/canonical-json.ts';
import { llamaCppFlags } from './flags/llama-cpp.ts';
import { llamaServerFlags } from './flags/llama-server.ts';
import { ollamaFlags } from './flags/ollama.ts';
import { sglangFlags } from './flags/sglang.ts';
import { vllmFlags } from './flags/vllm.ts';
import type { Deployment, DeploymentInput, FlagTable } from './flags/flag-table.ts';
import type { Preset } from './presets.ts';

/** Every engine that takes presets. */
export const flagTables: readonly FlagTable[] = [vllmFlags, sglangFlags, llamaServerFlags, llamaCppFlags, ollamaFlags];

/** The flag table of an engine; null for one that takes no presets. */
export const flagTableOf = (engine: string): FlagTable | null =>
  flagTables.find((table) => table.engine === engine) ?? null;

/** Resolves a preset for an engine; says which of the other presets resolve to just the same. */
export function resolveDeployment(table: FlagTable, input: DeploymentInput, others: readonly Preset[]): Deployment {
  const deployment = table.resolve(input);
  const key = identity(deployment);
  const same = others
    .filter((preset) => preset.id !== input.preset.id)
    .filter((preset) => identity(table.resolve({ ...input, preset })) === key)
    .map((preset) => preset.id);
  if (same.length === 0) return deployment;
  const note = `on ${table.engine} this preset is the same as ${same.join(' and ')}`;
  return { ...deployment, notes: [...deployment.notes, note] };
}

const identity = ({ flags, environment, settings }: Deployment): string =>
  canonicalJson({ flags, environment, settings });
