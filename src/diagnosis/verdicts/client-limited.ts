import type { VerdictKind } from '../diagnosed-run.ts';

const id = 'client_limited';
/** Readings, one a second, below which a run is start and end and no more. */
const fewestReadings = 5;

/** A run whose speed and latencies are this program's, not the engine's. */
export const clientLimited: VerdictKind = {
  id,
  judge: ({ result }) => {
    const { system } = result;
    if (system?.bottleneck.kind !== 'client' || system.telemetry.readings < fewestReadings) return [];
    const { bottleneck } = system;
    return [
      {
        id,
        severity: 'warning',
        summary: bottleneck.summary,
        evidence: bottleneck.evidence,
        advice:
          'scores stand; for speed and latency lower --max-connections, or run the client on a machine of its own',
      },
    ];
  },
};
