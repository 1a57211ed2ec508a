import { constrainedMemory } from 'node:process';
import { totalmem } from 'node:os';
import { unavailable } from '../core/estimate.ts';
import type { JsonObject } from '../core/json.ts';
import type { RunMemory } from '../core/run-memory.ts';
import { parseArchitecture, type Architecture } from '../presets/architecture.ts';
import { batchBytes, estimateMemory, fitMemory, type MemoryDemand } from '../presets/memory-estimate.ts';
import type { MachineFacts } from '../telemetry/describe-machine.ts';
import type { PreparedRun } from './prepared-run.ts';

/** Activations, captured graphs and driver context of a server on a graphics card: 1 to 3 GiB in practice. */
const serverOverheadBytes = 2 * 2 ** 30;
const usualBatchTokens = 512;

/** What the run's model is expected to hold in memory under its preset, and whether this machine has it; nothing is said of a machine that is not the engine's. */
export function planMemory(prepared: PreparedRun, machine: MachineFacts): RunMemory {
  const { description, plan, model, header } = prepared;
  const architecture = model.identification.architecture;
  const settings = { ...numbersOf(plan.preset.values), ...numbersOf(description.settings) };
  const kvType = description.settings['kvCacheType'];
  const load = {
    quantization: model.identification.quantization,
    kvType: typeof kvType === 'string' ? kvType : 'auto',
    sequences: description.parallelRequests ?? plan.preset.maxConcurrency,
    contextTokens: description.contextLength ?? settings['maxModelLen'] ?? 4096,
  };
  const document = { architecture: parseArchitecture(architecture) as JsonObject | null, ...load };
  if (architecture === null) {
    const reason = unavailable('the model’s dimensions are not known');
    return { ...document, estimate: reason, fit: reason };
  }
  const demand: MemoryDemand = {
    ...load,
    architecture,
    weightBytes: header?.described.weightBytes ?? statedBytes(description.model.facts),
    overheadBytes: overheadOf(prepared, { architecture, batchTokens: settings['batchSize'] ?? usualBatchTokens }),
  };
  const estimate = estimateMemory(demand);
  if (typeof estimate === 'string') return { ...document, estimate: unavailable(estimate), fit: unavailable(estimate) };
  const room = roomOf(prepared, machine);
  const fit =
    typeof room === 'string' ? unavailable(room) : { ...fitMemory(demand, estimate, room.bytes), source: room.source };
  return { ...document, estimate, fit };
}

const overheadOf = (
  { plugin }: PreparedRun,
  batch: { readonly architecture: Architecture; readonly batchTokens: number },
): number => (plugin.usesGpu === false ? batchBytes(batch.architecture, batch.batchTokens) : serverOverheadBytes);

/** llama.cpp's server says how many bytes its weights are. */
function statedBytes(facts: JsonObject): number | null {
  const { meta } = facts;
  const size = typeof meta === 'object' && meta !== null && 'size' in meta ? meta['size'] : null;
  return typeof size === 'number' && size > 0 ? size : null;
}

/** Memory the engine may take, or why that is not known. */
function roomOf(
  { plugin, description, plan }: PreparedRun,
  machine: MachineFacts,
): { readonly bytes: number; readonly source: string } | string {
  if (plugin.usesGpu === false) {
    const limit = constrainedMemory();
    return limit !== undefined && limit > 0 && limit < totalmem()
      ? { bytes: limit, source: 'the memory limit of this process' }
      : { bytes: totalmem(), source: 'the memory of this machine' };
  }
  if (description.processId === null) return 'the server runs already: what it has room for is its own matter';
  const [card] = machine.cards;
  if (card === undefined || card.memoryTotalBytes === null) return 'no driver says how much memory the card has';
  const share = plan.preset.values['gpuMemoryFraction'];
  const fraction = typeof share === 'number' ? share : 1;
  return {
    bytes: card.memoryTotalBytes * fraction,
    source: `${(100 * fraction).toFixed(0)} % of ${card.name ?? 'the card'}${machine.cards.length > 1 ? `, one of ${machine.cards.length}` : ''}`,
  };
}

const numbersOf = (settings: JsonObject): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
