import type { AnswerForm } from '../../text/answer-form.ts';
import type { ConstraintUse } from '../constraints/constraint-table.ts';

/** What a turn of the assistant must show. */
export type Checkpoint =
  | {
      readonly kind: 'answer';
      readonly form: AnswerForm;
      readonly value: string;
      /** Values that were true once and are no longer. */
      readonly stale: readonly string[];
      /** Values that belong to something else. */
      readonly others: readonly string[];
      /** User turns since the fact was last told or changed; 0 when it was never more than this turn. */
      readonly distance: number;
      /** Queries with the same label ask the same and must not be answered differently; null for a query that stands alone. */
      readonly sameAs: string | null;
    }
  | { readonly kind: 'rules'; readonly constraints: readonly ConstraintUse[]; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[]; readonly calls: readonly ListCall[] };

/** A call of the list editor. */
export interface ListCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, string | number>>;
}

/** One turn of the scripted user. */
export interface UserTurn {
  readonly text: string;
  /** Null where any reply will do. */
  readonly checkpoint: Checkpoint | null;
}

/** A conversation whose user side is written beforehand. */
export interface ConversationInput {
  readonly level: number;
  readonly turns: readonly UserTurn[];
  /** Items the list editor starts with; null where no tools are offered. */
  readonly list: readonly string[] | null;
  /** `full`, `concat` or `sharded` for the three askings of one problem, else null. */
  readonly asking: 'full' | 'concat' | 'sharded' | null;
}

/** The target is in the checkpoints; this is what a scorer needs besides. */
export interface ConversationTarget {
  readonly checkpoints: number;
}
