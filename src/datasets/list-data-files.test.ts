import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listDataFiles } from './list-data-files.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'qe-list-'));
  for (const path of ['b/c/d', '.git', 'node_modules/x']) mkdirSync(join(root, path), { recursive: true });
  for (const path of ['z', 'a', 'b/2', 'b/1', 'b/c/3', 'b/c/d/4', '.hidden', '.git/x', 'node_modules/x/y'])
    writeFileSync(join(root, path), path);
});
afterAll(() => rmSync(root, { recursive: true }));

const names = (paths: readonly string[]): string[] => paths.map((path) => relative(root, path));

it('lists files in order without hidden ones and packages', () => {
  const { paths, skipped } = listDataFiles(root);
  expect(names(paths)).toEqual(['a', 'b/1', 'b/2', 'b/c/3', 'b/c/d/4', 'z']);
  expect(skipped).toEqual([]);
});

it('names what it left out at its bounds', () => {
  const shallow = listDataFiles(root, { maxDepth: 1, maxFiles: 100 });
  expect(names(shallow.paths)).toEqual(['a', 'b/1', 'b/2', 'z']);
  expect(names(shallow.skipped)).toEqual(['b/c']);
  const few = listDataFiles(root, { maxDepth: 9, maxFiles: 2 });
  expect(names(few.paths)).toEqual(['a', 'b/1']);
  expect(names(few.skipped)).toContain('b/2');
});

it('gives nothing for a directory that is absent', () => {
  expect(listDataFiles(join(root, 'absent'))).toEqual({ paths: [], skipped: [join(root, 'absent')] });
});
