import type { Json } from '../json.ts';

/** A program to judge: the candidate is untrusted, the tests are the benchmark's. */
export interface SandboxProgram {
  /** Shown in logs; no meaning. */
  readonly id: string;
  /** Untrusted source that defines the entry point (imports and helpers included). */
  readonly candidate: string;
  /** Trusted source the tests need (helpers of the prompt, `test_setup_code`, imports). Runs before the tests, in the tester. */
  readonly setup: string;
  /** Trusted test source; it passes when it ends without an exception. */
  readonly tests: string;
  /** Name of the function under test; null when the tests use the candidate's names freely. A name of a builtin is the candidate's only when it is given here. */
  readonly entryPoint: string | null;
  /** Values bound to names before the setup runs, in the tagged form of src/sandbox/python/codec.py: what a test compares with need not be compiled. */
  readonly values?: Readonly<Record<string, Json>>;
  /** Wall-clock limit in milliseconds before calibration. */
  readonly timeLimitMs: number;
}

export type SandboxVerdictKind =
  | 'passed'
  | 'failed'
  | 'syntax'
  | 'runtime'
  | 'wrong_entry_point'
  | 'timeout'
  | 'memory'
  | 'denied'
  | 'fault';

/** What happened. `fault` is the sandbox's own failure and never counts against the candidate. */
export interface SandboxVerdict {
  readonly kind: SandboxVerdictKind;
  /** Exception name or refused operation; null when there is none. */
  readonly error: string | null;
  /** First lines of the message or the failing assertion, at most 2,000 characters; null when there is none. */
  readonly detail: string | null;
  readonly wallMs: number;
}

/** Calls of one function with given arguments, to compute what a canonical solution returns. */
export interface SandboxEvaluation {
  /** Shown in logs; no meaning. */
  readonly id: string;
  /** Source that defines the entry point. */
  readonly candidate: string;
  readonly entryPoint: string;
  /** One list of arguments a call, each argument in tagged form. */
  readonly inputs: readonly (readonly Json[])[];
  /** Wall-clock limit in milliseconds for all calls together, before calibration. */
  readonly timeLimitMs: number;
}

/** How one call of an evaluation ended; a value is in tagged form. */
export type SandboxCall =
  | { readonly kind: 'returned'; readonly value: Json; readonly wallMs: number }
  | { readonly kind: 'raised'; readonly error: string; readonly detail: string; readonly wallMs: number };

/** All calls when the verdict is `passed`; else those that were made before the end. */
export interface SandboxEvaluationResult {
  readonly verdict: SandboxVerdict;
  readonly calls: readonly SandboxCall[];
}

/** What the verdicts rest on; part of the score's identity. */
export interface SandboxDescription {
  readonly backend: string;
  readonly mode: 'strict' | 'compat';
  readonly version: string;
  readonly pythonVersion: string;
  readonly workers: number;
  readonly limits: Readonly<Record<string, number | string>>;
  /** Factor applied to time limits after calibration on canonical solutions; 1 when not calibrated. */
  readonly timeFactor: number;
}

/** Runs untrusted Python. Several `run` calls may be in flight; each is independent of the others. */
export interface Sandbox {
  describe(): Promise<SandboxDescription>;
  run(program: SandboxProgram, signal?: AbortSignal): Promise<SandboxVerdict>;
  evaluate(evaluation: SandboxEvaluation, signal?: AbortSignal): Promise<SandboxEvaluationResult>;
  /** Sets the factor that later time limits are multiplied with, at least 1. */
  setTimeFactor(factor: number): void;
  close(): Promise<void>;
}

export interface SandboxSettings {
  readonly mode: 'strict' | 'compat';
  readonly workers: number;
  /** Bytes a program may use. */
  readonly memoryBytes: number;
  readonly timeFactor: number;
  /** Folder of derived files that make a later start faster; ~/.cache/qwen-eval when not given. */
  readonly cacheDir?: string;
}

/** Whether a backend can run here, and what to install when it cannot. */
export type SandboxAvailability =
  | { readonly available: true }
  | { readonly available: false; readonly reason: string; readonly hint: string };

export interface SandboxPlugin {
  /** Equals the file name. */
  readonly id: string;
  readonly title: string;
  readonly probe: () => Promise<SandboxAvailability>;
  readonly open: (settings: SandboxSettings) => Promise<Sandbox>;
}

/** Declares a sandbox backend; the default export of a file in src/sandbox/. */
export const defineSandbox = (plugin: SandboxPlugin): SandboxPlugin => plugin;
