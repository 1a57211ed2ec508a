import { isEstimated } from '../../core/estimate.ts';
import { decodeLimit } from '../../presets/physics.ts';
import type { VerdictKind } from '../diagnosed-run.ts';
import { physicsFacts, valueOf } from '../physics-facts.ts';

const id = 'slow_decode';

/** Engines reach 55 to 90 % of the limit on one stream; a quarter is far below any of them. */
const farBelow = 0.25;

const advice = {
  gpu: 'likely causes: eager mode (drop --enforce-eager), layers or KV cache on the host, a card shared with others, a tiny model bound by the host, or a quantisation without a fast kernel',
  cpu: 'likely causes: too few threads (--threads), other programs on this machine, or arithmetic that limits a small quantised model before memory does',
  client: 'the client was the limit: lower --max-connections or run it on another machine than the server',
} as const;

/** Decoding far below what the memory bandwidth allows at the run's concurrency. */
export const slowDecode: VerdictKind = {
  id,
  judge: (run) => {
    const facts = physicsFacts(run);
    if (facts === null || facts.device === null) return [];
    const { system, demand, device } = facts;
    const { p50 } = system.latency.streamTokensPerSecond;
    const { mean, peak } = system.throughput.concurrency;
    const sequences = isEstimated(mean) ? mean.value : valueOf(peak);
    if (!isEstimated(p50) || sequences === null || sequences < 1) return [];
    const limit = decodeLimit({
      ...demand,
      device,
      sequences,
      contextTokens: meanContext(run.result.usage, run.result.tasks),
      tokensPerStep: valueOf(system.throughput.tokensPerStep) ?? 1,
    });
    if (limit === null || p50.value >= farBelow * limit.perSequence) return [];
    const share = p50.value / limit.perSequence;
    const kind = system.bottleneck.kind === 'client' ? 'client' : device.operations16 === null ? 'cpu' : 'gpu';
    return [
      {
        id,
        severity: 'warning',
        summary: `decoding at ${p50.value.toFixed(1)} tokens/s a request is ${(100 * share).toFixed(0)} % of the ${limit.perSequence.toFixed(0)} that ${device.title} allows at a concurrency of ${sequences.toFixed(0)}`,
        evidence: {
          measured: p50.value,
          limit: limit.perSequence,
          share,
          boundBy: limit.boundBy,
          device: device.id,
          requests: sequences,
        },
        advice: advice[kind],
      },
    ];
  },
};

/** Mean tokens of a request's context half way through its answer; 0 where usage is not known. */
function meanContext(
  usage: { readonly promptTokens: number | null; readonly completionTokens: number | null },
  tasks: readonly { readonly counts: { readonly scored: number } }[],
): number {
  const answers = tasks.reduce((sum, task) => sum + task.counts.scored, 0);
  if (usage.promptTokens === null || usage.completionTokens === null || answers === 0) return 0;
  return (usage.promptTokens + usage.completionTokens / 2) / answers;
}
