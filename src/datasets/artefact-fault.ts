import { QwenEvalError } from '../core/errors.ts';
import type { Artefact } from '../core/ports/dataset.ts';
import type { HashedFile } from './find-artefact.ts';

const expectedOf = (artefact: Artefact): string => `sha256 ${artefact.sha256.join(' or ')}`;

/** Where an artefact was looked for without success. */
export interface FruitlessSearch {
  readonly places: readonly string[];
  /** Entries that could not be searched. */
  readonly skipped: readonly string[];
  /** Task that the artefact is for; null when not known. */
  readonly taskId: string | null;
  /** Why the hub did not help either. */
  readonly hub: string;
}

/** The E_DATASET_MISSING of an artefact that is neither here nor to be had. */
export function missingArtefact(artefact: Artefact, search: FruitlessSearch): QwenEvalError {
  const { skipped, places, hub } = search;
  const note = skipped.length > 0 ? `; ${skipped.length} entries could not be searched, e.g. ${skipped[0]}` : '';
  const fetch = artefact.hub === null ? '' : `fetch it with \`qwen-eval fetch ${search.taskId ?? '<task>'}\` or `;
  return new QwenEvalError(
    'E_DATASET_MISSING',
    `no file under ${places.join(' or ')} is ${artefact.fileName} (${expectedOf(artefact)}), and ${hub}${note}`,
    {
      hint: `${fetch}point --data-dir at a folder that holds it, under whatever name`,
      details: { fileName: artefact.fileName, sha256: artefact.sha256 },
    },
  );
}

/** The E_DATASET_HASH of files that have an artefact's name and other content. */
export function wrongHash(artefact: Artefact, impostors: readonly HashedFile[]): QwenEvalError {
  const [first] = impostors;
  const more = impostors.length > 1 ? ` (${impostors.length - 1} more of that name differ too)` : '';
  return new QwenEvalError(
    'E_DATASET_HASH',
    `${first?.path} is not the expected ${artefact.fileName}: it has sha256 ${first?.sha256}, not ${expectedOf(artefact)}${more}`,
    {
      hint: 'use the original file, or --allow-unverified-data to run it and mark the run as unverified',
      details: { expected: artefact.sha256, found: impostors.map(({ path, sha256 }) => ({ path, sha256 })) },
    },
  );
}

/** The E_DATASET_HASH of several unverified files that differ: which one is meant cannot be told. */
export function ambiguousArtefact(artefact: Artefact, impostors: readonly HashedFile[]): QwenEvalError {
  const files = impostors.map(({ path, sha256 }) => `${path} (${sha256})`).join(', ');
  return new QwenEvalError(
    'E_DATASET_HASH',
    `several files are called ${artefact.fileName}, differ, and none has the expected ${expectedOf(artefact)}: ${files}`,
    {
      hint: 'point --data-dir at a folder that holds the one that is meant',
      details: { expected: artefact.sha256, found: impostors.map(({ path, sha256 }) => ({ path, sha256 })) },
    },
  );
}
