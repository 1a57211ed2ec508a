import { isEstimated, type Estimate } from '../../core/estimate.ts';
import { QwenEvalError } from '../../core/errors.ts';
import type { ResultDocument, TaskResult } from '../../core/result-document.ts';
import { proportionEstimate } from '../../stats/proportion-estimate.ts';
import { formatEstimate, formatNumber, formatPercent, hasOwnUnit } from '../../text/format-estimate.ts';
import { compareRuns } from '../compare/compare-runs.ts';
import type { LoadedRun } from '../loaded-run.ts';
import { parseThreshold, type Threshold } from './thresholds.ts';

/** One thing a gate looked at. */
export interface GateCheck {
  /** E.g. `min:gsm8k`, `baseline:gsm8k`, `error-rate:gsm8k`, `minutes`. */
  readonly id: string;
  readonly passed: boolean;
  /** What the estimate is held against, in its unit; null where nothing is measured. */
  readonly bound: number | null;
  readonly estimate: Estimate | null;
  /** One sentence on the outcome. */
  readonly explanation: string;
}

/** What `gate` gives. */
export interface GateOutcome {
  readonly passed: boolean;
  readonly runId: string;
  readonly baseline: string | null;
  readonly checks: readonly GateCheck[];
}

/** What a run must hold. Null is not asked. */
export interface GateRules {
  /** `task=value` or `task.metric=value`. */
  readonly min: readonly string[];
  /** Tasks to look at; null for all. */
  readonly tasks: readonly string[] | null;
  readonly maxErrorRate: number;
  readonly maxTruncationRate: number | null;
  readonly maxMinutes: number | null;
  readonly maxOutputTokens: number | null;
  /** Money for 1,000 samples, in the currency of the run's prices. */
  readonly maxPrice: number | null;
  /** Least severity of a verdict that fails the gate. */
  readonly failOn: 'error' | 'warning' | 'never';
  /** Loss against the baseline that is borne, as a share of the score's range. */
  readonly delta: number;
  readonly allowDifferent: readonly string[];
}

/** Holds a run against thresholds, a baseline and budgets. Throws E_RUN_INCOMPLETE for a run without a result, E_NOT_COMPARABLE for a baseline that asked something else. */
export function runGate(run: LoadedRun, baseline: LoadedRun | null, rules: GateRules): GateOutcome {
  const { result } = run;
  if (result === null)
    throw new QwenEvalError('E_RUN_INCOMPLETE', `run ${run.document.runId} has no result yet`, {
      hint: `finish it with \`qwen-eval resume ${run.document.runId}\``,
    });
  requireTasks(result, rules.tasks);
  const thresholds = rules.min.map((text) => parseThreshold(text, result));
  const tasks = result.tasks.filter(({ task }) => rules.tasks?.includes(task) ?? true);
  const checks = [
    ...completeness(result, tasks),
    ...thresholds.map((threshold) => atLeast(result, threshold)),
    ...(baseline === null ? [] : notWorse(run, baseline, rules)),
    ...tasks.flatMap((task) => errorRate(task, rules.maxErrorRate)),
    ...tasks.flatMap((task) => truncationRate(task, rules.maxTruncationRate)),
    ...budget('minutes', result.timings.wallMs === null ? null : result.timings.wallMs / 60_000, rules.maxMinutes),
    ...budget('output-tokens', result.usage.completionTokens, rules.maxOutputTokens),
    ...price(result, rules.maxPrice),
    ...verdicts(result, rules),
  ];
  return {
    passed: checks.every((check) => check.passed),
    runId: result.runId,
    baseline: baseline?.document.runId ?? null,
    checks,
  };
}

function requireTasks(result: ResultDocument, asked: readonly string[] | null): void {
  const has = result.tasks.map(({ task }) => task);
  const unknown = (asked ?? []).filter((task) => !has.includes(task));
  if (unknown.length === 0) return;
  throw new QwenEvalError('E_TASK_UNKNOWN', `run ${result.runId} has no task ${unknown.join(', ')}`, {
    hint: `it has ${has.join(', ')}`,
  });
}

function completeness(result: ResultDocument, tasks: readonly TaskResult[]): readonly GateCheck[] {
  const plain = { bound: null, estimate: null };
  const refused = tasks.flatMap(({ task, refused: why }) => (why === null ? [] : [{ task, message: why.message }]));
  return [
    {
      id: 'complete',
      passed: result.status === 'complete',
      ...plain,
      explanation:
        result.status === 'complete'
          ? tasks.length === 1
            ? 'the task ran to its end'
            : `all of ${tasks.length} tasks ran to their end`
          : `the run is incomplete: resume it with \`qwen-eval resume ${result.runId}\``,
    },
    ...refused.map(({ task, message }) => ({
      id: `refused:${task}`,
      passed: false,
      ...plain,
      explanation: `${task} was refused: ${message}`,
    })),
  ];
}

