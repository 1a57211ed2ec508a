import type { Json } from '../../core/json.ts';
import type { AnswerForm } from '../../text/answer-form.ts';
import type { Faults, Tables } from './simulation.ts';
import type { impossibleReasons } from './world.ts';

/** A call as the plan has it; the string `$created` stands for the id that the call before it in the same step made. */
export interface PlannedCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, Json>>;
}

/** One thing the user wants: what must be looked up for it, and what must be done. Steps of a mission touch different records. */
export interface MissionStep {
  readonly text: string;
  readonly lookups: readonly PlannedCall[];
  readonly writes: readonly PlannedCall[];
  /** Ids that the writes change or refer to. */
  readonly touches: readonly string[];
}

/** What must never happen, even if it is undone later. */
export interface Prohibition {
  readonly text: string;
  /** Writes with these tools are forbidden. */
  readonly tools: readonly string[];
  /** Writes about these ids are forbidden. */
  readonly ids: readonly string[];
}

/** A mission in a world, as a sample carries it. */
export interface MissionInput {
  readonly world: string;
  readonly level: number;
  readonly system: string;
  readonly request: string;
  /** Names of the tools on offer. */
  readonly tools: readonly string[];
  readonly tables: Tables;
  readonly faults: Faults;
  readonly prohibition: Prohibition | null;
  /** Calls at most. */
  readonly callBudget: number;
}

/** What a mission must lead to. */
export interface MissionTarget {
  readonly steps: readonly MissionStep[];
  /** Null where only the world counts. */
  readonly answer: {
    readonly form: AnswerForm;
    readonly value: string;
    readonly lookups: readonly PlannedCall[];
  } | null;
  /** Set where the request cannot be met: nothing may change, and this must be reported. */
  readonly impossible: {
    readonly reason: (typeof impossibleReasons)[number];
    readonly entity: string;
    readonly lookups: readonly PlannedCall[];
  } | null;
}
