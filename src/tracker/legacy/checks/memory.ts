import { formatCount } from '../../../text/format-count.ts';
import { estimateMemory } from '../../../presets/memory-estimate.ts';
import type { RegistryModel } from '../../../presets/model-registry.ts';
import { weightBytes } from '../../../presets/weight-bytes.ts';
import type { LegacyFinding, LegacyResult } from '../legacy-tracker.ts';
import { configured, linesWith, modelOfResult, type LegacyCheck } from './legacy-check.ts';

const gibibyte = 2 ** 30;
const amount = /(\d+(?:\.\d+)?)\s*G(?:i?)B/;

/** Share of the weights below which a reading cannot be of the whole model: rounding and unit are given the benefit of the doubt. */
const leastShare = 0.97;

interface MemoryClaim {
  readonly result: LegacyResult;
  readonly model: RegistryModel;
  /** As written, e.g. `5.87GB`. */
  readonly quote: string;
  readonly number: number;
  readonly line: number;
}

/** Memory of the accelerator that cannot hold the weights, or holds them and nothing else; and what was computed from it. */
export const checkMemory: LegacyCheck = (legacy, context) => {
  const claims = legacy.results.flatMap((result) => memoryClaims(result, modelOfResult(result, context)));
  const findings = claims.flatMap((claim) => {
    const found = judge(claim, legacy.header.find(({ text }) => /gpu|h\d00|a100/i.test(text))?.text ?? null);
    return found === null
      ? []
      : [{ ...found, quote: claim.quote, lines: linesWith(context.lines, claim.quote), cells: [] }];
  });
  return [...findings, ...derivedFrom(claims, context.lines)];
};

function memoryClaims(result: LegacyResult, model: RegistryModel | undefined): readonly MemoryClaim[] {
  if (model === undefined) return [];
  const figure = result.figures.find(
    ({ label, text }) => /memory/i.test(label) && !/cpu|host/i.test(label) && amount.test(text),
  );
  const match = figure && amount.exec(figure.text);
  return match ? [{ result, model, quote: match[0], number: Number(match[1]), line: figure.line }] : [];
}

function quantizationOf({ configuration }: LegacyResult): string | null {
  const value = configuration.find(({ key }) => key.startsWith('quantization'))?.value;
  return typeof value === 'string' && value !== 'none' ? value : null;
}

function judge(
  { result, model, number, quote }: MemoryClaim,
  gpu: string | null,
): Pick<LegacyFinding, 'id' | 'severity' | 'explanation'> | null {
  const { architecture } = model;
  const quantization = quantizationOf(result);
  const weights = weightBytes(architecture, quantization)?.bytes ?? null;
  if (weights === null) return null;
  const gibibytes = (bytes: number): string => (bytes / gibibyte).toFixed(2);
  const parameters = `${formatCount(architecture.parameters ?? 0)} parameters in ${quantization ?? '16 bits'}`;
  const size = `${gibibytes(weights)} GiB (${(weights / 1e9).toFixed(2)} GB)`;
  // The larger reading of the unit, which is the kinder one.
  const stated = number * gibibyte;
  if (stated < leastShare * weights) {
    return {
      id: 'legacy.memory_impossible',
      severity: 'error',
      explanation: `${quote} is impossible: the weights alone take ${size}, ${parameters}, before any KV cache. Likely: only part was counted (after loading, another process or card, one shard), a smaller quantisation ran, or the unit is wrong`,
    };
  }
  const contextTokens = configured(result, 'max_model_len') ?? model.contextLength ?? 0;
  const one = estimateMemory({
    architecture,
    quantization,
    weightBytes: null,
    sequences: 1,
    contextTokens,
    kvType: 'auto',
    overheadBytes: 0,
  });
  if (typeof one === 'string' || stated >= one.totalBytes) return null;
  const reserved = reservation(result, gpu);
  return {
    id: 'legacy.memory_no_room',
    severity: 'error',
    explanation: `${quote} against weights of ${size}, ${parameters}: read as GiB it leaves ${((stated - weights) / gibibyte).toFixed(2)} GiB, read as GB it is less than the weights. That is less than the ${gibibytes(one.kvBytes)} GiB of KV cache that one sequence of ${contextTokens} tokens needs${reserved}: it is the size of the weights, not the memory in use`,
  };
}

/** What an engine that takes its share at the start would have shown. */
function reservation(result: LegacyResult, gpu: string | null): string {
  const share = configured(result, 'gpu_memory_utilization');
  const total = /(\d+)\s*GB/.exec(gpu ?? '');
  if (share === null || !total) return '';
  return `, and far from the ${(share * Number(total[1])).toFixed(0)} GB that gpu_memory_utilization ${share} reserves of ${total[1]} GB`;
}

/** Percentages that follow from two memory claims of which one is impossible. */
function derivedFrom(claims: readonly MemoryClaim[], lines: readonly string[]): readonly LegacyFinding[] {
  return claims.flatMap((first, index) =>
    claims.slice(index + 1).flatMap((second): readonly LegacyFinding[] => {
      const saved = Math.abs(1 - second.number / first.number) * 100;
      const quote = `${saved.toFixed(1)}%`;
      const found = linesWith(lines, quote);
      if (found.length === 0) return [];
      return [
        {
          id: 'legacy.derived_from_memory',
          severity: 'warning',
          quote,
          explanation: `${quote} is the difference of ${first.quote} and ${second.quote} and is worth no more than they are`,
          lines: found,
          cells: [],
        },
      ];
    }),
  );
}
