import { join } from 'node:path';
import { QwenEvalError, isQwenEvalError } from '../core/errors.ts';
import type { Artefact, DatasetFile, DatasetReader, HubLocation } from '../core/ports/dataset.ts';
import { ambiguousArtefact, missingArtefact, wrongHash } from './artefact-fault.ts';
import { type ArtefactSearch, type CandidateFile, datasetFileOf, findArtefact } from './find-artefact.ts';
import type { DownloadProgress } from './download-file.ts';
import { type HashIndex, openHashIndex } from './hash-index.ts';
import { type HubFaultKind, noNetworkKinds } from './hub-fault.ts';
import { listDataFiles } from './list-data-files.ts';
import { openDatasetReader } from './open-dataset-reader.ts';
import { type Hub, type HubOptions, openHub } from './open-hub.ts';
import { openUnpackedCache } from './unpacked-cache.ts';

/** Where data files come from. */
export interface DatasetsOptions extends HubOptions {
  /** The user's directory (`--data-dir`); null when none was given. */
  readonly dataDir: string | null;
  /** True to use a file that has the right name and another hash (`--allow-unverified-data`). */
  readonly allowUnverified: boolean;
  /** Largest decompressed content of a file in bytes. */
  readonly maxContentBytes?: number;
}

/** Whether an artefact can be used without the network. */
export type ArtefactLocation =
  | { readonly status: 'found'; readonly file: DatasetFile }
  | {
      readonly status: 'wrong_hash' | 'missing';
      readonly reason: string;
      readonly hint: string;
      /** True when `load` would try to download it. */
      readonly fetchable: boolean;
    };

/** What one use of data files is for. */
export interface LoadOptions {
  /** Task that the files are for; in messages only. */
  readonly taskId?: string;
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
}

/** The data files at hand: finds, verifies and reads them. */
export interface Datasets {
  /**
   * Finds or downloads every artefact and opens a reader over them; optional ones that are not to be had are left out of `files`.
   * Rejects with E_DATASET_MISSING, with E_DATASET_HASH when a file has an artefact's name and other content, or as `Hub.fetchFile`.
   */
  load(artefacts: readonly Artefact[], options?: LoadOptions): Promise<DatasetReader>;
  /** Says whether and where an artefact is, without the network. */
  locate(artefact: Artefact, options?: LoadOptions): Promise<ArtefactLocation>;
}

interface Listing {
  readonly candidates: readonly CandidateFile[];
  readonly skipped: readonly string[];
}

class VerifiedDatasets implements Datasets {
  readonly #options: DatasetsOptions;
  readonly #index: HashIndex;
  readonly #hub: Hub;
  readonly #cache: string;
  #listing: Listing | null = null;

  constructor(options: DatasetsOptions) {
    this.#options = options;
    this.#index = openHashIndex(options.cacheDir);
    this.#hub = openHub(options, this.#index);
    this.#cache = join(options.cacheDir, 'datasets');
  }

  async load(artefacts: readonly Artefact[], options: LoadOptions = {}): Promise<DatasetReader> {
    const files = new Map<string, DatasetFile>();
    try {
      for (const artefact of artefacts) {
        const found = await this.#findOrFetch(artefact, options);
        if (!(found instanceof QwenEvalError)) files.set(artefact.name, found);
        else if (!artefact.optional || found.code !== 'E_DATASET_MISSING') throw found;
      }
    } finally {
      this.#index.save();
    }
    const { cacheDir, maxContentBytes } = this.#options;
    const unpacked = openUnpackedCache(cacheDir);
    return openDatasetReader(files, {
      unpacked,
      ...(maxContentBytes === undefined ? {} : { maxBytes: maxContentBytes }),
    });
  }

  async locate(artefact: Artefact, options: LoadOptions = {}): Promise<ArtefactLocation> {
    const search = await this.#search(artefact);
    this.#index.save();
    const found = this.#settle(artefact, search) ?? this.#missing(artefact, options, 'it was not downloaded yet');
    if (!(found instanceof QwenEvalError)) return { status: 'found', file: found };
    const status = found.code === 'E_DATASET_HASH' ? 'wrong_hash' : 'missing';
    const fetchable = artefact.hub !== null && !this.#options.offline && !this.#isBlocked(search);
    return { status, reason: found.message, hint: found.hint ?? '', fetchable };
  }

  /** The file to use, or the error that says why there is none. */
  async #findOrFetch(artefact: Artefact, options: LoadOptions): Promise<DatasetFile | QwenEvalError> {
    const search = await this.#search(artefact);
    const canFetch = artefact.hub !== null && !this.#options.offline;
    const settled = this.#settle(artefact, search);
    if (settled && (!(settled instanceof QwenEvalError) || !canFetch || this.#isBlocked(search))) return settled;
    if (artefact.hub === null) return this.#missing(artefact, options, 'it is not on the hub');
    if (this.#options.offline) return this.#missing(artefact, options, 'the network is not to be used');
    return this.#fetch(artefact, artefact.hub, options);
  }

  async #search(artefact: Artefact): Promise<ArtefactSearch> {
    const places = artefact.hub === null ? [] : this.#hub.localPaths(artefact.hub);
    const expected = places.map((path) => ({ path, origin: 'cache', expected: true }));
    const candidates = this.#list().candidates.filter(({ path }) => !places.includes(path));
    return findArtefact(artefact, [...candidates, ...expected], this.#index);
  }

  /** Data of the user's that is wrong is never passed over in silence; a cache that is wrong can be mended. */
  #isBlocked({ impostors }: ArtefactSearch): boolean {
    return impostors.some(({ origin }) => origin === 'data-dir');
  }

  async #fetch(artefact: Artefact, location: HubLocation, options: LoadOptions): Promise<DatasetFile | QwenEvalError> {
    const sha256 = this.#options.allowUnverified ? null : artefact.sha256;
    try {
      const file = await this.#hub.fetchFile(location, {
        sha256,
        onProgress: options.onProgress,
        signal: options.signal,
      });
      return datasetFileOf(artefact, file);
    } catch (cause) {
      const noNetwork = isQwenEvalError(cause) && noNetworkKinds.includes(cause.details['kind'] as HubFaultKind);
      if (noNetwork) return this.#missing(artefact, options, `the hub cannot be reached: ${cause.message}`);
      throw cause;
    }
  }

  #missing(artefact: Artefact, { taskId }: LoadOptions, hub: string): QwenEvalError {
    const { dataDir } = this.#options;
    const places = [...(dataDir === null ? [] : [dataDir]), this.#cache];
    return missingArtefact(artefact, { places, skipped: this.#list().skipped, taskId: taskId ?? null, hub });
  }

  /** What a search settles: the file or the fault of the one that has its name; null when there is no such file. */
  #settle(artefact: Artefact, { file, impostors }: ArtefactSearch): DatasetFile | QwenEvalError | null {
    if (file) return file;
    const [first] = impostors;
    if (!first) return null;
    if (!this.#options.allowUnverified) return wrongHash(artefact, impostors);
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

/** Opens the data files of a data directory, the caches and the hub; looks at nothing until a file is asked for. */
export const openDatasets = (options: DatasetsOptions): Datasets => new VerifiedDatasets(options);
