import type { Options } from '../../config/options.ts';
import { exitCodes, QwenEvalError } from '../../core/errors.ts';
import { findModel } from '../../presets/find-model.ts';
import { formatPlan } from '../../reports/plan.ts';
import { loadTask } from '../../runner/load-plugin.ts';
import { plan as planRun, type RunOptions } from '../../runner/run.ts';
import { tasksWithoutData } from '../../runner/tasks-without-data.ts';
import { selectTasks } from '../../runner/suites.ts';
import { modelOf, presetOf } from '../../tracker/cell-entry.ts';
import { runnableFirst, sumCosts, type EvaluationPlan, type PlanItem } from '../../tracker/plan/evaluation-plan.ts';
import { selectItems, type PlanBudget } from '../../tracker/plan/select-items.ts';
import { updateTracker } from '../../tracker/update-tracker.ts';
import { defineCommand, type Invocation } from '../command.ts';
import { givenOptions } from '../given-options.ts';
import { exitCodeOfRan, runBatches } from '../run-batches.ts';
import { trackerCatalogue } from '../tracker-catalogue.ts';

export default defineCommand({
  id: 'plan',
  summary: 'say what is to be evaluated next, in what order and at what cost, and run it',
  arguments: [],
  example: 'qwen-eval plan --model qwen3_8b --run-all --budget-minutes 120',
  run: async (invocation) => {
    const { options } = invocation;
    const place = await placeOf(invocation);
    const plan = await evaluationPlan(invocation, place);
    if (!options.runNext && !options.runAll)
      return { exitCode: exitCodes.ok, document: planDocument(plan), text: formatPlan(plan) };
    return runPlan(plan, invocation);
  },
});

/** Model and preset that the options narrow the plan down to; null is any. */
interface PlannedPlace {
  readonly model: string | null;
  readonly preset: string | null;
  /** Where a server or file that was asked who it is stands; null when none was asked. */
  readonly observed: { readonly model: string; readonly preset: string } | null;
}

/** A model that the registry knows is named; any other is asked who it is, and so is a server. */
async function placeOf(invocation: Invocation): Promise<PlannedPlace> {
  const { options, sources } = invocation;
  const preset = sources.preset === 'default' ? null : options.preset;
  const match = options.model === null ? null : findModel(options.model).match;
  if (options.baseUrl === null && (options.model === null || match?.kind === 'exact'))
    return { model: match?.model.id ?? null, preset, observed: null };
  const { plan } = await planRun({ ...runOptionsOf(invocation), suite: null, tasks: probeTasks, limit: 1 });
  const observed = { model: modelOf({ plan }), preset: presetOf({ plan }) };
  // A server has settings of its own; an engine that is started here can have any preset.
  return { model: observed.model, preset: options.baseUrl === null ? preset : observed.preset, observed };
}

/** A task that needs no data, to ask an engine who it is. */
const probeTasks = ['synthetic_arithmetic'];

async function evaluationPlan(invocation: Invocation, place: PlannedPlace): Promise<EvaluationPlan> {
  const { options } = invocation;
  const catalogue = await trackerCatalogue(options);
  const asked = options.tasks !== null || options.suite !== null;
  await Promise.all((options.tasks ?? []).map(loadTask));
  const suite = asked ? selectTasks(options.tasks, options.suite).map((entry) => entry.task) : catalogue.suite;
  const { tracker } = updateTracker({
    path: null,
    out: options.out,
    catalogue: {
      ...catalogue,
      suite,
      advanced: asked ? [] : catalogue.advanced,
      limit: options.limit,
      given: { ...runOptionsOf(invocation) },
      places: place.observed === null ? [] : [place.observed],
    },
  });
  const isWanted = ({ model, preset, task }: Pick<PlanItem, 'model' | 'preset' | 'task'>): boolean =>
    (place.model === null || model === place.model) &&
    (place.preset === null || preset === place.preset) &&
    (!asked || suite.includes(task));
  const phases = tracker.plan.phases.map((phase) => ({ ...phase, items: phase.items.filter(isWanted) }));
  const isReady = await readiness(
    phases.flatMap(({ items }) => items.filter((item) => item.waitsForData).map(({ task }) => task)),
    options,
  );
  return {
    phases: phases.map((phase) => ({
      ...phase,
      items: runnableFirst(phase.items.map((item) => (isReady(item) ? { ...item, blocked: null } : item))),
      groups: phase.groups.filter(
        ({ model, preset }) =>
          (place.model === null || model === place.model) &&
          (place.preset === null || preset === null || preset === place.preset),
      ),
    })),
  };
}

/** Tells the items whose data has come since they were refused. */
async function readiness(waiting: readonly string[], options: Options): Promise<(item: PlanItem) => boolean> {
  const tasks = await Promise.all([...new Set(waiting)].map(loadTask));
  const missing = new Set((await tasksWithoutData(tasks, options)).map(({ id }) => id));
  return ({ waitsForData, task }) => waitsForData && !missing.has(task);
}

const planDocument = (plan: EvaluationPlan) => ({
  phases: plan.phases,
  cost: sumCosts(plan.phases.flatMap((phase) => phase.items)),
});

async function runPlan(plan: EvaluationPlan, invocation: Invocation) {
  const { runAll, budgetMinutes, budgetTokens } = invocation.options;
  const budget: PlanBudget = {
    seconds: budgetMinutes === null ? null : budgetMinutes * 60,
    outputTokens: budgetTokens,
  };
  const { chosen, skipped } = selectItems(
    plan.phases.flatMap((phase) => phase.items),
    budget,
  );
  const items = runAll ? chosen : chosen.slice(0, 1);
  if (items.length === 0) {
    const [first] = skipped;
    if (first === undefined)
      return { exitCode: exitCodes.ok, document: { ran: [], skipped: [] }, text: 'Nothing is left to evaluate.' };
    throw new QwenEvalError(
      'E_USAGE',
      `no cell of the plan can be run: ${first.item.model}, ${first.item.task}: ${first.reason}`,
      {
        hint: 'see `qwen-eval plan` for what stands in the way of each, and give --engine, --base-url or a larger budget',
      },
    );
  }
  const running = await runBatches(items, invocation, { given: runOptionsOf(invocation), budget });
  const left = [...running.skipped, ...(runAll ? skipped : [])];
  return {
    exitCode: exitCodeOfRan(running.ran),
    document: {
      ran: running.ran,
      skipped: left.map(({ item, reason }) => ({ model: item.model, preset: item.preset, task: item.task, reason })),
    },
    text: [
      ...running.ran.map(
        ({ cells, runId, status, refused, error }) =>
          `${status}${refused.length === 0 ? '' : `, ${refused.join(', ')} refused`}: ${cells.map((cell) => `${cell.model} ${cell.preset} ${cell.task}`).join(', ')} → ${runId ?? error?.message}`,
      ),
      ...(left.length === 0
        ? []
        : [
            `not run: ${left.length} cells; the first: ${left[0]?.item.model} ${left[0]?.item.task}: ${left[0]?.reason}`,
          ]),
    ].join('\n'),
  };
}

/** What the user gave, without what chooses cells. */
function runOptionsOf(invocation: Invocation): RunOptions {
  const {
    tasks: _tasks,
    suite: _suite,
    runNext: _next,
    runAll: _all,
    budgetMinutes: _minutes,
    budgetTokens: _tokens,
    ...given
  } = givenOptions(invocation);
  return given;
}
