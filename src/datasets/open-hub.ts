import { existsSync, statSync } from 'node:fs';
import { QwenEvalError } from '../core/errors.ts';
import type { HubLocation } from '../core/ports/dataset.ts';
import { type DownloadPatience, type DownloadProgress, downloadFile } from './download-file.ts';
import { type HashIndex, openHashIndex } from './hash-index.ts';
import { defaultHubEndpoint, hubFileTitle, hubFileUrl, ownCachePath, sharedCachePath } from './hub-location.ts';

/** How the Hugging Face hub is reached. */
export interface HubOptions {
  /** This program's own cache directory; created when first written to. */
  readonly cacheDir: string;
  /** Cache that the Hugging Face libraries share (`hfCacheDirOf`), only read; null not to look there. */
  readonly hfCacheDir: string | null;
  /** True never to use the network. */
  readonly offline: boolean;
  /** Mirror (`HF_ENDPOINT`); null for the hub itself. */
  readonly hfEndpoint: string | null;
  /** `HF_TOKEN`; sent to the endpoint's host only. */
  readonly hfToken: string | null;
  readonly patience?: DownloadPatience;
}

/** What is known about a file of the hub, and who wants to hear of it. */
export interface HubFetch {
  /** Every accepted sha256; null accepts what the hub says the file has. */
  readonly sha256: readonly string[] | null;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A file of the hub on this machine. */
export interface HubFile {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** `cache` when it was there before, else `hub`. */
  readonly origin: 'cache' | 'hub';
}

/** Files of Hugging Face repositories (data and model weights) at pinned revisions. */
export interface Hub {
  /** Places where a file lies already; content not looked at. */
  localPaths(location: HubLocation): readonly string[];
  /**
   * The file from a cache, or downloaded and verified. Rejects with E_OFFLINE when it would have to be downloaded and must not, with
   * E_HUB (`details.kind` says why), with E_DATASET_HASH or E_MODEL_FILE when the content is another, and as `downloadFile` does.
   */
  fetchFile(location: HubLocation, request: HubFetch): Promise<HubFile>;
}

class CachedHub implements Hub {
  readonly #options: HubOptions;
  readonly #index: HashIndex;

  constructor(options: HubOptions, index: HashIndex) {
    this.#options = options;
    this.#index = index;
  }

  localPaths(location: HubLocation): readonly string[] {
    const { cacheDir, hfCacheDir } = this.#options;
    const own = ownCachePath(cacheDir, location);
    const shared = hfCacheDir === null ? null : sharedCachePath(hfCacheDir, location);
    return [...(existsSync(own) ? [own] : []), ...(shared === null ? [] : [shared])];
  }

  async fetchFile(location: HubLocation, { sha256, onProgress, signal }: HubFetch): Promise<HubFile> {
    for (const path of this.localPaths(location)) {
      const actual = await this.#index.sha256(path);
      this.#index.save();
      if (sha256 === null || sha256.includes(actual))
        return { path, sha256: actual, sizeBytes: statSync(path).size, origin: 'cache' };
    }
    const { offline, hfEndpoint, hfToken, cacheDir, patience } = this.#options;
    const title = hubFileTitle(location);
    if (offline)
      throw new QwenEvalError('E_OFFLINE', `${title} is not in the cache and the network is not to be used`, {
        hint: 'run once without --offline and HF_HUB_OFFLINE, or name a file that is on this machine',
      });
    const file = await downloadFile({
      url: hubFileUrl(hfEndpoint ?? defaultHubEndpoint, location),
      path: ownCachePath(cacheDir, location),
      title,
      sha256,
      wrongHashCode: location.kind === 'model' ? 'E_MODEL_FILE' : 'E_DATASET_HASH',
      token: hfToken,
      onProgress,
      signal,
      patience,
    });
    this.#index.remember(file.path, file.sha256);
    this.#index.save();
    return { path: file.path, sha256: file.sha256, sizeBytes: file.sizeBytes, origin: 'hub' };
  }
}

/** Opens the hub; nothing is asked for until a file is. */
export const openHub = (options: HubOptions, index: HashIndex = openHashIndex(options.cacheDir)): Hub =>
  new CachedHub(options, index);
