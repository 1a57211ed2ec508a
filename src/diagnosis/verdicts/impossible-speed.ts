import { isEstimated } from '../../core/estimate.ts';
import type { Verdict } from '../../core/result-document.ts';
import { decodeLimit, prefillLimit } from '../../presets/physics.ts';
import type { VerdictKind } from '../diagnosed-run.ts';
import { physicsFacts, valueOf, type PhysicsFacts } from '../physics-facts.ts';

const id = 'impossible_speed';

/** Above a limit by more than this share is more than data sheets and clocks are off. */
const tolerance = 1.05;
/** Copying is not quite the fastest that memory moves: a limit that was measured has this much head room. */
const measuredTolerance = 1.5;

/** Speeds above what memory bandwidth and arithmetic allow. */
export const impossibleSpeed: VerdictKind = {
  id,
  judge: (run) => {
    const facts = physicsFacts(run);
    if (facts === null || facts.device === null) return [];
    const known = { ...facts, device: facts.device };
    return [streamSpeed(known), totalSpeed(known), promptSpeed(known)].filter((verdict) => verdict !== null);
  },
};

type Known = PhysicsFacts & { readonly device: NonNullable<PhysicsFacts['device']> };

const headRoom = ({ device }: Known): number => (device.operations16 === null ? measuredTolerance : tolerance);

const stepsOf = ({ system }: Known): number => valueOf(system.throughput.tokensPerStep) ?? 1;

function verdictOf(
  known: Known,
  found: { readonly what: string; readonly measured: number; readonly limit: number; readonly cause: string },
): Verdict {
  const { what, measured, limit, cause } = found;
  return {
    id,
    severity: 'error',
    summary: `${what} of ${measured.toFixed(0)} tokens/s is impossible: ${known.demand.devices > 1 ? `${known.demand.devices} × ` : ''}${known.device.title} allows ${limit.toFixed(0)} tokens/s`,
    evidence: {
      measured,
      limit,
      device: known.device.id,
      devices: known.demand.devices,
      weightBytes: known.weightBytes,
      tokensPerStep: stepsOf(known),
    },
    advice: cause,
  };
}

/** One request alone is at most as fast as the weights of one token can be read. */
function streamSpeed(known: Known): Verdict | null {
  const { p50 } = known.system.latency.streamTokensPerSecond;
  if (!isEstimated(p50)) return null;
  const limit = decodeLimit({
    ...known.demand,
    device: known.device,
    sequences: 1,
    contextTokens: 0,
    tokensPerStep: stepsOf(known),
  });
  if (limit === null || p50.value <= limit.perSequence * headRoom(known)) return null;
  return verdictOf(known, {
    what: 'decoding',
    measured: p50.value,
    limit: limit.perSequence,
    cause:
      'the server speculates without counting it, sends tokens in bundles, answers from a cache, or serves another model or quantisation: ask it with `curl …/v1/models`, and look at its start flags',
  });
}

/** All requests together are at most as fast as their batch. */
function totalSpeed(known: Known): Verdict | null {
  const { outputTokensPerSecond, concurrency } = known.system.throughput;
  const most = valueOf(concurrency.peak);
  if (!isEstimated(outputTokensPerSecond) || most === null || most < 1) return null;
  const limit = decodeLimit({
    ...known.demand,
    device: known.device,
    sequences: most,
    contextTokens: 0,
    tokensPerStep: stepsOf(known),
  });
  if (limit === null || outputTokensPerSecond.value <= limit.tokensPerSecond * headRoom(known)) return null;
  return verdictOf(known, {
    what: `throughput at ${most} requests`,
    measured: outputTokensPerSecond.value,
    limit: limit.tokensPerSecond,
    cause: 'tokens are counted twice, come from a cache, or another model answers: compare `usage` with the text',
  });
}

/** Prompts are at most as fast as their multiplications, but for what a prefix cache already held. */
function promptSpeed(known: Known): Verdict | null {
  const { promptTokensPerSecond } = known.system.throughput;
  const limit = prefillLimit({ ...known.demand, device: known.device });
  if (!isEstimated(promptTokensPerSecond) || limit === null) return null;
  const cached = cachedShare(known);
  const computed = promptTokensPerSecond.value * (1 - (cached ?? 0));
  if (computed <= limit * headRoom(known)) return null;
  const verdict = verdictOf(known, {
    what: 'prefill',
    measured: computed,
    limit,
    cause:
      'prompts that share their beginning come from the prefix cache: read its hits off the metrics page, or start the server without it to measure prefill',
  });
  // Without a count of hits, the cache is the likely cause, and no fault.
  return cached === null ? { ...verdict, severity: 'info' } : verdict;
}

/** Share of the prompt tokens that a cache held, as the engine counts; null where it does not. */
function cachedShare({ system }: Known): number | null {
  const { engineMetrics } = system;
  if ('unavailable' in engineMetrics) return null;
  const { prefixQueriedTokens, prefixHitTokens, promptTokens, cachedPromptTokens } = engineMetrics.counted;
  if (prefixQueriedTokens !== undefined && prefixHitTokens !== undefined && prefixQueriedTokens > 0)
    return prefixHitTokens / prefixQueriedTokens;
  return promptTokens !== undefined && cachedPromptTokens !== undefined && promptTokens > 0
    ? cachedPromptTokens / promptTokens
    : null;
}
