import { isQwenEvalError } from '../../core/errors.ts';
import { kvElementBytes } from '../../presets/architecture.ts';
import { flagArguments, type Deployment, type FlagTable } from '../../presets/flags/flag-table.ts';
import { estimateMemory, fitMemory, type MemoryDemand } from '../../presets/memory-estimate.ts';
import type { RegistryModel } from '../../presets/model-registry.ts';
import { decodeLimit, prefillLimit } from '../../presets/physics.ts';
import type { Preset } from '../../presets/presets.ts';
import { flagTables, resolveDeployment } from '../../presets/resolve-deployment.ts';
import type { DeploymentCandidate } from './deployment-candidate.ts';
import type { DeploymentNeeds } from './deployment-needs.ts';
import type { Hardware } from './hardware.ts';

/** What may be deployed; null does not narrow. */
export interface CandidateScope {
  readonly models: readonly RegistryModel[];
  readonly presets: readonly Preset[];
  readonly engine: string | null;
  readonly quantization: string | null;
}

/** Candidates that have room, and how many were left out for which reason. */
export interface ListedCandidates {
  readonly candidates: readonly DeploymentCandidate[];
  readonly left: Readonly<Record<string, number>>;
}

/** What an engine of a graphics card needs beside weights and cache. */
const cardOverheadBytes = 2 * 2 ** 30;

/** Prompt that the least time to the first token is reckoned with. */
export const assumedPromptTokens = 1000;

interface Weights {
  readonly quantization: string | null;
  readonly hubId: string;
  /** Null for a whole repository. */
  readonly file: string | null;
}

/** Lists model × weights × engine × preset that have room for one sequence of the wanted context. */
export function listCandidates(
  scope: CandidateScope,
  context: { readonly hardware: Hardware; readonly needs: DeploymentNeeds },
): ListedCandidates {
  const candidates: DeploymentCandidate[] = [];
  const left: Record<string, number> = {};
  for (const model of scope.models) {
    for (const weights of weightsOf(model).filter((one) => isWanted(one, scope))) {
      for (const table of tablesFor(weights, { ...context, scope })) {
        for (const preset of scope.presets) {
          const found = candidateOf({ model, weights, table, preset }, { ...context, presets: scope.presets });
          if (typeof found === 'string') left[found] = (left[found] ?? 0) + 1;
          else candidates.push(found);
        }
      }
    }
  }
  return { candidates, left };
}

const tablesFor = (
  { file }: Weights,
  { hardware, scope }: { readonly hardware: Hardware; readonly scope: CandidateScope },
): readonly FlagTable[] =>
  flagTables.filter(
    ({ engine, start }) =>
      start !== null &&
      start.hardware === hardware.kind &&
      start.weights === (file === null ? 'hub' : 'gguf') &&
      (scope.engine === null || engine === scope.engine),
  );

/** Quantisations made for accelerators that none of the engines and cards here are. */
const forOtherHardware = /^ascend/;

const weightsOf = ({ hubId, repositories, gguf }: RegistryModel): readonly Weights[] => [
  { quantization: null, hubId, file: null },
  ...repositories
    .filter(({ quantization }) => !forOtherHardware.test(quantization))
    .map((row) => ({ quantization: row.quantization, hubId: row.hubId, file: null })),
  ...Object.keys(gguf?.quantizations ?? {}).map((quantization) => ({
    quantization: quantization.toLowerCase(),
    hubId: gguf?.hubId ?? hubId,
    file: gguf?.file.replace('{quantization}', quantization) ?? null,
  })),
];

const isWanted = ({ quantization }: Weights, scope: CandidateScope): boolean =>
  scope.quantization === null || (quantization ?? 'none') === scope.quantization.toLowerCase().replaceAll('-', '_');

interface Choice {
  readonly model: RegistryModel;
  readonly weights: Weights;
  readonly table: FlagTable;
  readonly preset: Preset;
}

