import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Importer } from './importer.ts';

const folder = new URL('../', import.meta.url);
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** Ids of all importers: the names of the files in src/importers/. */
export const importerIds = (): readonly string[] =>
  readdirSync(fileURLToPath(folder))
    .filter((name) => /^[a-z0-9-]+\.(?:js|ts)$/.test(name))
    .map((name) => name.replace(/\.(?:js|ts)$/, ''))
    .toSorted();

/** Loads one importer; the id must be one of `importerIds`. */
export async function loadImporter(id: string): Promise<Importer> {
  const module = (await import(new URL(`${id}.${extension}`, folder).href)) as { default: Importer };
  return module.default;
}
