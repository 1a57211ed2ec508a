import type { Json } from '../core/json.ts';
import type { RunDocument } from '../core/run-document.ts';
import type { Bottleneck } from '../core/system-report.ts';
import { estimateMemory } from '../presets/memory-estimate.ts';
import { modelRegistry } from '../presets/model-registry.ts';
import type { TrackedRun } from './tracked-run.ts';

/** An amount of memory, or why it is not known. */
export type MemoryFigure = { readonly bytes: number; readonly what: string } | { readonly unavailable: string };

/** The system behind a cell's result. */
export interface CellSystem {
  /** From weights, context and sequences, before anything ran. */
  readonly estimated: MemoryFigure;
  /** Highest reading of the engine's memory. */
  readonly measured: MemoryFigure;
  /** What limited the run, with its evidence; null when nothing was measured. */
  readonly bottleneck: Bottleneck | null;
}

/** Memory and bottleneck of a run. */
export const systemOf = (run: TrackedRun): CellSystem => ({
  estimated: estimatedMemory(run.document),
  measured: measuredMemory(run),
  bottleneck: run.result?.system?.bottleneck ?? null,
});

function measuredMemory({ result }: TrackedRun): MemoryFigure {
  if (!result?.system) return { unavailable: 'not measured' };
  const { memory } = result.system;
  const { peak } = memory.engineBytes;
  if ('unavailable' in peak) return { unavailable: `not measured: ${peak.unavailable}` };
  return { bytes: peak.value, what: memory.meaning ?? memory.where ?? 'memory of the engine' };
}

const positive = (value: Json | undefined): number | null => (typeof value === 'number' && value > 0 ? value : null);

/** Weights, and the KV cache of the sequences the engine holds at once, each at full context. */
function estimatedMemory({ plan }: RunDocument): MemoryFigure {
  const model = modelRegistry().find(({ id }) => id === plan.model.registryId);
  if (model === undefined) return { unavailable: 'not estimated: the model is in no registry' };
  const contextTokens = plan.engine.contextLength;
  if (contextTokens === null) return { unavailable: 'not estimated: the context is not known' };
  const { quantization } = plan.model.facts;
  const { settings } = plan.engine;
  const sequences = positive(settings['sequences']) ?? plan.preset.maxConcurrency;
  const kvType = typeof settings['kvCacheType'] === 'string' ? settings['kvCacheType'] : 'auto';
  const estimate = estimateMemory({
    architecture: model.architecture,
    quantization: typeof quantization === 'string' ? quantization : null,
    weightBytes: positive(plan.model.facts['weightBytes']),
    sequences,
    contextTokens,
    kvType,
    overheadBytes: 0,
  });
  if (typeof estimate === 'string') return { unavailable: `not estimated: ${estimate}` };
  const what = `weights ${gibibytes(estimate.weightBytes)} + KV cache ${gibibytes(estimate.kvBytes + estimate.stateBytes)} of ${sequences} sequences of ${contextTokens} tokens`;
  return { bytes: estimate.totalBytes, what };
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;

/** `12.34 GiB`, or why it is not known. */
export const memoryFigureText = (figure: MemoryFigure): string =>
  'unavailable' in figure ? figure.unavailable : `${gibibytes(figure.bytes)} (${figure.what})`;

/** `12.34 GiB`, or `–`. */
export const memoryShort = (figure: MemoryFigure): string => ('unavailable' in figure ? '–' : gibibytes(figure.bytes));

/** A bottleneck's sentence with its evidence. */
export function bottleneckText({ summary, evidence }: Bottleneck): string {
  const figures = Object.entries(evidence).map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`);
  return figures.length === 0 ? summary : `${summary} (${figures.join(', ')})`;
}
