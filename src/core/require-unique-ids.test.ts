import { expect, it } from 'vitest';
import { requireUniqueIds } from './require-unique-ids.ts';

it('lets ids pass that differ', () => {
  expect(() => requireUniqueIds(['a', 'b', ''], 'x')).not.toThrow();
});

it('names the id and both places', () => {
  expect(() => requireUniqueIds(['a', 'b', 'c', 'b'], 'x.jsonl')).toThrow(
    expect.objectContaining({
      code: 'E_DATASET_INVALID',
      message: 'x.jsonl: records 2 and 4 have the same id "b"',
    }),
  );
});
