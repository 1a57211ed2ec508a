import { QwenEvalError } from '../core/errors.ts';
import type { Sample } from '../core/sample.ts';
import { seededRng } from '../stats/rng.ts';
import { sequenceHash } from './content-hash.ts';

/** The samples a plan names, in dataset order, and the hash that names them. */
export interface SampleSelection {
  readonly count: number;
  /** sha256 over the sample ids in plan order. */
  readonly digest: string;
  /** A fresh pass over the samples; nothing is held that the source does not hold. */
  open(): Promise<Iterable<Sample>>;
}

export interface SelectionOptions {
  readonly limit: number | null;
  /** Null takes the first `limit`; else a seeded random subset, stratified by category. */
  readonly sampleSeed: number | null;
  /** Only these, of what the others leave; null or absent takes all of it. */
  readonly ids?: readonly string[] | null;
}

/** Selects from a source that can be read again. Throws E_DATASET_EMPTY when it has no samples, E_OPTION_INVALID when it has not all that are named. */
export async function selectSamples(
  load: () => Promise<Iterable<Sample>>,
  options: SelectionOptions,
): Promise<SampleSelection> {
  if (!options.ids) return selectFrom(load, options);
  const wanted = new Set(options.ids);
  const found = [...(await load())].filter(({ id }) => wanted.has(id));
  const missing = options.ids.find((id) => !found.some((sample) => sample.id === id));
  if (missing !== undefined)
    throw new QwenEvalError('E_OPTION_INVALID', `the dataset has no sample ${missing}`, {
      hint: 'sample ids stand in samples.jsonl of a run of the same task, data and split',
    });
  return selectFrom(() => Promise.resolve(found), options);
}

async function selectFrom(load: () => Promise<Iterable<Sample>>, options: SelectionOptions): Promise<SampleSelection> {
  const { limit, sampleSeed } = options;
  const first = await load();
  const again = Array.isArray(first) ? () => Promise.resolve(first as Iterable<Sample>) : load;
  const chosen = limit !== null && sampleSeed !== null ? chooseStratified(first, { limit, seed: sampleSeed }) : null;
  const open = async (): Promise<Iterable<Sample>> => pick(await again(), { limit, chosen });
  let count = 0;
  const counted = function* (samples: Iterable<Sample>): Generator<string> {
    for (const sample of samples) {
      count += 1;
      yield sample.id;
    }
  };
  const digest = sequenceHash(
    counted(
      chosen === null && Array.isArray(first) ? pick(first as Iterable<Sample>, { limit, chosen }) : await open(),
    ),
  );
  if (count === 0)
    throw new QwenEvalError('E_DATASET_EMPTY', 'the dataset has no samples', { hint: 'check the data file' });
  return { count, digest, open };
}

function* pick(
  samples: Iterable<Sample>,
  options: { readonly limit: number | null; readonly chosen: ReadonlySet<number> | null },
): Generator<Sample> {
  let index = 0;
  for (const sample of samples) {
    if (options.chosen === null && options.limit !== null && index >= options.limit) return;
    if (options.chosen === null || options.chosen.has(index)) yield sample;
    index += 1;
  }
}

/** Indices of a subset with each category's share rounded by largest remainder, drawn at random within it. */
function chooseStratified(
  samples: Iterable<Sample>,
  options: { readonly limit: number; readonly seed: number },
): ReadonlySet<number> {
  const groups = new Map<string, number[]>();
  let total = 0;
  for (const sample of samples) {
    const key = sample.category ?? '';
    const group = groups.get(key);
    if (group) group.push(total);
    else groups.set(key, [total]);
    total += 1;
  }
  const limit = Math.min(options.limit, total);
  const shares = [...groups].map(([key, indices]) => {
    const exact = (limit * indices.length) / total;
    return { key, indices, whole: Math.floor(exact), rest: exact - Math.floor(exact) };
  });
  let left = limit - shares.reduce((sum, share) => sum + share.whole, 0);
  const extra = new Set(
    shares
      .toSorted((a, b) => b.rest - a.rest || (a.key < b.key ? -1 : 1))
      .filter(() => left-- > 0)
      .map((share) => share.key),
  );
  const rng = seededRng(`sample/${options.seed}`);
  return new Set(
    shares.flatMap(({ key, indices, whole }) => rng.fork(key).sample(indices, whole + (extra.has(key) ? 1 : 0))),
  );
}
