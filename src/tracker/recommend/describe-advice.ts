import { isEstimated, type Estimate } from '../../core/estimate.ts';
import type { JsonObject } from '../../core/json.ts';
import type { JudgedCandidate } from './deployment-candidate.ts';
import type { DeploymentNeeds } from './deployment-needs.ts';
import type { Hardware } from './hardware.ts';
import type { DecidingMeasurement, DeploymentAdvice } from './recommend-deployment.ts';

/** A candidate as `recommend --json` gives it. */
export interface DescribedCandidate {
  readonly engine: string;
  readonly model: string;
  readonly hubId: string;
  readonly weights: string;
  /** Null is 16 bits, as published. */
  readonly quantization: string | null;
  readonly preset: string;
  /** To copy. */
  readonly command: string;
  readonly flags: JsonObject;
  readonly environment: JsonObject;
  readonly settings: JsonObject;
  readonly notes: readonly string[];
  readonly quality: JudgedCandidate['quality'];
  readonly memory: {
    readonly estimatedBytes: number;
    readonly availableBytes: number;
    readonly measuredBytes: number | null;
    readonly runId: string | null;
    readonly contextTokens: number;
    readonly fullSequences: number;
  };
  readonly throughput: {
    readonly outputTokensPerSecond: Estimate;
    readonly runId: string | null;
    /** Upper limit by physics, not a forecast. */
    readonly limitTokensPerSecond: number | null;
  };
  readonly firstTokenMs: {
    readonly p95: number | null;
    readonly runId: string | null;
    /** Lower limit by physics, not a forecast. */
    readonly least: number | null;
  };
  readonly costPerMillionTokens: JudgedCandidate['costPerMillionTokens'];
  readonly meets: JudgedCandidate['meets'];
}

export interface DescribedAdvice {
  readonly hardware: Omit<Hardware, 'device'> & { readonly device: string | null };
  readonly needs: DeploymentNeeds;
  readonly advice: DescribedCandidate | null;
  readonly confidence: DeploymentAdvice['confidence'];
  readonly reason: string;
  readonly alternatives: readonly DescribedCandidate[];
  readonly wouldChange: readonly DecidingMeasurement[];
  readonly left: Readonly<Record<string, number>>;
}

/** The advice with models and presets by their ids. */
export const describeAdvice = ({ hardware, advice, alternatives, ...rest }: DeploymentAdvice): DescribedAdvice => ({
  ...rest,
  hardware: { ...hardware, device: hardware.device?.id ?? null },
  advice: advice === null ? null : describeCandidate(advice),
  alternatives: alternatives.map(describeCandidate),
});

function describeCandidate(candidate: JudgedCandidate): DescribedCandidate {
  const { model, engine, weights, quantization, preset, deployment, memory, measuredMemory, throughput } = candidate;
  return {
    engine,
    model: model.id,
    hubId: model.hubId,
    weights,
    quantization,
    preset: preset.id,
    command: candidate.command,
    flags: { ...deployment.flags },
    environment: { ...deployment.environment },
    settings: { ...deployment.settings },
    notes: [...deployment.notes, ...deployment.remarks],
    quality: candidate.quality,
    memory: { ...memory, measuredBytes: measuredMemory.bytes, runId: measuredMemory.runId },
    throughput: {
      outputTokensPerSecond: throughput.estimate,
      runId: isEstimated(throughput.estimate) ? throughput.runId : null,
      limitTokensPerSecond: candidate.limitTokensPerSecond,
    },
    firstTokenMs: { ...candidate.firstTokenMs, least: candidate.leastFirstTokenMs },
    costPerMillionTokens: candidate.costPerMillionTokens,
    meets: candidate.meets,
  };
}
