import type { JsonObject } from '../../core/json.ts';

/** Why a cell stands in the plan, in the order in which cells are taken up. */
export type PlanPhaseId = 're-evaluate' | 'complete' | 'new-models' | 'advanced';

/** What a cell will cost. Null is not known; `basis` says where the rest comes from. */
export interface CostEstimate {
  readonly samples: number | null;
  readonly promptTokens: number | null;
  readonly outputTokens: number | null;
  readonly seconds: number | null;
  /** The run measured, or the assumption made. */
  readonly basis: { readonly tokens: string; readonly time: string };
}

/** A cell that is to be evaluated. */
export interface PlanItem {
  readonly phase: PlanPhaseId;
  readonly model: string;
  readonly preset: string;
  readonly task: string;
  readonly mode: string | null;
  readonly choiceMode: string | null;
  readonly reason: string;
  readonly cost: CostEstimate;
  /** Why it cannot be run as things are; null when nothing is known to stand in the way. */
  readonly blocked: string | null;
  /** True when all that blocks it is data that its last run did not find. */
  readonly waitsForData: boolean;
  /** Run that is to be resumed in place of a new one. */
  readonly resume: string | null;
  /** Option values of `run` that evaluate it. */
  readonly options: JsonObject;
  /** The same as a command line. */
  readonly command: string;
}

/** A line of the plan in the tracker: what is done and what is left of a model, a preset, or a model × preset. */
export interface PlanGroup {
  readonly model: string;
  readonly preset: string | null;
  readonly done: number;
  readonly total: number;
  /** Tasks that are left, in order. */
  readonly left: readonly string[];
}

export interface PlanPhase {
  readonly id: PlanPhaseId;
  readonly title: string;
  /** In the order in which they are to be run. */
  readonly items: readonly PlanItem[];
  readonly groups: readonly PlanGroup[];
}

/** What is to be evaluated, in order. */
export interface EvaluationPlan {
  readonly phases: readonly PlanPhase[];
}

/** Sum of costs; a part that is not known makes the sum a lower bound and is counted in `unknown`. */
export interface CostSum {
  readonly cells: number;
  readonly outputTokens: number;
  readonly seconds: number;
  readonly unknown: number;
}

/** Adds costs up. */
export function sumCosts(items: readonly PlanItem[]): CostSum {
  let [outputTokens, seconds, unknown] = [0, 0, 0];
  for (const { cost } of items) {
    outputTokens += cost.outputTokens ?? 0;
    seconds += cost.seconds ?? 0;
    if (cost.outputTokens === null || cost.seconds === null) unknown += 1;
  }
  return { cells: items.length, outputTokens, seconds, unknown };
}

/** Items that can be run before those that cannot, each in the order given. */
export const runnableFirst = (items: readonly PlanItem[]): readonly PlanItem[] => [
  ...items.filter((item) => item.blocked === null),
  ...items.filter((item) => item.blocked !== null),
];
