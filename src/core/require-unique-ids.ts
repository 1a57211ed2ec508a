import { QwenEvalError } from './errors.ts';

/** Throws E_DATASET_INVALID naming the first id that occurs twice in `source` and both 1-based positions. */
export function requireUniqueIds(ids: Iterable<string>, source: string): void {
  const positions = new Map<string, number>();
  let position = 0;
  for (const id of ids) {
    position++;
    const first = positions.get(id);
    if (first !== undefined)
      throw new QwenEvalError(
        'E_DATASET_INVALID',
        `${source}: records ${first} and ${position} have the same id "${id}"`,
        {
          hint: 'every record needs an id of its own: repair the file or use the original',
          details: { source, id, positions: [first, position] },
        },
      );
    positions.set(id, position);
  }
}
