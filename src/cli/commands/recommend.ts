import { cpus, totalmem } from 'node:os';
import type { Options } from '../../config/options.ts';
import { exitCodes, QwenEvalError } from '../../core/errors.ts';
import { findModel } from '../../presets/find-model.ts';
import { modelRegistry, type RegistryModel } from '../../presets/model-registry.ts';
import { allPresets } from '../../presets/presets.ts';
import { formatRecommendation } from '../../reports/recommendation.ts';
import { commandRunner } from '../../telemetry/command-runner.ts';
import { describeMachine } from '../../telemetry/describe-machine.ts';
import type { DeploymentNeeds } from '../../tracker/recommend/deployment-needs.ts';
import { describeAdvice } from '../../tracker/recommend/describe-advice.ts';
import { machineHardware, namedHardware, type Hardware } from '../../tracker/recommend/hardware.ts';
import { measuredScores, measuredSystems } from '../../tracker/recommend/measured-evidence.ts';
import { recommendDeployment } from '../../tracker/recommend/recommend-deployment.ts';
import type { TrackedRun } from '../../tracker/tracked-run.ts';
import { measuredBandwidth } from '../../tracker/recommend/measured-bandwidth.ts';
import { updateTracker } from '../../tracker/update-tracker.ts';
import { defineCommand, type Invocation } from '../command.ts';
import { trackerCatalogue } from '../tracker-catalogue.ts';

export default defineCommand({
  id: 'recommend',
  summary: 'say which preset suits which tasks and what to deploy on given hardware, with the evidence',
  arguments: [],
  example: 'qwen-eval recommend --gpu "RTX 4090" --category code --quality-floor 0.6 --latency-slo 500',
  run: async (invocation) => {
    const { options } = invocation;
    const needs = needsOf(options);
    const catalogue = await trackerCatalogue(options);
    const { tracker, runs } = updateTracker({ path: null, out: options.out, catalogue });
    const advice = recommendDeployment(
      {
        models: modelsOf(options),
        presets: presetsOf(invocation),
        engine: options.engine,
        quantization: options.quantization,
      },
      {
        hardware: await hardwareOf(options, runs),
        needs,
        evidence: {
          scores: measuredScores(runs, { cells: tracker.cells, tasks: catalogue.tasks }),
          systems: measuredSystems(runs),
        },
        basePreset: catalogue.basePreset,
      },
    );
    const matrix = tracker.matrix.filter(({ category }) => needs.category === null || category === needs.category);
    const bestByTask = tracker.bestByTask.filter(
      ({ category }) => needs.category === null || category === needs.category,
    );
    const document = { matrix, bestByTask, deployment: describeAdvice(advice) };
    return { exitCode: exitCodes.ok, document, text: formatRecommendation(document) };
  },
});

function needsOf(options: Options): DeploymentNeeds {
  const { category, qualityFloor, latencySlo, maxModelLen, budget, pricePerHour } = options;
  if (budget !== null && pricePerHour === null) {
    throw new QwenEvalError('E_OPTION_INVALID', '--budget needs the price of the hardware', {
      hint: 'give --price-per-hour in the same currency',
    });
  }
  return {
    category,
    qualityFloor,
    latencyMs: latencySlo,
    contextTokens: maxModelLen,
    budgetPerMillionTokens: budget,
    pricePerHour,
  };
}

/** The model that is asked for, or every one that follows instructions. */
function modelsOf({ model }: Options): readonly RegistryModel[] {
  if (model === null) return modelRegistry().filter(({ variant }) => variant !== 'base');
  const { match, suggestions } = findModel(model);
  if (match?.kind === 'exact') return [match.model];
  throw new QwenEvalError('E_MODEL_UNKNOWN', `there is no model ${model} in the registry`, {
    hint: suggestions.length === 0 ? 'see `qwen-eval list models`' : `did you mean ${suggestions.join(' or ')}?`,
  });
}

function presetsOf({ options, sources }: Invocation) {
  const all = allPresets(options.presets);
  if (sources.preset === 'default') return all;
  const chosen = all.filter(({ id }) => id === options.preset);
  if (chosen.length > 0) return chosen;
  throw new QwenEvalError('E_PRESET_UNKNOWN', `there is no preset ${options.preset}`, {
    hint: `presets: ${all.map(({ id }) => id).join(', ')}`,
  });
}

async function hardwareOf({ gpu, gpuCount, gpuMemory }: Options, runs: readonly TrackedRun[]): Promise<Hardware> {
  if (gpu !== null) return namedHardware({ gpu, count: gpuCount ?? 1, memoryGib: gpuMemory });
  const { cards } = await describeMachine(commandRunner());
  return machineHardware({
    cards: gpuCount === null ? cards : cards.slice(0, gpuCount),
    processor: cpus()[0]?.model.trim() ?? 'processor',
    memoryBytes: totalmem(),
    memoryBandwidth: measuredBandwidth(runs),
  });
}
