import { runPlanSchema, type RunPlan, type TaskPlan } from '../../core/run-plan.ts';
import { identifyModel } from '../../presets/identify-model.ts';
import { sequenceHash } from '../../runner/content-hash.ts';
import { headlineOf } from '../../runner/headline-of.ts';
import type { ImportedLog } from './imported-log.ts';
import type { ResolvedTask } from './resolve-task.ts';

const unknownSampling = {
  temperature: null,
  topP: null,
  topK: null,
  minP: null,
  presencePenalty: null,
  repetitionPenalty: null,
  seed: null,
};

/** The plan an imported run would have had: what the log tells of it, the rest unknown. */
export function planImport(log: ImportedLog, tasks: readonly ResolvedTask[]): RunPlan {
  const identification = identifyModel({ described: null, root: null, requested: log.model, name: log.model });
  return runPlanSchema.parse({
    schemaVersion: 1,
    model: {
      requested: log.model,
      name: log.model,
      registryId: identification.model?.id ?? null,
      sha256: null,
      family: identification.model?.family.id ?? null,
      facts: { identifiedBy: identification.explanation, quantization: identification.quantization },
    },
    engine: {
      id: 'import',
      version: [log.tool, log.version].filter((part) => part !== null).join(' '),
      settings: log.settings,
      contextLength: null,
      templateSha256: log.templateSha256,
    },
    preset: {
      requested: 'imported',
      values: {},
      resolved: {},
      startConcurrency: 1,
      maxConcurrency: 1,
      observed: null,
      confirmed: 'unknown',
      notes: [`imported from a log of ${log.tool}: this program asked nothing, and no server was seen`],
    },
    mode: 'unspecified',
    thinking: { templateArguments: {}, requestFields: {}, keepsThinking: false },
    tasks: tasks.map(planTask),
    seed: 0,
    warnings: identification.warnings,
    responseRules: { allowUnverifiedData: false, allowUncertified: false },
  });
}

function planTask(resolved: ResolvedTask): TaskPlan {
  const { task, logged, settings, datasets, all, samples } = resolved;
  const answered = new Set([...samples.values()].map(({ id }) => id));
  const ids = all.map(({ id }) => id).filter((id) => answered.has(id));
  return {
    task: task.id,
    taskVersion: task.version,
    scorer: task.scorer.id,
    scorerVersion: task.scorer.version,
    ...headlineOf(task),
    settings,
    sampling: { ...unknownSampling, ...logged.sampling },
    epochs: Math.max(1, ...logged.samples.map(({ epoch }) => epoch + 1)),
    datasets,
    samples: { count: ids.length, digest: sequenceHash(ids), limit: null, sampleSeed: null },
    refused: null,
    warnings: [...logged.warnings, ...doubtsOf(resolved)],
  };
}

function doubtsOf({ task, logged, settings, samples, isForeignBecause }: ResolvedTask): readonly string[] {
  const isPart = task.sampleCount !== null && new Set(samples.values()).size < task.sampleCount;
  return [
    ...(isForeignBecause === null ? [] : [`${isForeignBecause}: scored from the questions and the key in the log`]),
    ...(logged.maxTokens === null && settings.choiceMode !== 'loglikelihood'
      ? ['the log does not say how many tokens an answer could have']
      : []),
    ...(task.sorted && isPart ? [`${task.id} is sorted by source: a part of it need not be representative`] : []),
  ];
}
