import type { GpuReading } from '../core/telemetry-record.ts';
import type { NvidiaReading } from './nvidia-smi.ts';
import type { RunCommand } from './command-runner.ts';

const deadlineMs = 5000;
const flags = ['--showmeminfo', 'vram', '--showuse', '--showpower', '--showtemp', '--showproductname', '--json'];

/** Reads AMD cards through rocm-smi's JSON, whose keys differ by release; processes are not told apart. */
export async function readRocmSmi(run: RunCommand, program = 'rocm-smi'): Promise<NvidiaReading> {
  const outcome = await run(program, flags, deadlineMs);
  if (outcome.kind !== 'output') return outcome;
  let document: unknown;
  try {
    document = JSON.parse(outcome.text);
  } catch {
    return { kind: 'failed', reason: `rocm-smi gave no JSON: ${outcome.text.trim().slice(0, 200)}` };
  }
  const cards = typeof document === 'object' && document !== null ? Object.entries(document) : [];
  const gpus = cards.filter(([key]) => /^card\d+$/.test(key)).map(([key, card]) => gpuOf(key, card as Card));
  return gpus.length === 0 ? { kind: 'failed', reason: 'rocm-smi lists no card' } : { kind: 'read', gpus };
}

type Card = Readonly<Record<string, unknown>>;

function gpuOf(id: string, card: Card): GpuReading {
  const text = (pattern: RegExp): string | null => {
    const found = Object.entries(card).find(([key]) => pattern.test(key))?.[1];
    return typeof found === 'string' && found !== '' && found !== 'N/A' ? found : null;
  };
  const number = (pattern: RegExp, factor = 1): number | null => {
    const found = text(pattern);
    const value = found === null ? Number.NaN : Number(found);
    return Number.isFinite(value) ? value * factor : null;
  };
  return {
    id,
    name: text(/^card (series|model)$/i),
    memoryUsedBytes: number(/^vram total used memory \(b\)$/i),
    memoryTotalBytes: number(/^vram total memory \(b\)$/i),
    utilization: number(/^gpu use \(%\)$/i, 0.01),
    memoryUtilization: null,
    powerWatts: number(/^(average|current socket) graphics package power \(w\)$/i),
    temperatureCelsius: number(/^temperature \(sensor (edge|junction)\) \(c\)$/i),
    engineMemoryBytes: null,
    isPartitioned: false,
  };
}
