import type { Verdict } from '../../core/result-document.ts';
import type { SystemReport } from '../../core/system-report.ts';
import { weightBytesRead } from '../../presets/weight-bytes.ts';
import { formatBytes } from '../../text/format-bytes.ts';
import type { VerdictKind } from '../diagnosed-run.ts';
import { physicsFacts, valueOf, type PhysicsFacts } from '../physics-facts.ts';

const id = 'impossible_memory';

/** Share of the weights below which no rounding explains a reading. */
const leastShare = 0.97;
/** A processor maps weights and touches what it reads: less than nine tenths of that is not the model. */
const leastMappedShare = 0.9;

/** Memory that cannot be: below the weights alone, or above what the card has. */
export const impossibleMemory: VerdictKind = {
  id,
  judge: (run) => {
    const facts = physicsFacts(run);
    if (facts === null) return [];
    return [belowWeights(facts), aboveCard(facts)].filter((verdict) => verdict !== null);
  },
};

function belowWeights(facts: PhysicsFacts): Verdict | null {
  const { system, weightBytes, architecture, demand } = facts;
  const measured = valueOf(system.memory.engineBytes.peak);
  if (measured === null) return null;
  const isHost = system.memory.where === 'host';
  // A card that no driver tells of may hold the weights, and a mixture of experts leaves what no token chose on the disk.
  if (isHost && (!isOnProcessor(system) || architecture.experts !== null)) return null;
  const read = isHost
    ? (weightBytesRead(architecture, { quantization: demand.quantization, tokens: 1, totalBytes: weightBytes }) ?? 0)
    : weightBytes;
  if (measured >= read * (isHost ? leastMappedShare : leastShare)) return null;
  const bits = (8 * measured) / (architecture.parameters ?? Infinity);
  return {
    id,
    severity: 'error',
    summary: `memory of ${formatBytes(measured)} is impossible: the weights alone are ${formatBytes(weightBytes)}${Number.isFinite(bits) && bits > 0 ? `, and the reading leaves ${bits.toFixed(1)} bits a weight` : ''}`,
    evidence: {
      measuredBytes: measured,
      weightBytes,
      ...(system.memory.meaning === null ? {} : { counted: system.memory.meaning }),
    },
    advice:
      'the reading is of another process, one shard of several, layers on the host, or another quantisation than the run names: check which process serves the model and `show run`',
  };
}

/** Only for an engine on the processor is the memory's bandwidth measured. */
const isOnProcessor = ({ processors }: SystemReport): boolean => valueOf(processors.memoryBandwidth) !== null;

function aboveCard({ system }: PhysicsFacts): Verdict | null {
  if ('unavailable' in system.gpus) return null;
  const [over] = system.gpus.flatMap(({ id: card, name, memoryTotalBytes, memoryUsedBytes }) => {
    const [total, used] = [valueOf(memoryTotalBytes), valueOf(memoryUsedBytes.peak)];
    return total !== null && used !== null && used > total ? [{ name: name ?? card, total, used }] : [];
  });
  if (!over) return null;
  return {
    id,
    severity: 'error',
    summary: `memory of ${formatBytes(over.used)} is impossible: ${over.name} has ${formatBytes(over.total)}`,
    evidence: { measuredBytes: over.used, cardBytes: over.total },
    advice: 'compare with `nvidia-smi` by hand: the driver’s answer is not what it seems',
  };
}
