import type { Engine } from '../../src/core/ports/engine.ts';
import { defineScorer } from '../../src/core/ports/scorer.ts';
import { defineTask, type Task } from '../../src/core/ports/task.ts';
import type { RunDocument } from '../../src/core/run-document.ts';
import type { RunPlan } from '../../src/core/run-plan.ts';
import { greedySampling } from '../../src/core/sampling.ts';
import { noExtraction } from '../../src/core/score.ts';
import { systemClock } from '../../src/runner/clock.ts';
import { contentHash } from '../../src/runner/content-hash.ts';
import { loadEngine } from '../../src/runner/load-plugin.ts';
import { planModel } from '../../src/runner/plan-model.ts';
import type { PreparedRun } from '../../src/runner/prepared-run.ts';
import type { RunnerDependencies } from '../../src/runner/runner-dependencies.ts';
import { completeOptions, type RunOptions } from '../../src/runner/run.ts';
import { selectSamples } from '../../src/runner/select-samples.ts';
import { proportionEstimate } from '../../src/stats/proportion-estimate.ts';

/** A task of `count` questions "what is N?" whose right answer is N. */
export function echoTask(count: number): Task {
  return defineTask<number, string>({
    id: 'echo_task',
    title: 'repeat a number',
    version: 1,
    kind: 'text',
    category: 'math',
    licence: 'none',
    artefacts: [],
    needs: [],
    sampleCount: count,
    chanceLevel: null,
    sorted: false,
    choiceModes: [],
    defaults: { fewShot: 0, maxTokens: 64 },
    dialogueBudget: null,
    references: [],
    scorer: defineScorer<number, string>({
      id: 'echo',
      version: 1,
      score: ({ sample, response }) => {
        const right = response.answer.includes(sample.target);
        return {
          kind: 'scored',
          score: right ? 1 : 0,
          extraction: right ? { value: sample.target, method: 'echo', span: null, candidates: 1 } : noExtraction,
          measures: {},
          codes: right ? [] : ['answer.wrong'],
          explanation: right ? null : `the answer is not ${sample.target}`,
        };
      },
      gold: () => [],
      wrong: () => [],
    }),
    metrics: [
      {
        id: 'accuracy',
        title: 'accuracy',
        higherIsBetter: true,
        range: [0, 1],
        estimate: (rows) =>
          proportionEstimate(
            rows.reduce((sum, row) => sum + row.score, 0),
            rows.length,
          ),
      },
    ],
    loadSamples: () =>
      Promise.resolve(
        (function* () {
          for (let index = 0; index < count; index++) {
            yield {
              id: `n/${index}`,
              category: index % 2 === 0 ? 'even' : 'odd',
              cluster: null,
              input: index,
              target: `<${index}>`,
            };
          }
        })(),
      ),
    render: (sample) => ({ kind: 'chat', messages: [{ role: 'user', content: `what is <${sample.input}>?` }] }),
  });
}

export const testDependencies: RunnerDependencies = {
  clock: systemClock,
  random: Math.random,
  loadData: () => Promise.reject(new Error('no data in this test')),
  fetchModelFile: () => Promise.reject(new Error('no model files in this test')),
  log: () => undefined,
};

export interface PreparedRunRequest {
  readonly engine: Engine;
  readonly tasks: readonly Task[];
  readonly options?: RunOptions;
}

/** A prepared run over given tasks and an open engine, with everything else at its default. */
export async function preparedRun({ engine, tasks, options: given = {} }: PreparedRunRequest): Promise<PreparedRun> {
  const options = completeOptions(given);
  const description = await engine.describe();
  const entries = await Promise.all(
    tasks.map(async (task) => {
      const settings = {
        fewShot: 0,
        choiceMode: null,
        maxTokens: 64,
        toolFormat: null,
        seed: options.seed,
        split: options.split,
        size: 200,
        extra: {},
      };
      const data = await Promise.resolve(null as never);
      const selection = await selectSamples(() => task.loadSamples({ data, settings, tokenizer: null }), options);
      const plan = {
        task: task.id,
        taskVersion: task.version,
        scorer: task.scorer.id,
        scorerVersion: task.scorer.version,
        headline: task.metrics[0].id,
        settings,
        sampling: greedySampling,
        epochs: options.epochs,
        datasets: [],
        samples: {
          count: selection.count,
          digest: selection.digest,
          limit: options.limit,
          sampleSeed: options.sampleSeed,
        },
        refused: null,
        warnings: [],
      };
      return { plan, task, selection, loadGold: null };
    }),
  );
  const plan: RunPlan = {
    schemaVersion: 1,
    model: { requested: null, name: description.model.name, registryId: null, sha256: null, family: null, facts: {} },
    engine: { id: description.engine, version: null, settings: {}, contextLength: null, templateSha256: null },
    preset: {
      requested: 'balanced',
      values: {},
      resolved: {},
      startConcurrency: Math.min(8, options.maxConnections ?? 8),
      maxConcurrency: options.maxConnections ?? 64,
      observed: null,
      confirmed: 'unknown',
      notes: [],
      remarks: [],
    },
    mode: 'unspecified',
    thinking: { templateArguments: {}, requestFields: {}, keepsThinking: false },
    warnings: [],
    tasks: entries.map((entry) => entry.plan),
    seed: options.seed,
    responseRules: { allowUnverifiedData: false, allowUncertified: false },
  };
  return {
    plan,
    planHash: contentHash(plan),
    options,
    tasks: entries,
    engine,
    plugin: await loadEngine('scripted'),
    description,
    baseUrls: [],
    header: null,
    model: planModel(
      { model: null, mode: null, reasoningEffort: null, preserveThinking: null, modeSwitch: 'template' },
      { header: null, description },
    ),
    judge: null,
    close: () => engine.close(),
  };
}

/** A run document for a prepared run, with a fixed id. */
export const runDocument = (prepared: PreparedRun, runId = '20260101T000000Z-00000000-test'): RunDocument => ({
  schemaVersion: 1,
  runId,
  planHash: prepared.planHash,
  createdAt: '2026-01-01T00:00:00.000Z',
  plan: prepared.plan,
  engine: {},
  fingerprint: null,
  budgetProbes: null,
  environment: {},
  versions: {},
  options: {},
  resumed: [],
});
