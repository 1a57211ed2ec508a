import { isEstimated, unavailable, type Estimate } from '../core/estimate.ts';
import type { SystemReport } from '../core/system-report.ts';
import { ratioOfMeans } from '../stats/ratio-of-means.ts';
import type { TelemetryLog } from '../telemetry/load-telemetry.ts';
import { energySteps } from './energy.ts';
import type { RequestTimeline, SpreadAmount } from './request-timeline.ts';

/** Prices as the user gave them; null is none. */
export interface Prices {
  readonly perHour: number | null;
  readonly perKwh: number | null;
}

/** Equal parts of the busy time that the ratios are taken over. */
const parts = 10;
const fewestSamples = 20;
const joulesPerKwh = 3.6e6;

/** Joules and money for 1,000 samples and for one right answer: ratios of what was spent to what was done in equal parts of the time in which requests were in flight. */
export function runCost(
  log: TelemetryLog,
  input: { readonly timeline: RequestTimeline; readonly prices: Prices; readonly noEnergy: string },
): SystemReport['cost'] {
  const { timeline, prices, noEnergy } = input;
  const { sampleCount } = timeline;
  const few =
    sampleCount < fewestSamples ? `a cost needs ${fewestSamples} samples or more, there are ${sampleCount}` : null;
  const done = partsOf(timeline, () => 1);
  const right = partsOf(timeline, (score) => score ?? 0);
  const joules = energyParts(log, timeline);
  const money = moneyParts(timeline, { prices, joules });
  const each = (spent: readonly number[] | string, achieved: readonly number[]): Estimate => {
    if (few !== null) return unavailable(few);
    if (typeof spent === 'string') return unavailable(spent);
    return ratioOfMeans(spent.map((a, index) => ({ a, b: achieved[index] ?? 0 })));
  };
  const energy = joules ?? noEnergy;
  return {
    joulesPerThousandSamples: scaled(each(energy, done), 1000),
    joulesPerCorrect: each(energy, right),
    pricePerThousandSamples: scaled(each(money, done), 1000),
    pricePerCorrect: each(money, right),
  };
}

const scaled = (estimate: Estimate, factor: number): Estimate =>
  isEstimated(estimate)
    ? { ...estimate, value: estimate.value * factor, low: estimate.low * factor, high: estimate.high * factor }
    : estimate;

/** What samples that ended in each part of the busy time amount to. */
function partsOf(timeline: RequestTimeline, amountOf: (score: number | null) => number): readonly number[] {
  const amounts = function* (): Generator<SpreadAmount> {
    for (const { endMs, score } of timeline.samples()) yield { amount: amountOf(score), fromMs: endMs, toMs: endMs };
  };
  return timeline.spread(parts, amounts());
}

/** Joules in each part of the busy time; null where no power was read. */
function energyParts(log: TelemetryLog, timeline: RequestTimeline): readonly number[] | null {
  const steps = energySteps(log.ticks);
  if (steps.length === 0) return null;
  const inside = steps.flatMap(({ fromMs, toMs, joules }) => {
    const share = toMs > fromMs ? timeline.busyBetween(fromMs, toMs) / (toMs - fromMs) : 0;
    return share > 0 ? [{ amount: joules * share, fromMs, toMs }] : [];
  });
  return timeline.spread(parts, inside);
}

/** Money in each part, or why it is not known. */
function moneyParts(
  timeline: RequestTimeline,
  { prices, joules }: { readonly prices: Prices; readonly joules: readonly number[] | null },
): readonly number[] | string {
  const { perHour, perKwh } = prices;
  if (perHour === null && perKwh === null) return 'no price is given: use --price-per-hour or --price-per-kwh';
  if (perKwh !== null && joules === null) return 'the energy was not measured, so its price is not known';
  const hours = timeline.busyMs() / parts / 3.6e6;
  return Array.from(
    { length: parts },
    (_, index) => hours * (perHour ?? 0) + ((joules?.[index] ?? 0) / joulesPerKwh) * (perKwh ?? 0),
  );
}
