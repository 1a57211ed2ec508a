import type { Estimate } from '../../core/estimate.ts';
import type { Deployment } from '../../presets/flags/flag-table.ts';
import type { RegistryModel } from '../../presets/model-registry.ts';
import type { Preset } from '../../presets/presets.ts';

/** Something that could be deployed and has room on the hardware. */
export interface DeploymentCandidate {
  readonly model: RegistryModel;
  /** Where the weights are. */
  readonly weights: string;
  readonly engine: string;
  /** Null is 16 bits, as published. */
  readonly quantization: string | null;
  readonly preset: Preset;
  readonly deployment: Deployment;
  /** What starts it, to copy. */
  readonly command: string;
  readonly memory: {
    /** Weights, cache of the sequences that have room, state and overhead. */
    readonly estimatedBytes: number;
    readonly availableBytes: number;
    /** Sequences of full context that have room at once. */
    readonly fullSequences: number;
    readonly contextTokens: number;
  };
  /** The most output tokens a second that physics allows; null where nothing is known of the hardware. */
  readonly limitTokensPerSecond: number | null;
  /** The least milliseconds to the first token of a prompt of `promptTokens`; null where nothing is known. */
  readonly leastFirstTokenMs: number | null;
}

/** Whether a need is met: by measurement yes or no, or not known. */
export type Met = 'yes' | 'no' | 'unknown' | 'not asked';

/** A candidate with what was measured of it and how it meets the needs. */
export interface JudgedCandidate extends DeploymentCandidate {
  readonly quality: {
    readonly estimate: Estimate;
    readonly byCategory: readonly {
      readonly category: string;
      readonly estimate: Estimate;
      readonly tasks: readonly string[];
    }[];
    readonly runIds: readonly string[];
  };
  readonly throughput: { readonly estimate: Estimate; readonly runId: string | null };
  readonly firstTokenMs: { readonly p95: number | null; readonly runId: string | null };
  readonly measuredMemory: { readonly bytes: number | null; readonly runId: string | null };
  /** Currency for a million output tokens at the measured throughput, else at the limit; null without a price. */
  readonly costPerMillionTokens: { readonly value: number; readonly basis: 'measured' | 'limit' } | null;
  readonly meets: {
    readonly quality: Met;
    readonly latency: Met;
    readonly budget: Met;
  };
}
