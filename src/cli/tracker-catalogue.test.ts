import { expect, it } from 'vitest';
import { trackerCatalogue } from './tracker-catalogue.ts';

it('plans each task once, and as advanced what the suite has not', async () => {
  const { suite, advanced, tasks } = await trackerCatalogue({ presets: null });
  for (const list of [suite, advanced]) {
    expect(list).toEqual([...new Set(list)]);
    expect(list.every((task) => tasks.has(task))).toBe(true);
  }
  expect(advanced.filter((task) => suite.includes(task))).toEqual([]);
  expect(advanced).toEqual(expect.arrayContaining(['synthetic_arithmetic', 'needle_grid', 'ruler_single']));
});
