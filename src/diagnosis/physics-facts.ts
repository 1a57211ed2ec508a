import type { SystemReading, SystemReport } from '../core/system-report.ts';
import { kvElementBytes, parseArchitecture, type Architecture } from '../presets/architecture.ts';
import { findDevice, measuredProcessor, type Device } from '../presets/devices.ts';
import type { SpeedDemand } from '../presets/physics.ts';
import { weightBytes } from '../presets/weight-bytes.ts';
import type { DiagnosedRun } from './diagnosed-run.ts';

/** What physics needs to know of a measured run. */
export interface PhysicsFacts {
  readonly system: SystemReport;
  readonly architecture: Architecture;
  /** Bytes of the weights: of the file, or counted. */
  readonly weightBytes: number;
  /** Model and devices; sequences, context and steps are the caller's. */
  readonly demand: Omit<SpeedDemand, 'sequences' | 'contextTokens' | 'tokensPerStep' | 'device'>;
  /** Null for a device of which nothing is known. */
  readonly device: Device | null;
}

/** A reading's number; null when it was not taken. */
export const valueOf = (reading: SystemReading): number | null => ('unavailable' in reading ? null : reading.value);

/** The facts of a run that was measured and whose model is known; null for any other. */
export function physicsFacts({ document, result }: DiagnosedRun): PhysicsFacts | null {
  const { system } = result;
  const { memory } = document;
  if (system === null || memory === undefined) return null;
  const architecture = parseArchitecture(memory.architecture);
  if (architecture === null) return null;
  const { quantization } = memory;
  const bytes =
    'unavailable' in memory.estimate
      ? (weightBytes(architecture, quantization)?.bytes ?? null)
      : memory.estimate.weightBytes;
  if (bytes === null) return null;
  const cards = cardsOf(system);
  return {
    system,
    architecture,
    weightBytes: bytes,
    demand: {
      architecture,
      quantization,
      weightBytes: bytes,
      kvElementBytes: kvElementBytes(memory.kvType) ?? 2,
      devices: Math.max(1, cards.length),
    },
    device: deviceOf(system, cards),
  };
}

type Card = Exclude<SystemReport['gpus'], { readonly unavailable: string }>[number];

/** The cards that the engine's processes hold memory on; the only card where the driver tells no processes apart. */
function cardsOf({ gpus, memory }: SystemReport): readonly Card[] {
  if ('unavailable' in gpus || memory.where !== 'gpu') return [];
  const held = gpus.filter((card) => (valueOf(card.engineBytes.peak) ?? 0) > 0);
  return held.length > 0 ? held : gpus.length === 1 ? gpus : [];
}

function deviceOf(system: SystemReport, cards: readonly Card[]): Device | null {
  const [first] = cards;
  if (first) return cards.every((card) => card.name === first.name) ? findDevice(first.name ?? '') : null;
  const bandwidth = valueOf(system.processors.memoryBandwidth);
  return bandwidth === null ? null : measuredProcessor(bandwidth);
}
