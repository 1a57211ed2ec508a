import type { JsonObject } from '../../core/json.ts';
import { groupBy } from '../../core/group-by.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { CostEstimate, PlanItem } from './evaluation-plan.ts';

/** What may be spent; null is no limit. */
export interface PlanBudget {
  readonly seconds: number | null;
  readonly outputTokens: number | null;
}

/** An item that is left out of what is run now, and why. */
export interface SkippedItem {
  readonly item: PlanItem;
  readonly reason: string;
}

export interface Selection {
  readonly chosen: readonly PlanItem[];
  readonly skipped: readonly SkippedItem[];
}

/** Chooses items in plan order: those that nothing blocks and whose estimated cost fits into what the ones before leave of the budget. An item of unknown cost fits only where there is no limit. */
export function selectItems(items: readonly PlanItem[], budget: PlanBudget): Selection {
  const chosen: PlanItem[] = [];
  const skipped: SkippedItem[] = [];
  let left = budget;
  for (const item of items) {
    const reason = item.blocked ?? overBudget(item.cost, left);
    if (reason !== null) {
      skipped.push({ item, reason });
      continue;
    }
    chosen.push(item);
    left = {
      seconds: left.seconds === null ? null : left.seconds - (item.cost.seconds ?? 0),
      outputTokens: left.outputTokens === null ? null : left.outputTokens - (item.cost.outputTokens ?? 0),
    };
  }
  return { chosen, skipped };
}

function overBudget(cost: CostEstimate, left: PlanBudget): string | null {
  if (left.seconds !== null) {
    if (cost.seconds === null) return `its time is not known: ${cost.basis.time}`;
    if (cost.seconds > left.seconds) return 'its time does not fit into what is left of the budget';
  }
  if (left.outputTokens !== null) {
    if (cost.outputTokens === null) return `its tokens are not known: ${cost.basis.tokens}`;
    if (cost.outputTokens > left.outputTokens) return 'its tokens do not fit into what is left of the budget';
  }
  return null;
}

/** Items that one run does together. */
export interface PlanBatch {
  readonly items: readonly PlanItem[];
  /** Run that is resumed; null starts one with `options`. */
  readonly resume: string | null;
  readonly options: JsonObject;
}

/** Joins items that are asked in the same way of the same model under the same preset, so that an engine starts once for them. */
export function batchItems(items: readonly PlanItem[]): readonly PlanBatch[] {
  return groupBy(items, batchKey).map(([, group]) => {
    const [first] = group;
    return {
      items: group,
      resume: first?.resume ?? null,
      options: { ...first?.options, tasks: group.map((item) => item.task) },
    };
  });
}

function batchKey({ phase, model, preset, resume, options }: PlanItem): string {
  if (resume !== null) return `resume ${resume}`;
  const { tasks: _tasks, ...rest } = options;
  return [phase, model, preset, canonicalJson(rest)].join('\u0000');
}
