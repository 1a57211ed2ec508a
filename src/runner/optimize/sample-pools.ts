import type { Sample } from '../../core/sample.ts';
import type { Rng } from '../../stats/rng.ts';

/** Sample ids in an order whose every beginning is balanced over the categories; samples of one source stay together. */
export function balancedOrder(samples: Iterable<Sample>, rng: Rng): readonly (readonly string[])[] {
  const sources = new Map<string, { readonly category: string; readonly ids: string[] }>();
  for (const { id, cluster, category } of samples) {
    const key = cluster === null ? `sample ${id}` : `cluster ${cluster}`;
    const source = sources.get(key);
    if (source) source.ids.push(id);
    else sources.set(key, { category: category ?? '', ids: [id] });
  }
  const categories = new Map<string, string[][]>();
  for (const { category, ids } of sources.values())
    categories.set(category, [...(categories.get(category) ?? []), ids]);
  const shuffled = [...categories.keys()]
    .toSorted()
    .map((category) => rng.fork(category).shuffle(categories.get(category) ?? []));
  const order: string[][] = [];
  for (let place = 0; order.length < sources.size; place++)
    order.push(...shuffled.map((group) => group[place]).filter((ids) => ids !== undefined));
  return order;
}

/** Samples to search on and, apart from them, samples to confirm on. */
export interface SamplePools {
  readonly search: readonly string[];
  readonly confirm: readonly string[];
}

/** Cuts an order into two pools that share no source. When there are too few samples for both, a third of them is searched on. */
export function cutPools(
  order: readonly (readonly string[])[],
  wanted: { readonly search: number; readonly confirm: number },
): SamplePools {
  const total = order.reduce((sum, ids) => sum + ids.length, 0);
  const searched =
    total >= wanted.search + wanted.confirm ? wanted.search : Math.min(wanted.search, Math.floor(total / 3));
  const search: string[] = [];
  const confirm: string[] = [];
  for (const ids of order) {
    if (search.length < searched) search.push(...ids);
    else if (confirm.length < wanted.confirm) confirm.push(...ids);
  }
  return { search, confirm };
}

/** How many samples each round of the search has come to, each twice the one before; the last has all. */
export function roundSizes(samples: number, candidates: number): readonly number[] {
  const wanted = Math.max(1, Math.ceil(Math.log2(Math.max(2, candidates))));
  // Fewer than four samples tell nothing even to a search.
  const rounds = Math.max(1, Math.min(wanted, Math.floor(Math.log2(Math.max(1, samples / 4))) + 1));
  return Array.from({ length: rounds }, (_, round) => Math.ceil(samples / 2 ** (rounds - 1 - round)));
}
