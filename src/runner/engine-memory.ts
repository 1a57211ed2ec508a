import { unavailable } from '../core/estimate.ts';
import type { SystemReport } from '../core/system-report.ts';
import type { TelemetryLog } from '../telemetry/load-telemetry.ts';
import { readingSeries } from './reading-series.ts';

type EngineMemory = Pick<SystemReport['memory'], 'engineBytes' | 'where' | 'meaning'>;

const nothing = (reason: string): EngineMemory => ({
  engineBytes: { peak: unavailable(reason), mean: unavailable(reason) },
  where: null,
  meaning: null,
});

/** The engine's memory: what its processes hold on the cards, or all of the only card, or on the host where no card is used. */
export function engineMemory({ ticks, problems }: TelemetryLog, why: (source: string) => string): EngineMemory {
  const withCards = ticks.filter((tick) => tick.gpus !== null);
  const cards = withCards.flatMap((tick) => tick.gpus ?? []);
  const attributed = withCards.filter((tick) => tick.gpus?.some((card) => card.engineMemoryBytes !== null));
  if (attributed.length > 0) {
    const held = new Set(cards.filter((card) => (card.engineMemoryBytes ?? 0) > 0).map((card) => card.id)).size;
    return {
      engineBytes: readingSeries(
        attributed,
        ({ gpus }) => sum(gpus?.map((card) => card.engineMemoryBytes)),
        why('gpus'),
      ),
      where: 'gpu',
      meaning: `memory the engine’s processes held on ${held === 1 ? 'one card' : `${held} cards`}, reserved or used`,
    };
  }
  if (withCards.length > 0) {
    const ids = new Set(cards.map((card) => card.id));
    if (cards.some((card) => card.isPartitioned))
      return nothing('the card is split into instances, and the driver does not say which memory is the engine’s');
    if (ids.size > 1)
      return nothing(`there are ${ids.size} cards, and the driver does not say which of them the engine uses`);
    const used = readingSeries(withCards, ({ gpus }) => gpus?.[0]?.memoryUsedBytes, 'the driver does not say');
    return {
      engineBytes: used,
      where: 'unavailable' in used.peak ? null : 'gpu',
      meaning: 'all memory in use on the only card, whoever uses it: the driver does not tell processes apart',
    };
  }
  if (problems['gpus'] !== undefined && ticks.some((tick) => tick.problems['gpus'] !== undefined)) {
    const isCardless = problems['gpus'].endsWith('is installed');
    if (!isCardless) return nothing(problems['gpus']);
  }
  const engineBytes = readingSeries(ticks, (tick) => tick.host?.rssBytes, why('host'));
  const isMeasured = !('unavailable' in engineBytes.peak);
  return {
    engineBytes,
    where: isMeasured ? 'host' : null,
    meaning: isMeasured ? 'resident memory of the engine’s processes, mapped weights included' : null,
  };
}

const sum = (values: readonly (number | null)[] | undefined): number =>
  (values ?? []).reduce<number>((total, value) => total + (value ?? 0), 0);
