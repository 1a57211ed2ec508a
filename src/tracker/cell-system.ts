import type { RunDocument } from '../core/run-document.ts';
import type { Bottleneck } from '../core/system-report.ts';
import { formatBytes } from '../text/format-bytes.ts';
import { formatMemory } from '../text/system-lines.ts';
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
  if ('unavailable' in peak)
    return {
      unavailable: peak.unavailable.startsWith('not measured') ? peak.unavailable : `not measured: ${peak.unavailable}`,
    };
  return { bytes: peak.value, what: memory.meaning ?? memory.where ?? 'memory of the engine' };
}

/** What the run expected before its first request. */
function estimatedMemory({ memory }: RunDocument): MemoryFigure {
  if (memory === undefined) return { unavailable: 'not estimated' };
  const { estimate } = memory;
  return 'unavailable' in estimate
    ? { unavailable: `not estimated: ${estimate.unavailable}` }
    : {
        bytes: estimate.totalBytes,
        what: formatMemory(memory).replace(/^memory: expects (?:about )?[\d.]+ [MG]iB /, ''),
      };
}

/** `12.34 GiB: what it is`, or why it is not known. */
export const memoryFigureText = (figure: MemoryFigure): string =>
  'unavailable' in figure
    ? figure.unavailable
    : `${formatBytes(figure.bytes)}: ${figure.what.replace(/^\(|\)(?=[:;]|$)/g, '')}`;

/** `12.34 GiB`, or `–`. */
export const memoryShort = (figure: MemoryFigure): string =>
  'unavailable' in figure ? '–' : formatBytes(figure.bytes);

/** A bottleneck's sentence with its evidence. */
export function bottleneckText({ summary, evidence }: Bottleneck): string {
  const figures = Object.entries(evidence).map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`);
  return figures.length === 0 ? summary : `${summary} (${figures.join(', ')})`;
}
