/** Asks the guard to start its one program, or to end it with all that it started. */
export type GuardRequest =
  | {
      readonly kind: 'start';
      readonly command: string;
      readonly args: readonly string[];
      readonly environment: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'stop' };

/** What the guard tells of its program. */
export type GuardReport =
  | { readonly kind: 'started'; readonly processId: number }
  /** The program could not be started: a code of the system such as ENOENT. */
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  | { readonly kind: 'exited'; readonly code: number | null; readonly signal: string | null };

/** Environment variable that every process of a guarded program inherits; its value names the guard. */
export const guardVariable = 'QWEN_EVAL_GUARD';

/** Milliseconds a program has to end in good order before it is killed. */
export const stopGraceMs = 10_000;
