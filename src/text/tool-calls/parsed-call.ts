import type { FailureCode } from '../../core/failure-code.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ToolDefinition } from '../../core/message.ts';

/** What was mended to read a call; the names are stable and appear in results. */
export type CallRepair =
  | 'missing_open_tag'
  | 'missing_close_tag'
  | 'unclosed_parameter_name'
  | 'several_in_one_tag'
  | 'double_encoded_arguments'
  | 'empty_arguments'
  | 'arguments_key'
  | 'surplus_bracket'
  | 'missing_bracket'
  | 'other_format'
  | 'json_syntax'
  | 'value_syntax';

/** One tool call that was read from a response. */
export interface ParsedCall {
  readonly name: string;
  /** Null when the arguments are not an object. */
  readonly arguments: JsonObject | null;
  /** The text the call was read from. */
  readonly raw: string;
  /** UTF-16 offsets [start, end) in the answer text; [0, 0) for calls that came in their own field. */
  readonly span: readonly [number, number];
  /** Empty for a call that the family's standard parser reads. */
  readonly repairs: readonly CallRepair[];
}

/** One thing that is wrong with how calls were written, with the place where it stands. */
export interface ToolCallProblem {
  readonly code: FailureCode;
  readonly span: readonly [number, number];
  /** One sentence of evidence. */
  readonly detail: string;
}

/** Both verdicts on the calls of one turn. */
export interface ToolCallParse {
  /** What the family's standard parser reads; all or nothing, as in the servers: one malformed block voids the turn. */
  readonly strict: readonly ParsedCall[];
  /** What can be read with repairs that change no value; each block stands for itself. */
  readonly lenient: readonly ParsedCall[];
  readonly problems: readonly ToolCallProblem[];
  /** True when the text tries to call a tool in any shape, readable or not. */
  readonly attempted: boolean;
}

/** Calls found in text by one reader, before the verdicts are drawn. */
export interface CallReading {
  readonly calls: readonly ParsedCall[];
  readonly problems: readonly ToolCallProblem[];
  /** True when the shape this reader knows occurs at all. */
  readonly attempted: boolean;
}

/** What a reader may know: the tools on offer and whether the text was cut off. */
export interface CallContext {
  readonly tools: readonly ToolDefinition[];
  readonly isTruncated: boolean;
}

/** A reading that found nothing. */
export const noReading: CallReading = { calls: [], problems: [], attempted: false };
