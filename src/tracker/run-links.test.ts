import { expect, it } from 'vitest';
import { runLinks } from './run-links.ts';

it('links to runs from where the tracker stands, whatever the folder is called', () => {
  expect(runLinks('runs')('20261127T01')).toBe('[`20261127T01`](runs/20261127T01/)');
  expect(runLinks('')('r')).toBe('[`r`](r/)');
  expect(runLinks('../my runs (old)/a#1?')('r')).toBe('[`r`](../my%20runs%20%28old%29/a%231%3F/r/)');
  expect(runLinks('D:/runs')('r')).toBe('[`r`](D:/runs/r/)');
});
