import { groupBy } from '../../core/group-by.ts';
import type { JsonObject } from '../../core/json.ts';
import type { TaskPlan } from '../../core/run-plan.ts';
import type { IdentityKind } from '../../diagnosis/cell-identity.ts';
import type { CellSources } from '../build-cells.ts';
import { modelOf, presetOf } from '../cell-entry.ts';
import { byAge, type TrackedRun } from '../tracked-run.ts';
import { suitsModel } from '../suits-model.ts';
import type { TrackerCell } from '../tracker-cell.ts';
import { serverSettings } from '../tracker-preset.ts';
import { costEstimator, type EstimateCost } from './estimate-cost.ts';
import {
  runnableFirst,
  type EvaluationPlan,
  type PlanGroup,
  type PlanItem,
  type PlanPhase,
  type PlanPhaseId,
} from './evaluation-plan.ts';
import { asksOtherwise, firstOptions, reachingOptions, repeatOptions, runCommand } from './item-options.ts';

/** What the plan is made from. */
export interface PlanSources extends CellSources {
  /** Tasks beyond the suite that a model is tested with once it has results, in order. */
  readonly advanced: readonly string[];
  /** Most samples of each task that are to be asked; absent for all. */
  readonly limit?: number | null;
  /** Options of `run` that are given now. */
  readonly given?: JsonObject;
}

interface Context {
  readonly sources: PlanSources;
  readonly cells: readonly TrackerCell[];
  /** Newest first. */
  readonly runs: readonly TrackedRun[];
  readonly estimateCost: EstimateCost;
}

/** Derives what is to be evaluated: first what is no longer valid or not finished, then what is missing of models under evaluation, then other models by priority, then tests beyond the suite. The same sources give the same plan, in whatever order the runs come. */
export function buildPlan(sources: PlanSources, cells: readonly TrackerCell[]): EvaluationPlan {
  const runs = sources.runs.toSorted(byAge);
  const context: Context = {
    sources,
    cells,
    runs: runs.toReversed(),
    estimateCost: costEstimator(runs, sources.tasks),
  };
  const started = new Set(cells.filter(isStarted).map((cell) => cell.model));
  const suite = new Set(sources.suite);
  const missing = cells.filter((cell) => cell.status === 'pending' && cell.runId === null);
  return {
    phases: [
      phaseOf('re-evaluate', cells.filter(needsAnotherRun).toSorted(byUrgency), context),
      phaseOf(
        'complete',
        missing.filter((cell) => started.has(cell.model)),
        context,
      ),
      phaseOf('new-models', missing.filter((cell) => !started.has(cell.model)).toSorted(byPriority(sources)), context),
      phaseOf('advanced', advancedCells(context, started), context),
    ].map((phase) => ({ ...phase, groups: groupsOf(phase, { cells, started, suite, advanced: sources.advanced }) })),
  };
}

const titles: Readonly<Record<PlanPhaseId, string>> = {
  're-evaluate': 'Re-evaluate what is no longer valid',
  complete: 'Complete the models under evaluation',
  'new-models': 'Evaluate further models',
  advanced: 'Advanced tests',
};

/** A model is under evaluation when something of it was measured or reported. */
const isStarted = (cell: TrackerCell): boolean => cell.runId !== null || cell.status === 're-evaluate';

const needsAnotherRun = ({ status }: TrackerCell): boolean =>
  status === 're-evaluate' || status === 'incomplete' || status === 'failed' || status === 'refused';

const urgency: readonly (IdentityKind | 'incomplete' | 'failed' | 'reported' | 'refused')[] = [
  'version',
  'data',
  'deployment',
  'setting',
  'incomplete',
  'failed',
  'reported',
  'refused',
];

/** A fix of a task or scorer comes first, then data, then another model, server or engine. */
function urgencyOf(cell: TrackerCell): number {
  const kinds = cell.drift.map((difference) => difference.kind);
  const first = urgency.findIndex((kind) => kinds.some((one) => one === kind));
  if (first >= 0) return first;
  return urgency.indexOf(
    cell.status === 're-evaluate' ? 'reported' : (cell.status as 'incomplete' | 'failed' | 'refused'),
  );
}

