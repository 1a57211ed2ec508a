import { isEstimated } from '../../core/estimate.ts';
import type { Bottleneck } from '../../core/system-report.ts';
import { formatShare } from '../../text/format-estimate.ts';
import type { TrackerComparison } from '../compare/tracker-comparison.ts';
import type { Deployment } from '../deployment.ts';
import type { TrackedRun } from '../tracked-run.ts';
import type { TrackerCell } from '../tracker-cell.ts';

/** Something that would make results better or cheaper, with the runs that show it. */
export interface Opportunity {
  readonly kind: 'truncation' | 'cheaper preset' | 'bottleneck' | 'memory' | 'repeat';
  readonly text: string;
  /** What to do, as a command or setting. */
  readonly advice: string;
  readonly runIds: readonly string[];
}

/** What opportunities are found in. */
export interface OpportunitySources {
  readonly cells: readonly TrackerCell[];
  readonly deployments: readonly Deployment[];
  readonly comparisons: readonly TrackerComparison[];
  readonly runs: readonly TrackedRun[];
}

/** What the current results leave to gain, in order of what it touches: scores, then cost, then certainty. */
export const findOpportunities = (sources: OpportunitySources): readonly Opportunity[] =>
  [truncations, cheaperPresets, bottlenecks, idleMemory, singleRuns].flatMap((rule) => rule(sources));

/** Share of answers cut off from which more output tokens are worth their cost. */
const notableTruncation = 0.02;

function truncations({ cells, runs }: OpportunitySources): readonly Opportunity[] {
  const byId = new Map(runs.map((run) => [run.document.runId, run]));
  return cells.flatMap((cell): readonly Opportunity[] => {
    const run = byId.get(cell.runId ?? '');
    const result = run?.result?.tasks.find((task) => task.task === cell.task);
    const plan = run?.document.plan.tasks.find((task) => task.task === cell.task);
    if (cell.status !== 'tested' || !plan || !result || !isEstimated(result.truncationRate)) return [];
    if (result.truncationRate.value < notableTruncation) return [];
    const { maxTokens } = plan.settings;
    return [
      {
        kind: 'truncation',
        text: `${cell.model}, ${cell.preset}, ${cell.task}: ${formatShare(result.truncationRate)} of the answers end at ${maxTokens} tokens`,
        advice: `--max-tokens ${maxTokens * 2}`,
        runIds: [cell.runId ?? ''],
      },
    ];
  });
}

const measured = (deployment: Deployment | undefined): number | null =>
  deployment === undefined || 'unavailable' in deployment.figures.measured ? null : deployment.figures.measured.bytes;

/** Presets that cost less memory and lose nothing that was seen. */
function cheaperPresets({ comparisons, deployments }: OpportunitySources): readonly Opportunity[] {
  const at = (model: string, preset: string): Deployment | undefined =>
    deployments.find((one) => one.model === model && one.preset === preset);
  return comparisons.flatMap(({ kind, a, b, tasks }): readonly Opportunity[] => {
    if (kind !== 'preset' || tasks.length === 0 || !tasks.every(({ verdict }) => verdict === 'tied')) return [];
    const [bytesA, bytesB] = [measured(at(a.model, a.preset)), measured(at(b.model, b.preset))];
    if (bytesA === null || bytesB === null || bytesA === bytesB) return [];
    const [cheap, dear] = bytesA < bytesB ? [a, b] : [b, a];
    const saved = 1 - Math.min(bytesA, bytesB) / Math.max(bytesA, bytesB);
    return [
      {
        kind: 'cheaper preset',
        text: `${a.model}: ${cheap.preset} is tied with ${dear.preset} on ${tasks.map(({ task }) => task).join(', ')} and takes ${(saved * 100).toFixed(0)} % less memory`,
        advice: `--preset ${cheap.preset}`,
        runIds: [...new Set(tasks.flatMap(({ runs }) => [runs.a, runs.b]))],
      },
    ];
  });
}

/** What to change where a run waited for something. */
const remedies: Readonly<Partial<Record<Bottleneck['kind'], string>>> = {
  client: 'run the client on a machine of its own, or lower --max-connections until it keeps up',
  scoring: 'give scoring more cores, or run generation and `rescore` apart',
  kv: 'lower --max-model-len or the sequences, or give the engine more memory: the KV cache is full',
  queue: 'lower --max-connections to what the server works on at once, or raise its sequences',
  prefill: 'put what prompts share first and keep prefix caching on',
  decode: 'use quantised weights or speculative decoding: decoding is what takes the time',
};

const bottlenecks = ({ deployments }: OpportunitySources): readonly Opportunity[] =>
  deployments.flatMap(({ model, preset, runId, figures: { bottleneck } }): readonly Opportunity[] => {
    const remedy = bottleneck === null ? undefined : remedies[bottleneck.kind];
    if (bottleneck === null || remedy === undefined) return [];
    return [
      { kind: 'bottleneck', text: `${model}, ${preset}: ${bottleneck.summary}`, advice: remedy, runIds: [runId] },
    ];
  });

/** Share of the KV cache in use below which it is mostly empty. */
const mostlyEmpty = 0.2;

/** KV caches that a run never came near to filling. */
const idleMemory = ({ deployments }: OpportunitySources): readonly Opportunity[] =>
  deployments.flatMap(({ model, preset, runId, system }): readonly Opportunity[] => {
    const peak = system?.memory.kvUsage.peak;
    if (peak === undefined || 'unavailable' in peak || peak.value >= mostlyEmpty) return [];
    return [
      {
        kind: 'memory',
        text: `${model}, ${preset}: the KV cache was never more than ${(peak.value * 100).toFixed(1)} % in use`,
        advice: 'more sequences at once, a longer context, or less memory for the engine',
        runIds: [runId],
      },
    ];
  });

/** Throughput that was measured once and has no interval. */
const singleRuns = ({ deployments }: OpportunitySources): readonly Opportunity[] =>
  deployments.flatMap(({ model, preset, runId, performance, system }): readonly Opportunity[] => {
    const within = system?.throughput.outputTokensPerSecond;
    const isCertain = isEstimated(performance.outputTokensPerSecond) || (within !== undefined && isEstimated(within));
    if (isCertain || performance.lastOutputTokensPerSecond === null) return [];
    return [
      {
        kind: 'repeat',
        text: `${model}, ${preset}: throughput was measured once and has no interval`,
        advice: 'run the same plan twice more',
        runIds: [runId],
      },
    ];
  });
