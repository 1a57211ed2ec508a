/** Process exit codes; stable interface (docs/errors.md). */
export const exitCodes = {
  ok: 0,
  gateFailed: 1,
  usage: 2,
  environment: 3,
  incomplete: 4,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The closed union of run-level error codes and the exit code each one leads to. Every code has an entry in docs/errors.md. */
export const errorExitCodes = {
  E_USAGE: exitCodes.usage,
  E_OPTION_INVALID: exitCodes.usage,
  E_CONFIG_INVALID: exitCodes.usage,
  E_MODEL_UNKNOWN: exitCodes.usage,
  E_ENGINE_UNKNOWN: exitCodes.usage,
  E_TASK_UNKNOWN: exitCodes.usage,
  E_PRESET_UNKNOWN: exitCodes.usage,
  E_RUN_NOT_FOUND: exitCodes.usage,
  E_RUN_BUSY: exitCodes.environment,
  E_PLAN_CHANGED: exitCodes.usage,
  E_NOT_COMPARABLE: exitCodes.usage,
  E_INPUT_INVALID: exitCodes.usage,
  E_TRACKER_MARKERS: exitCodes.usage,
  E_GATE_FAILED: exitCodes.gateFailed,
  E_FILE_UNREADABLE: exitCodes.environment,
  E_OUTPUT_UNWRITABLE: exitCodes.environment,
  E_DISK_FULL: exitCodes.environment,
  E_DATASET_MISSING: exitCodes.environment,
  E_DATASET_HASH: exitCodes.environment,
  E_DATASET_INVALID: exitCodes.environment,
  E_DATASET_EMPTY: exitCodes.environment,
  E_OFFLINE: exitCodes.environment,
  E_HUB: exitCodes.environment,
  E_MODEL_FILE: exitCodes.environment,
  E_ENGINE_MISSING: exitCodes.environment,
  E_ENGINE_START: exitCodes.environment,
  E_ENGINE_UNREACHABLE: exitCodes.environment,
  E_ENGINE_TLS: exitCodes.environment,
  E_ENGINE_AUTH: exitCodes.environment,
  E_ENGINE_REQUEST: exitCodes.environment,
  E_ENGINE_RATE_LIMIT: exitCodes.environment,
  E_ENGINE_SERVER: exitCodes.environment,
  E_ENGINE_STREAM: exitCodes.environment,
  E_ENGINE_TIMEOUT: exitCodes.environment,
  E_ENGINE_CRASHED: exitCodes.environment,
  E_CONTEXT_EXCEEDED: exitCodes.environment,
  E_CAPABILITY: exitCodes.environment,
  E_NOT_OUR_SERVER: exitCodes.environment,
  E_SANDBOX_MISSING: exitCodes.environment,
  E_SANDBOX_FAILED: exitCodes.environment,
  E_JUDGE_MISSING: exitCodes.environment,
  E_JUDGE_FAILED: exitCodes.environment,
  E_NOT_CERTIFIED: exitCodes.environment,
  E_RUN_INCOMPLETE: exitCodes.incomplete,
  E_ERROR_BUDGET: exitCodes.incomplete,
  E_INTERRUPTED: exitCodes.interrupted,
  E_BUG: exitCodes.bug,
} as const satisfies Record<string, ExitCode>;

export type ErrorCode = keyof typeof errorExitCodes;

export interface QwenEvalErrorFields {
  /** The command or setting that mends it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  /** True when the same request may succeed later without any change. */
  readonly retryable?: boolean;
  /** Structured facts about the failure; never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
}

const marker: unique symbol = Symbol.for('qwen-eval.error');

/** A run-level failure: what happened to which thing (`message`) and how to mend it (`hint`). */
export class QwenEvalError extends Error {
  readonly [marker] = true;
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, fields: QwenEvalErrorFields = {}) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = 'QwenEvalError';
    this.code = code;
    this.hint = fields.hint ?? null;
    this.retryable = fields.retryable ?? false;
    this.details = fields.details ?? {};
  }
}

/** True for errors of this project, across copies of the module. */
export const isQwenEvalError = (error: unknown): error is QwenEvalError =>
  typeof error === 'object' && error !== null && marker in error;

/** The exit code that an error leads to; anything that is not ours is a bug (70). */
export const exitCodeOf = (error: unknown): ExitCode =>
  isQwenEvalError(error) ? errorExitCodes[error.code] : exitCodes.bug;
