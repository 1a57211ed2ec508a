import type { TaskSettings } from '../../../core/ports/task.ts';
import { seededRng, type Rng } from '../../../stats/rng.ts';

/** One place in a set whose families have different shares. */
export interface BalancedPlace<Family extends string> {
  /** `<split>/<seed>/<index>`. */
  readonly id: string;
  readonly family: Family;
  readonly level: number;
  readonly rng: Rng;
}

export interface BalancedLayout<Family extends string> {
  readonly task: string;
  readonly version: number;
  /** Families and their shares, as whole numbers. */
  readonly shares: readonly (readonly [Family, number])[];
  readonly levels: readonly number[];
}

/** Families in an order in which each prefix has shares as near as can be to the wanted ones (smooth weighted round robin). */
function turns<Family extends string>(shares: BalancedLayout<Family>['shares']): readonly Family[] {
  const total = shares.reduce((sum, [, share]) => sum + share, 0);
  const credits = shares.map(() => 0);
  return Array.from({ length: total }, () => {
    for (const [index, [, share]] of shares.entries()) credits[index] = (credits[index] ?? 0) + share;
    const next = credits.indexOf(Math.max(...credits));
    credits[next] = (credits[next] ?? 0) - total;
    return (shares[next] as readonly [Family, number])[0];
  });
}

/** The places of a set in order, `settings.size` of them: shares hold in every prefix, and each family goes through the levels in turn. */
export function* balancedPlaces<Family extends string>(
  { task, version, shares, levels }: BalancedLayout<Family>,
  { split, seed, size }: Pick<TaskSettings, 'split' | 'seed' | 'size'>,
): Generator<BalancedPlace<Family>> {
  const order = turns(shares);
  const counts = new Map<Family, number>();
  for (let index = 0; index < size; index++) {
    const family = order[index % order.length] as Family;
    const count = counts.get(family) ?? 0;
    counts.set(family, count + 1);
    const level = levels[count % levels.length] ?? 0;
    yield {
      id: `${split}/${seed}/${index}`,
      family,
      level,
      rng: seededRng(`${task}@${version}/${split}/${seed}/${family}/${level}/${count}`),
    };
  }
}