const byUrgency = (a: TrackerCell, b: TrackerCell): number => urgencyOf(a) - urgencyOf(b);

function byPriority({ models }: PlanSources): (a: TrackerCell, b: TrackerCell) => number {
  const priorities = new Map(models.map((model) => [model.id, model.priority ?? Infinity]));
  const of = (cell: TrackerCell): number => priorities.get(cell.model) ?? Infinity;
  return (a, b) => {
    const [x, y] = [of(a), of(b)];
    return x === y ? 0 : x - y;
  };
}

/** One test of each kind for each model under evaluation, at the preset with most results. */
function advancedCells({ sources, cells }: Context, started: ReadonlySet<string>): readonly TrackerCell[] {
  return [...started].flatMap((model) => {
    const own = cells.filter((cell) => cell.model === model);
    const preset = bestCovered(own);
    const row = sources.models.find(({ id }) => id === model);
    return sources.advanced
      .filter((task) => !own.some((cell) => cell.task === task))
      .filter((task) => suitsModel(sources.tasks.get(task), row))
      .map((task): TrackerCell => ({ ...blankCell, model, preset, task }));
  });
}

function bestCovered(cells: readonly TrackerCell[]): string {
  const counts = new Map<string, number>();
  for (const cell of cells)
    counts.set(cell.preset, (counts.get(cell.preset) ?? 0) + (cell.status === 'tested' ? 1 : 0));
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? serverSettings;
}

const blankCell = {
  mode: null,
  choiceMode: null,
  engine: null,
  status: 'pending',
  reason: null,
  headline: 'accuracy',
  estimate: { unavailable: 'no run yet' },
  runId: null,
  counts: null,
  drift: [],
  notes: [],
  official: null,
  system: null,
  history: [],
  reported: [],
} as const;

function phaseOf(id: PlanPhaseId, cells: readonly TrackerCell[], context: Context): Omit<PlanPhase, 'groups'> {
  const items = cells.map((cell) => itemOf(id, cell, context));
  // What cannot be run as things are comes after what can.
  return {
    id,
    title: titles[id],
    items: runnableFirst(items),
  };
}