function candidateOf(
  choice: Choice,
  context: { readonly hardware: Hardware; readonly needs: DeploymentNeeds; readonly presets: readonly Preset[] },
): DeploymentCandidate | string {
  const { model, weights, table, preset } = choice;
  const { hardware, needs } = context;
  const deployment = deploymentOf(choice, { needs, presets: context.presets });
  if (typeof deployment === 'string') return deployment;
  const contextTokens = deployment.values.contextLength ?? needs.contextTokens ?? preset.maxModelLen;
  if (needs.contextTokens !== null && contextTokens < needs.contextTokens)
    return 'its context is shorter than what is needed';
  const share = hardware.kind === 'gpu' ? preset.gpuMemoryFraction : 1;
  const demand: MemoryDemand = {
    architecture: model.architecture,
    quantization: weights.quantization,
    weightBytes: null,
    sequences: deployment.sequences,
    contextTokens,
    kvType: deployment.values.kvCacheType ?? 'auto',
    overheadBytes: hardware.kind === 'gpu' ? cardOverheadBytes * hardware.count : 0,
  };
  const estimate = estimateMemory(demand);
  if (typeof estimate === 'string') return estimate;
  const availableBytes = hardware.memoryBytes * share;
  const fit = fitMemory(demand, estimate, availableBytes);
  if (!fit.fits) return 'it has no room for one sequence of the context';
  const sequences = Math.min(fit.fullSequences, deployment.sequences);
  return {
    model,
    weights: [weights.hubId, weights.file].filter((part) => part !== null).join(' '),
    engine: table.engine,
    quantization: weights.quantization,
    preset,
    deployment,
    command: commandOf(choice, { deployment, hardware }),
    memory: {
      estimatedBytes: Math.min(estimate.totalBytes, availableBytes),
      availableBytes,
      fullSequences: fit.fullSequences,
      contextTokens,
    },
    ...limitsOf(demand, { hardware, sequences: Math.max(1, sequences) }),
  };
}

function deploymentOf(
  { model, table, preset }: Choice,
  { needs, presets }: { readonly needs: DeploymentNeeds; readonly presets: readonly Preset[] },
): Deployment | string {
  try {
    return resolveDeployment(
      table,
      {
        preset,
        version: null,
        knownFlags: null,
        model,
        trainedContext: model.contextLength,
        contextLength: needs.contextTokens,
        // The weights are named as they are quantised: the engine makes nothing of them.
        quantization: null,
        threads: null,
      },
      presets,
    );
  } catch (error) {
    if (!isQwenEvalError(error)) throw error;
    return 'its context cannot be as long as what is needed';
  }
}

function limitsOf(
  demand: MemoryDemand,
  { hardware, sequences }: { readonly hardware: Hardware; readonly sequences: number },
): Pick<DeploymentCandidate, 'limitTokensPerSecond' | 'leastFirstTokenMs'> {
  const { device } = hardware;
  if (device === null) return { limitTokensPerSecond: null, leastFirstTokenMs: null };
  const speed = {
    architecture: demand.architecture,
    quantization: demand.quantization,
    weightBytes: null,
    kvElementBytes: kvElementBytes(demand.kvType) ?? 2,
    device,
    devices: hardware.count,
  };
  const decode = decodeLimit({ ...speed, sequences, contextTokens: assumedPromptTokens, tokensPerStep: 1 });
  const prefill = prefillLimit(speed);
  return {
    limitTokensPerSecond: decode?.tokensPerSecond ?? null,
    leastFirstTokenMs: prefill === null ? null : (assumedPromptTokens / prefill) * 1000,
  };
}

const quoted = (argument: string): string => (/[\s{}"'[\]]/.test(argument) ? `'${argument}'` : argument);

/** The command that starts the engine, with several cards joined. */
function commandOf(
  { model, weights, table, preset }: Choice,
  { deployment, hardware }: { readonly deployment: Deployment; readonly hardware: Hardware },
): string {
  const { start } = table;
  if (start === null) return '';
  const environment = Object.entries(deployment.environment).map(([name, value]) => `${name}=${value}`);
  const cards = start.cardsFlag !== null && hardware.count > 1 ? [start.cardsFlag, String(hardware.count)] : [];
  const words = start.command({ ...weights, model: model.id, preset: preset.id });
  return [...environment, ...[...words, ...flagArguments(deployment.flags), ...cards].map(quoted)].join(' ');
}