/** The lower end of the interval decides: a score that only may reach the threshold does not pass. */
function atLeast(result: ResultDocument, { task, metric, least }: Threshold): GateCheck {
  const found = result.tasks.find((candidate) => candidate.task === task);
  const estimate = found?.metrics[metric] ?? { unavailable: 'not measured' };
  const isHeadline = found?.headline === metric;
  const id = `min:${task}${isHeadline ? '' : `.${metric}`}`;
  const name = isHeadline ? task : `${task} ${metric}`;
  const wanted = hasOwnUnit(metric) ? String(least) : formatPercent(least, 1);
  if (!isEstimated(estimate))
    return { id, passed: false, bound: least, estimate, explanation: `${name} has no score: ${estimate.unavailable}` };
  const passed = estimate.low >= least;
  return {
    id,
    passed,
    bound: least,
    estimate,
    explanation: `${name} is ${formatEstimate(metric, estimate)}: the interval ${passed ? 'does not reach' : 'reaches'} below ${wanted}`,
  };
}

/** Non-inferiority by paired samples: the lower end of the difference must lie above −delta. Every task must pass, so no correction for many tasks is due. */
function notWorse(run: LoadedRun, baseline: LoadedRun, rules: GateRules): readonly GateCheck[] {
  const { delta, allowDifferent, tasks } = rules;
  const { comparisons, onlyIn } = compareRuns(run, baseline, { tasks, delta, allowDifferent, correction: 'none' });
  const compared = comparisons.map(({ task, metric, difference, delta: borne }): GateCheck => {
    const id = `baseline:${task}`;
    if (!isEstimated(difference))
      return {
        id,
        passed: false,
        bound: -borne,
        estimate: difference,
        explanation: `${task} cannot be compared with the baseline: ${difference.unavailable}`,
      };
    const passed = difference.low > -borne;
    const may = metric === 'rating' ? borne.toFixed(2) : `${(borne * 100).toFixed(1)} points`;
    return {
      id,
      passed,
      bound: -borne,
      estimate: difference,
      explanation: `${task} less the baseline is ${formatEstimate(metric, difference)}: ${passed ? `a loss of ${may} is ruled out` : difference.high < -borne ? `more than ${may} is lost` : `a loss of ${may} is not ruled out`}`,
    };
  });
  const missing = tasks === null ? onlyIn.b : [];
  return [
    ...compared,
    ...missing.map((task) => ({
      id: `baseline:${task}`,
      passed: false,
      bound: null,
      estimate: null,
      explanation: `${task} is in the baseline and not in this run`,
    })),
  ];
}

/** Rates are of this run and hold as counted; the interval is shown beside them. */
function rateCheck(
  { id, what }: { readonly id: string; readonly what: string },
  estimate: Estimate,
  bound: number,
): GateCheck {
  const passed = isEstimated(estimate) && estimate.value <= bound;
  const explanation = isEstimated(estimate)
    ? `${what}: ${formatPercent(estimate.value, 1)}, at most ${formatPercent(bound, 1)} allowed`
    : `${what}: ${estimate.unavailable}`;
  return { id, passed, bound, estimate, explanation };
}

function errorRate({ task, counts, refused }: TaskResult, bound: number): readonly GateCheck[] {
  if (refused !== null) return [];
  const estimate = proportionEstimate(counts.unscored, counts.planned);
  return [rateCheck({ id: `error-rate:${task}`, what: `samples of ${task} without a score` }, estimate, bound)];
}

function truncationRate(task: TaskResult, bound: number | null): readonly GateCheck[] {
  if (bound === null || task.refused !== null) return [];
  const { task: name, truncationRate: estimate } = task;
  return [rateCheck({ id: `truncation-rate:${name}`, what: `answers of ${name} cut off` }, estimate, bound)];
}

function budget(id: string, spent: number | null, bound: number | null): readonly GateCheck[] {
  if (bound === null) return [];
  const shown = spent === null ? 'not known' : Number(spent.toFixed(1)).toString();
  return [
    {
      id,
      passed: spent !== null && spent <= bound,
      bound,
      estimate: null,
      explanation: `${id.replace('-', ' ')}: ${shown}, at most ${bound} allowed`,
    },
  ];
}

/** The price as counted, like the other budgets; its interval is shown beside it. */
function price(result: ResultDocument, bound: number | null): readonly GateCheck[] {
  if (bound === null) return [];
  const estimate = result.system?.cost.pricePerThousandSamples ?? { unavailable: 'the run was not measured' };
  const explanation = isEstimated(estimate)
    ? `price of 1,000 samples: ${formatNumber(estimate)}, at most ${bound} allowed`
    : `price of 1,000 samples: not known: ${estimate.unavailable}`;
  return [{ id: 'price', passed: isEstimated(estimate) && estimate.value <= bound, bound, estimate, explanation }];
}

const severities = { error: ['error'], warning: ['error', 'warning'], never: [] } as const;

function verdicts(result: ResultDocument, { failOn, tasks }: GateRules): readonly GateCheck[] {
  const failing: readonly string[] = severities[failOn];
  return result.diagnosis
    .filter(({ severity }) => failing.includes(severity))
    .filter(({ evidence }) => {
      const { task } = evidence;
      return tasks === null || typeof task !== 'string' || tasks.includes(task);
    })
    .map(({ id, summary, evidence }) => ({
      id: `verdict:${id}${typeof evidence['task'] === 'string' ? `:${evidence['task']}` : ''}`,
      passed: false,
      bound: null,
      estimate: null,
      explanation: summary,
    }));
}
