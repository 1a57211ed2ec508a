import { expect, it } from 'vitest';
import { groupBy } from './group-by.ts';

it('groups rows in the order in which they come', () => {
  const rows = ['pear', 'apple', 'plum', 'avocado', 'cherry'];
  expect(groupBy(rows, (row) => row.charAt(0))).toEqual([
    ['p', ['pear', 'plum']],
    ['a', ['apple', 'avocado']],
    ['c', ['cherry']],
  ]);
  expect(groupBy([], String)).toEqual([]);
});
