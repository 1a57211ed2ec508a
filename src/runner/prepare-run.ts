import type { Options } from '../config/options.ts';
import { isQwenEvalError, type QwenEvalError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { DatasetReader } from '../core/ports/dataset.ts';
import type { Engine, EngineDescription } from '../core/ports/engine.ts';
import type { Task, TaskSettings } from '../core/ports/task.ts';
import { runPlanSchema, type ResolvedPreset, type RunPlan, type TaskPlan } from '../core/run-plan.ts';
import type { SampleScore } from '../diagnosis/compare/task-scores.ts';
import type { Preset } from '../presets/presets.ts';
import { contentHash, textHash } from './content-hash.ts';
import { headlineOf } from './headline-of.ts';
import { loadTask } from './load-plugin.ts';
import { observedPreset, openTarget } from './open-target.ts';
import { isJudgeNamed, openJudge, type OpenJudge } from './open-judge.ts';
import { judgeMissing, judgeWarnings, planJudge } from './plan-judge.ts';
import { planModel, plannedThinking, type PlannedModel } from './plan-model.ts';
import type { PreparedRun, PreparedTask } from './prepared-run.ts';
import { promptTokenizer } from './prompt-tokenizer.ts';
import { readModelHeader } from './read-model-header.ts';
import { planSampling, samplingWarnings } from './plan-sampling.ts';
import { findPreset } from './resolve-preset.ts';
import { resolveTarget, type Target } from './resolve-target.ts';
import type { RunnerDependencies } from './runner-dependencies.ts';
import { selectSamples, type SampleSelection } from './select-samples.ts';
import { selectTasks } from './suites.ts';
import { settingsOf } from './task-settings.ts';
import { openBaseline, planUntilDecided, requireBaseline, shuffledSelection, type Baseline } from './until-decided.ts';
import { planWorkflow } from './workflow.ts';

/** Opens the engine, loads tasks and data, and fixes everything that decides what the run does. One mode at a time. */
export async function prepareRun(options: Options, dependencies: RunnerDependencies): Promise<PreparedRun> {
  const entries = selectTasks(options.tasks, options.suite);
  const tasks = await Promise.all(entries.map((entry) => loadTask(entry.task)));
  const baseline = options.untilDecided === null ? null : openBaseline(options.out, options.untilDecided);
  const quantization = options.quantization ?? findPreset(options).quantization;
  const target = await resolveTarget({ ...options, quantization }, dependencies.fetchModelFile);
  const { plugin } = target;
  const header = await readModelHeader(target, dependencies.fetchModelFile);
  const opened = await openTarget(options, { target, header, dependencies });
  const { engine, choice } = opened;
  let judge: OpenJudge | null = null;
  const close = async (): Promise<void> => {
    await Promise.all([engine.close(), judge?.close()]);
  };
  try {
    const isJudged = tasks.some((task) => task.needs.includes('judge')) && isJudgeNamed(options);
    judge = isJudged ? await openJudge(options, dependencies) : null;
    const description = await engine.describe(dependencies.signal);
    const preset = observedPreset(options, { opened, description });
    const model = planModel(options, { header, description });
    const context: PlanContext = {
      options,
      description,
      model,
      engine,
      judge,
      dependencies,
      preset: choice.definition,
      baseline,
      taskCount: tasks.length,
    };
    const prepared: PreparedTask[] = [];
    for (const [index, task] of tasks.entries()) {
      prepared.push(
        await prepareTask(task, { ...context, extra: { ...entries[index]?.extra, ...options.taskOptions } }),
      );
    }
    const plan = planOf(context, { target, preset, tasks: prepared.map((entry) => entry.plan) });
    if (baseline !== null) requireBaseline(plan, baseline);
    return {
      plan,
      planHash: contentHash(plan),
      options,
      tasks: prepared,
      engine,
      plugin,
      description,
      baseUrls: target.baseUrls,
      model,
      header,
      judge,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface PlanContext {
  readonly options: Options;
  readonly description: EngineDescription;
  readonly model: PlannedModel;
  readonly preset: Preset;
  readonly engine: Engine;
  readonly judge: OpenJudge | null;
  readonly dependencies: RunnerDependencies;
  /** The run to be decided against; null where nothing was asked. */
  readonly baseline: Baseline | null;
  readonly taskCount: number;
}

async function prepareTask(task: Task, context: PlanContext & { readonly extra: JsonObject }): Promise<PreparedTask> {
  const { options, baseline } = context;
  try {
    const settings = settingsOf(task, { ...context, ...context.model });
    const data = await context.dependencies.loadData(task.artefacts, task.id);
    const { engine, description, dependencies } = context;
    const { clock, signal } = dependencies;
    const tokenizer = task.needs.includes('tokenizer')
      ? promptTokenizer({ engine, description, extraBody: options.extraBody ?? {}, clock, signal })
      : null;
    const { contextLength } = description;
    const selection = await selectSamples(() => task.loadSamples({ data, settings, tokenizer, contextLength }), {
      ...options,
      ids: options.samples,
    });
    const datasets = [...data.files.values()]
      .map(({ name, sha256, verified }) => ({ name, sha256, verified }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const judging = await judgingOf(task, { ...context, data, settings });
    const plan: TaskPlan = {
      ...identityOf(task),
      settings,
      sampling: planSampling(task, samplingInput(context)),
      epochs: options.epochs,
      datasets,
      samples: {
        count: selection.count,
        digest: selection.digest,
        limit: options.limit,
        sampleSeed: options.sampleSeed,
        ...(options.samples === null ? {} : { ids: options.samples }),
      },
      ...planWorkflow(task, { options, settings }),
      ...planUntilDecided(options, { baseline, tasks: context.taskCount }),
      ...judging.plan,
      warnings: [
        ...judging.warnings,
        ...[task.leftOut?.({ settings, contextLength }) ?? []].flat().map((text) => `${task.id}: ${text}`),
        ...warningsOf(task, { options, selection, isVerified: datasets.every((file) => file.verified) }),
        ...samplingWarnings(task, samplingInput(context)),
      ],
    };
    const goldSettings = { ...settings, size: task.defaults.size ?? goldSize };
    return {
      plan,
      task,
      selection: baseline === null ? selection : shuffledSelection(selection, task.id),
      ...(baseline === null ? {} : { baseline: baseline.scores.get(task.id) ?? new Map<string, SampleScore>() }),
      loadGold: () => task.loadSamples({ data, settings: goldSettings, tokenizer, contextLength }),
    };
  } catch (error) {
    if (!isQwenEvalError(error) || !refusable.has(error.code)) throw error;
    return { plan: refusedPlan(task, { context, error }), task, selection: null, loadGold: null };
  }
}

/** The judge's part of a task's plan. Without a judge the task is refused, but its answers are made for a later one. */
async function judgingOf(
  task: Task,
  context: PlanContext & { readonly data: DatasetReader; readonly settings: TaskSettings },
): Promise<{ readonly plan: Pick<TaskPlan, 'judge' | 'refused'>; readonly warnings: readonly string[] }> {
  const { judge, description, data, settings } = context;
  if (!task.needs.includes('judge')) return { plan: { refused: null }, warnings: [] };
  if (judge === null) {
    const { code, message, hint } = judgeMissing(task.id);
    return { plan: { refused: { code, message, hint } }, warnings: [] };
  }
  const { name, sha256 } = description.model;
  const model = { name, sha256, family: context.model.guidance.family };
  const plan = await planJudge(task, { judge, model, data, settings });
  return { plan: { judge: plan, refused: null }, warnings: judgeWarnings(task.id, plan, model) };
}

/** Samples a synthetic task is certified over. */
const goldSize = 200;

/** Faults of one task that leave the others untouched. */
const refusable = new Set<string>([
  'E_CAPABILITY',
  'E_DATASET_MISSING',
  'E_DATASET_HASH',
  'E_DATASET_INVALID',
  'E_DATASET_EMPTY',
  'E_FILE_UNREADABLE',
  'E_OFFLINE',
  'E_HUB',
]);

const identityOf = (task: Task) => ({
  task: task.id,
  taskVersion: task.version,
  scorer: task.scorer.id,
  scorerVersion: task.scorer.version,
  ...headlineOf(task),
});

function refusedPlan(task: Task, input: { readonly context: PlanContext; readonly error: QwenEvalError }): TaskPlan {
  const { context, error } = input;
  return {
    ...identityOf(task),
    settings: {
      fewShot: task.defaults.fewShot,
      choiceMode: null,
      maxTokens: task.defaults.maxTokens,
      toolFormat: null,
      seed: context.options.seed,
      split: context.options.split,
      size: 1,
      extra: {},
    },
    sampling: planSampling(task, samplingInput(context)),
    epochs: context.options.epochs,
    datasets: [],
    samples: { count: 0, digest: '', limit: context.options.limit, sampleSeed: context.options.sampleSeed },
    refused: { code: error.code, message: error.message, hint: error.hint },
    warnings: [],
  };
}

const samplingInput = ({ options, model, preset }: PlanContext) => ({
  options,
  guidance: model.guidance,
  mode: model.mode,
  agentTemperature: preset.agentTemperature,
});

function warningsOf(
  task: Task,
  input: { readonly options: Options; readonly selection: SampleSelection; readonly isVerified: boolean },
): readonly string[] {
  const { options, selection, isVerified } = input;
  const isPart = options.limit !== null && (task.sampleCount === null ? false : selection.count < task.sampleCount);
  return [
    ...(task.sorted && isPart && options.sampleSeed === null
      ? [
          `${task.id} is sorted by source: its first ${selection.count} samples are not representative; use --sample-seed`,
        ]
      : []),
    ...(isVerified ? [] : [`${task.id} ran on data whose sha256 is not known: no reference score applies`]),
  ];
}

function planOf(
  context: PlanContext,
  input: { readonly target: Target; readonly preset: ResolvedPreset; readonly tasks: readonly TaskPlan[] },
): RunPlan {
  const { options, description, model } = context;
  const { identification, guidance, mode } = model;
  const template = description.chatTemplate?.source ?? null;
  return runPlanSchema.parse({
    schemaVersion: 1,
    model: {
      requested: options.model,
      name: description.model.name,
      registryId: identification.model?.id ?? null,
      sha256: description.model.sha256,
      family: guidance.family,
      facts: {
        ...description.model.facts,
        identifiedBy: identification.explanation,
        quantization: description.model.facts['quantization'] ?? identification.quantization,
      },
    },
    engine: {
      id: description.engine,
      version: description.version,
      settings: description.settings,
      contextLength: description.contextLength,
      templateSha256: template === null ? null : textHash(template),
    },
    preset: input.preset,
    mode,
    thinking: plannedThinking(model),
    tasks: input.tasks,
    seed: options.seed,
    warnings: identification.warnings,
    responseRules: { allowUnverifiedData: options.allowUnverifiedData, allowUncertified: options.uncertified },
  });
}
