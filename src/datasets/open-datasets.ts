import { join } from 'node:path';
import { QwenEvalError } from '../core/errors.ts';
import type { Artefact, DatasetFile, DatasetReader } from '../core/ports/dataset.ts';
import { ambiguousArtefact, missingArtefact, wrongHash } from './artefact-fault.ts';
import { type ArtefactSearch, type CandidateFile, datasetFileOf, findArtefact } from './find-artefact.ts';
import { type HashIndex, openHashIndex } from './hash-index.ts';
import { listDataFiles } from './list-data-files.ts';
import { defaultMaxContentBytes, openDatasetReader } from './open-dataset-reader.ts';

/** Where data files come from. */
export interface DatasetsOptions {
  /** The user's directory (`--data-dir`); null when none was given. */
  readonly dataDir: string | null;
  /** This program's own cache directory; created when first written to. */
  readonly cacheDir: string;
  /** True to use a file that has the right name and another hash (`--allow-unverified-data`). */
  readonly allowUnverified: boolean;
  /** Largest decompressed content of a file in bytes. */
  readonly maxContentBytes?: number;
}

/** Whether an artefact can be used without the network. */
export type ArtefactLocation =
  | { readonly status: 'found'; readonly file: DatasetFile }
  | { readonly status: 'wrong_hash' | 'missing'; readonly reason: string; readonly hint: string };

/** What one use of data files is for. */
export interface LoadOptions {
  /** Task that the files are for; in messages only. */
  readonly taskId?: string;
}

/** The data files at hand: finds, verifies and reads them. */
export interface Datasets {
  /**
   * Finds every artefact and opens a reader over them; optional ones that are not to be had are left out of `files`. Rejects with
   * E_DATASET_MISSING, or with E_DATASET_HASH when a file has an artefact's name and other content.
   */
  load(artefacts: readonly Artefact[], options?: LoadOptions): Promise<DatasetReader>;
  /** Says whether and where an artefact is, without the network. */
  locate(artefact: Artefact, options?: LoadOptions): Promise<ArtefactLocation>;
}

interface Listing {
  readonly candidates: readonly CandidateFile[];
  readonly skipped: readonly string[];
}

class LocalDatasets implements Datasets {
  readonly #options: DatasetsOptions;
  readonly #index: HashIndex;
  readonly #cache: string;
  #listing: Listing | null = null;

  constructor(options: DatasetsOptions) {
    this.#options = options;
    this.#index = openHashIndex(options.cacheDir);
    this.#cache = join(options.cacheDir, 'datasets');
  }

  async load(artefacts: readonly Artefact[], { taskId }: LoadOptions = {}): Promise<DatasetReader> {
    const files = new Map<string, DatasetFile>();
    try {
      for (const artefact of artefacts) {
        const found = await this.#find(artefact, taskId ?? null);
        if (!(found instanceof QwenEvalError)) files.set(artefact.name, found);
        else if (!artefact.optional || found.code !== 'E_DATASET_MISSING') throw found;
      }
    } finally {
      this.#index.save();
    }
    return openDatasetReader(files, this.#options.maxContentBytes ?? defaultMaxContentBytes);
  }

  async locate(artefact: Artefact, { taskId }: LoadOptions = {}): Promise<ArtefactLocation> {
    const found = await this.#find(artefact, taskId ?? null);
    this.#index.save();
    if (!(found instanceof QwenEvalError)) return { status: 'found', file: found };
    const status = found.code === 'E_DATASET_HASH' ? 'wrong_hash' : 'missing';
    return { status, reason: found.message, hint: found.hint ?? '' };
  }

  /** The file to use, or the error that says why there is none. */
  async #find(artefact: Artefact, taskId: string | null): Promise<DatasetFile | QwenEvalError> {
    const { candidates, skipped } = this.#list();
    const search = await findArtefact(artefact, candidates, this.#index);
    if (search.file) return search.file;
    if (search.impostors.length > 0) return this.#judge(artefact, search);
    const { dataDir } = this.#options;
    const places = [...(dataDir === null ? [] : [dataDir]), this.#cache];
    return missingArtefact(artefact, { places, skipped, taskId, hub: 'it was not downloaded' });
  }

  #judge(artefact: Artefact, { impostors }: ArtefactSearch): DatasetFile | QwenEvalError {
    const [first] = impostors;
    if (!first || !this.#options.allowUnverified) return wrongHash(artefact, impostors);
    const differ = impostors.some(({ sha256 }) => sha256 !== first.sha256);
    return differ ? ambiguousArtefact(artefact, impostors) : datasetFileOf(artefact, first);
  }

  #list(): Listing {
    if (this.#listing) return this.#listing;
    const { dataDir } = this.#options;
    const data = dataDir === null ? { paths: [], skipped: [] } : listDataFiles(dataDir);
    const candidates = [
      ...data.paths.map((path) => ({ path, origin: 'data-dir' })),
      ...listDataFiles(this.#cache).paths.map((path) => ({ path, origin: 'cache' })),
    ];
    this.#listing = { candidates, skipped: data.skipped };
    return this.#listing;
  }
}

/** Opens the data files of a data directory and the cache; looks at nothing until a file is asked for. */
export const openDatasets = (options: DatasetsOptions): Datasets => new LocalDatasets(options);
