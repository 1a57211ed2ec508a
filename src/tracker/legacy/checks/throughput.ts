import { findDevice, type Device } from '../../../presets/devices.ts';
import { decodeLimit } from '../../../presets/physics.ts';
import type { RegistryModel } from '../../../presets/model-registry.ts';
import type { LegacyFinding, LegacyResult } from '../legacy-tracker.ts';
import { configured, linesWith, modelOfResult, type LegacyCheck } from './legacy-check.ts';

const speed = /(\d+(?:\.\d+)?)\s*(?:tokens?|tok)\s*\/\s*s/i;

/** Tokens of context that a sequence is taken to have, as the document does not say. */
const assumedContext = 1024;

/** Share of the limit below which decoding is not bound by the card. */
const farBelow = 0.25;

/** Throughputs that differ by less are the same measurement. */
const sameWithin = 0.02;

interface SpeedClaim {
  readonly result: LegacyResult;
  readonly quote: string;
  readonly tokensPerSecond: number;
  readonly batch: number | null;
}

/** Throughput that does not change with the batch, or lies far below what the card allows; and utilisation that says nothing of load. */
export const checkThroughput: LegacyCheck = (legacy, context) => {
  const claims = legacy.results.flatMap(speedClaims);
  const device = legacy.header.map(({ text }) => findDevice(text)).find((found) => found !== null) ?? null;
  return [
    ...identical(claims, context.lines),
    ...claims.flatMap((claim) => {
      const model = modelOfResult(claim.result, context);
      return model && device ? below(claim, { model, device, lines: context.lines }) : [];
    }),
    ...legacy.results.flatMap(utilisation),
  ];
};

function speedClaims(result: LegacyResult): readonly SpeedClaim[] {
  const figure = result.figures.find(({ label, text }) => /throughput/i.test(label) && speed.test(text));
  const match = figure && speed.exec(figure.text);
  if (!match) return [];
  const batch = configured(result, 'evaluation_batch_size') ?? configured(result, 'batch_size');
  return [{ result, quote: figure.text, tokensPerSecond: Number(match[1]), batch }];
}

const numberOf = ({ quote }: SpeedClaim): string => speed.exec(quote)?.[1] ?? quote;

function identical(claims: readonly SpeedClaim[], lines: readonly string[]): readonly LegacyFinding[] {
  return claims.flatMap((first, index) =>
    claims.slice(index + 1).flatMap((second): readonly LegacyFinding[] => {
      const ratio = second.tokensPerSecond / first.tokensPerSecond;
      const [a, b] = [first.batch, second.batch];
      if (Math.abs(ratio - 1) > sameWithin || a === null || b === null || a === b) return [];
      return [
        {
          id: 'legacy.throughput_identical',
          severity: 'error',
          quote: `${first.quote}; ${second.quote}`,
          explanation: `${first.result.preset} (batch ${a}, ${configured(first.result, 'max_num_seqs') ?? '?'} sequences) and ${second.result.preset} (batch ${b}, ${configured(second.result, 'max_num_seqs') ?? '?'} sequences) differ by ${(Math.abs(ratio - 1) * 100).toFixed(1)} %: batching changed nothing, so requests were sent one after another and the presets were not compared`,
          lines: [...new Set([first, second].flatMap((claim) => linesWith(lines, numberOf(claim))))].toSorted(
            (x, y) => x - y,
          ),
          cells: [],
        },
      ];
    }),
  );
}

function below(
  claim: SpeedClaim,
  known: { readonly model: RegistryModel; readonly device: Device; readonly lines: readonly string[] },
): readonly LegacyFinding[] {
  const { model, device, lines } = known;
  const limitAt = (sequences: number): number | null =>
    decodeLimit({
      architecture: model.architecture,
      quantization: null,
      weightBytes: null,
      kvElementBytes: 2,
      device,
      devices: 1,
      sequences,
      contextTokens: assumedContext,
      tokensPerStep: 1,
    })?.tokensPerSecond ?? null;
  const batch = claim.batch ?? 1;
  const [one, many] = [limitAt(1), limitAt(batch)];
  if (one === null || many === null || claim.tokensPerSecond >= farBelow * many) return [];
  const share = (limit: number): string => `${((claim.tokensPerSecond / limit) * 100).toFixed(0)} %`;
  return [
    {
      id: 'legacy.throughput_far_below',
      severity: 'warning',
      quote: claim.quote,
      explanation: `${numberOf(claim)} tokens/s is ${share(many)} of the ${Math.round(many)} tokens/s that the card (${device.title}) allows ${model.name} at batch ${batch} (${assumedContext} tokens of context each), and ${share(one)} of the ${Math.round(one)} tokens/s of a single stream: the card waited for its client`,
      lines: linesWith(lines, numberOf(claim)),
      cells: [],
    },
  ];
}

function utilisation({ figures }: LegacyResult): readonly LegacyFinding[] {
  const figure = figures.find(({ label }) => /gpu utili[sz]ation/i.test(label));
  if (!figure) return [];
  return [
    {
      id: 'legacy.utilisation_is_no_load',
      severity: 'info',
      quote: `${figure.label}: ${figure.text}`,
      explanation:
        'the share of time in which any kernel ran: one stream reaches it, and it says nothing of how much of the card was used',
      lines: [figure.line],
      cells: [],
    },
  ];
}