function itemOf(phase: PlanPhaseId, cell: TrackerCell, context: Context): PlanItem {
  const { model, preset, task, mode, choiceMode } = cell;
  const { sources } = context;
  const shown = cell.runId === null ? undefined : context.runs.find(({ document }) => document.runId === cell.runId);
  const plan = shown?.document.plan.tasks.find((one) => one.task === task);
  const options =
    shown && plan ? repeatOptions(shown.document, plan) : firstOptions(cell, earlierOptions(cell, context.runs));
  const resume = cell.status === 'incomplete' ? cell.runId : null;
  return {
    phase,
    model,
    preset,
    task,
    mode,
    choiceMode,
    // The command says how it is resumed.
    reason: (cell.reason ?? reasons[phase]).replace(/; `qwen-eval resume [^`]*`$/, ''),
    cost: context.estimateCost({
      model,
      preset,
      task,
      mode: mode ?? modeOfFirst(model, sources),
      samples: samplesOf(plan, sources.tasks.get(task)?.sampleCount ?? null, sources.limit ?? null),
    }),
    ...blockedBy(cell, { options, sources, shown }),
    resume,
    options,
    command: resume === null ? runCommand(options) : `qwen-eval resume ${resume}`,
  };
}

/** The mode in which a cell without a run will be asked; null when it is not known. */
function modeOfFirst(model: string, { given, models }: PlanSources): string | null {
  const asked = given?.['mode'];
  if (asked === 'thinking' || asked === 'non-thinking') return asked;
  return models.find(({ id }) => id === model)?.defaultMode ?? null;
}

/** Samples × epochs that are asked; null leaves it to the task. */
function samplesOf(plan: TaskPlan | undefined, full: number | null, limit: number | null): number | null {
  const asked = plan && plan.samples.count > 0 ? plan.samples.count * plan.epochs : full;
  return limit === null || asked === null ? asked : Math.min(limit, asked);
}

const reasons: Readonly<Record<PlanPhaseId, string>> = {
  're-evaluate': 'no longer valid',
  complete: 'no run yet',
  'new-models': 'no run yet',
  advanced: 'beyond the suite',
};

/** How the newest run of the same model was asked, where the cell's preset can be reached in the same way. */
function earlierOptions(cell: TrackerCell, runs: readonly TrackedRun[]): JsonObject | null {
  const isServer = cell.preset === serverSettings;
  const earlier = runs.find(
    ({ document }) => modelOf(document) === cell.model && (presetOf(document) === serverSettings) === isServer,
  );
  return earlier ? reachingOptions(earlier.document.options) : null;
}

function blockedBy(
  cell: TrackerCell,
  context: {
    readonly options: JsonObject;
    readonly sources: PlanSources;
    readonly shown: TrackedRun | undefined;
  },
): Pick<PlanItem, 'blocked' | 'waitsForData'> {
  const { options, sources, shown } = context;
  const isAsBefore = shown !== undefined && !asksOtherwise(sources.given ?? {}, shown.document.options);
  const standing = standingReason(cell, { options, sources });
  if (isAsBefore && cell.status === 'refused') {
    const refused = shown.document.plan.tasks.find((plan) => plan.task === cell.task)?.refused;
    return {
      blocked: `it would be refused again as things are${refused?.hint ? `: ${refused.hint}` : ''}`,
      waitsForData:
        standing === null && (refused?.code.startsWith('E_DATASET') === true || refused?.code === 'E_OFFLINE'),
    };
  }
  if (isAsBefore && cell.status === 'failed')
    return { blocked: `the same run would end the same way: ${wayOut(cell, shown)}`, waitsForData: false };
  return { blocked: standing, waitsForData: false };
}

/** What stands in the way of a cell whatever was tried before. */
function standingReason(
  cell: TrackerCell,
  { options, sources }: { readonly options: JsonObject; readonly sources: PlanSources },
): string | null {
  if (!sources.tasks.has(cell.task)) return `task ${cell.task} is not installed`;
  const model = sources.models.find((row) => row.id === cell.model);
  if (model && !model.hasGguf && options['engine'] === undefined && options['baseUrl'] === undefined)
    return 'no GGUF file is known: give --engine or --base-url';
  return null;
}

/** What the diagnosis says to change where a task got no score. */
function wayOut({ task }: TrackerCell, { document, result }: TrackedRun): string {
  const errors = (result?.diagnosis ?? []).filter(({ severity }) => severity === 'error');
  const own = errors.find(({ evidence }) => evidence['task'] === task);
  return own?.advice ?? `see \`qwen-eval diagnose ${document.runId}\``;
}

function groupsOf(
  phase: Omit<PlanPhase, 'groups'>,
  context: {
    readonly cells: readonly TrackerCell[];
    readonly started: ReadonlySet<string>;
    readonly suite: ReadonlySet<string>;
    readonly advanced: readonly string[];
  },
): readonly PlanGroup[] {
  const { cells, started, suite, advanced } = context;
  if (phase.id === 're-evaluate') return [];
  if (phase.id === 'new-models')
    return groupBy(phase.items, (item) => item.model).map(([model, items]) => ({
      model,
      preset: null,
      done: 0,
      total: items.length,
      left: [...new Set(items.map((item) => item.task))],
    }));
  if (phase.id === 'advanced') {
    return [...started].map((model) => {
      const left = phase.items.filter((item) => item.model === model).map((item) => item.task);
      const done = new Set(
        cells
          .filter((cell) => cell.model === model && cell.status === 'tested' && advanced.includes(cell.task))
          .map((cell) => cell.task),
      ).size;
      return { model, preset: null, done, total: done + left.length, left };
    });
  }
  const own = cells.filter((cell) => started.has(cell.model) && suite.has(cell.task));
  return groupBy(own, (cell) => `${cell.model}\u0000${cell.preset}`).map(([, group]) => {
    const names = [...new Set(group.map((cell) => cell.task))];
    const left = names.filter((task) => !group.some((cell) => cell.task === task && cell.status === 'tested'));
    return {
      model: group[0]?.model ?? '',
      preset: group[0]?.preset ?? '',
      done: names.length - left.length,
      total: names.length,
      left,
    };
  });
}
