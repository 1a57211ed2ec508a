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
  /** Name of the function under test; null when the tests use the candidate's names freely. */
  readonly entryPoint: string | null;
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
  close(): Promise<void>;
}

export interface SandboxSettings {
  readonly mode: 'strict' | 'compat';
  readonly workers: number;
  /** Bytes a program may use. */
  readonly memoryBytes: number;
  readonly timeFactor: number;
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
