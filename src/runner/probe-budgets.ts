import type { BudgetProbe } from '../core/budget-probe.ts';
import type { TaskPlan } from '../core/run-plan.ts';
import type { RecordedTurn } from '../core/sample-record.ts';
import { AdaptiveLimit } from '../scheduling/adaptive-limit.ts';
import { lengthLimit } from '../stats/length-limit.ts';
import { proportionEstimate } from '../stats/proportion-estimate.ts';
import { askChat, type Conversation, type SampleContext } from './ask-model.ts';
import { contentHash } from './content-hash.ts';
import type { PreparedRun, PreparedTask } from './prepared-run.ts';
import type { RunnerDependencies } from './runner-dependencies.ts';
import { plannedContext } from './sample-context.ts';
import { selectSamples } from './select-samples.ts';

const probedSamples = 20;
/** The probe allows this many times the budget it is to check. */
const generosity = 4;
const leastAllowedTokens = 4096;
const stepTokens = 64;

const roundUp = (tokens: number): number => Math.ceil(tokens / stepTokens) * stepTokens;

function allowedTokens({ settings }: TaskPlan, contextLength: number | null): number {
  const generous = Math.max(leastAllowedTokens, generosity * settings.maxTokens);
  return contextLength === null ? generous : Math.max(1, Math.min(generous, Math.floor(contextLength / 2)));
}

interface Lengths {
  readonly ended: readonly number[];
  readonly truncated: number;
}

/** The budget that covers the 99th percentile of the lengths seen, within what may be allowed. */
export function chooseBudget(lengths: Lengths, allowed: number): Omit<BudgetProbe, 'asked'> {
  const { ended, truncated } = lengths;
  const answered = ended.length + truncated;
  const longest = ended.length === 0 ? null : Math.max(...ended);
  const limit =
    truncated > 0 || ended.length < 2
      ? allowed
      : Math.min(allowed, roundUp(lengthLimit(ended.map((n) => Math.max(1, n)))));
  return {
    answered,
    allowedTokens: allowed,
    longestTokens: longest,
    budgetTokens: limit,
    expectedTruncation: proportionEstimate(truncated, answered),
  };
}

type Turn = Pick<RecordedTurn, 'finishReason' | 'usage'>;

const turnsOf = ({ turns, response, usage }: Conversation): readonly Turn[] =>
  turns.length > 0 ? turns : [{ finishReason: response.finishReason, usage }];

/** Asks a task's samples with a generous limit and gives the output tokens of every request. */
async function lengthsOf(
  entry: PreparedTask,
  input: { readonly context: Omit<SampleContext, 'takeSlot'>; readonly allowed: number; readonly seed: number },
): Promise<Lengths> {
  const { selection } = entry;
  if (selection === null) return { ended: [], truncated: 0 };
  const { open } = await selectSamples(() => selection.open(), { limit: probedSamples, sampleSeed: input.seed });
  const plan: TaskPlan = { ...entry.plan, settings: { ...entry.plan.settings, maxTokens: input.allowed } };
  const answers = await Promise.all(
    [...(await open())].map(async (sample) => {
      const rendered = entry.task.render(sample, plan.settings);
      if (rendered.kind !== 'chat') return null;
      const context = { ...input.context, takeSlot: () => null };
      return askChat({ task: entry.task, plan, sample, epoch: 0 }, { rendered, context });
    }),
  );
  const turns = answers.flatMap((answer) => (answer?.kind === 'answered' ? turnsOf(answer) : []));
  const known = turns.filter(({ usage }) => usage.completionTokens !== null);
  return {
    ended: known
      .filter(({ finishReason }) => finishReason !== 'length')
      .map(({ usage }) => usage.completionTokens ?? 0),
    truncated: known.filter(({ finishReason }) => finishReason === 'length').length,
  };
}

/** True for tasks whose answers have a length to be found: not those asked by log-likelihood, and not those whose prompts are cut to leave room for the budget. */
const isProbed = ({ task, plan, selection }: PreparedTask): boolean =>
  selection !== null && task.kind !== 'long_context' && plan.settings.choiceMode !== 'loglikelihood';

/** Finds each task's output budget by twenty answers with a generous limit. A task none of whose answers came with a length keeps its own budget. */
export async function probeBudgets(
  prepared: PreparedRun,
  input: { readonly dependencies: RunnerDependencies; readonly signal: AbortSignal },
): Promise<Readonly<Record<string, BudgetProbe>>> {
  const { plan, description } = prepared;
  const { clock, random, log } = input.dependencies;
  const limit = new AdaptiveLimit({
    start: plan.preset.startConcurrency,
    maximum: plan.preset.maxConcurrency,
    nowMs: () => clock.nowMs(),
  });
  const context: Omit<SampleContext, 'takeSlot'> = {
    ...plannedContext(prepared),
    services: { sandbox: null, judge: null },
    limit,
    clock,
    random,
    signal: input.signal,
    ending: input.signal,
    scoringTurn: () => Promise.resolve(),
    onGap: () => undefined,
    onFailure: ({ error }) => log('warn', 'budget probe failed', { code: error.code }),
  };
  const probes: Record<string, BudgetProbe> = {};
  for (const entry of prepared.tasks.filter(isProbed)) {
    if (input.signal.aborted) break;
    const allowed = allowedTokens(entry.plan, description.contextLength);
    const lengths = await lengthsOf(entry, { context, allowed, seed: plan.seed });
    const asked = Math.min(probedSamples, entry.plan.samples.count);
    const chosen = chooseBudget(lengths, allowed);
    if (chosen.answered > 0) probes[entry.plan.task] = { asked, ...chosen };
  }
  return probes;
}

/** The run with the budgets that were found; its options carry them, so that a resumed run asks with the same. */
export function withBudgets(prepared: PreparedRun, probes: Readonly<Record<string, BudgetProbe>>): PreparedRun {
  const tasks = prepared.tasks.map((entry) => {
    const probe = probes[entry.plan.task];
    return probe === undefined
      ? entry
      : {
          ...entry,
          plan: { ...entry.plan, settings: { ...entry.plan.settings, maxTokens: probe.budgetTokens } },
        };
  });
  const budgets = Object.fromEntries(Object.entries(probes).map(([task, { budgetTokens }]) => [task, budgetTokens]));
  const plan = { ...prepared.plan, tasks: tasks.map((entry) => entry.plan) };
  const options = { ...prepared.options, taskBudgets: { ...prepared.options.taskBudgets, ...budgets } };
  return { ...prepared, tasks, plan, planHash: contentHash(plan), options };
}
