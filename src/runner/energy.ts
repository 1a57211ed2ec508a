import { unavailable } from '../core/estimate.ts';
import type { SystemReading } from '../core/system-report.ts';
import type { TelemetryLog } from '../telemetry/load-telemetry.ts';

/** Two readings further apart than this do not bound what the power was in between. */
const longestStepMs = 10_000;

/** Joules that the cards of the engine took: power between neighbouring readings by the trapezoid rule, idle power included. */
export function energyJoules({ ticks }: TelemetryLog, reason: string): SystemReading {
  const steps = energySteps(ticks);
  if (steps.length === 0) return unavailable(ticks.some((tick) => tick.gpus) ? 'the driver gives no power' : reason);
  return { value: steps.reduce((total, { joules }) => total + joules, 0), readings: steps.length + 1 };
}

/** Joules by the time between two readings, on the wall clock. */
export function energySteps(
  ticks: TelemetryLog['ticks'],
): readonly { readonly fromMs: number; readonly toMs: number; readonly joules: number }[] {
  const powered = ticks.flatMap((tick) => {
    const watts = powerOf(tick);
    return watts === null ? [] : [{ sitting: tick.sitting, atMs: tick.atMs, wallMs: Date.parse(tick.time), watts }];
  });
  return powered.flatMap((reading, index) => {
    const before = powered[index - 1];
    if (!before || before.sitting !== reading.sitting) return [];
    const elapsedMs = reading.atMs - before.atMs;
    if (elapsedMs <= 0 || elapsedMs > longestStepMs) return [];
    return [
      {
        fromMs: before.wallMs,
        toMs: reading.wallMs,
        joules: ((before.watts + reading.watts) / 2) * (elapsedMs / 1000),
      },
    ];
  });
}

/** Watts of the cards the engine is on; of the only card where the driver tells no processes; null when that is not known. */
function powerOf({ gpus }: TelemetryLog['ticks'][number]): number | null {
  if (gpus === null) return null;
  const attributed = gpus.filter((card) => (card.engineMemoryBytes ?? 0) > 0);
  const cards = attributed.length > 0 ? attributed : gpus.length === 1 ? gpus : [];
  const watts = cards.map((card) => (card.isPartitioned ? null : card.powerWatts));
  return watts.length === 0 || watts.includes(null)
    ? null
    : watts.reduce<number>((total, value) => total + (value ?? 0), 0);
}
