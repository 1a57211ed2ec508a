import { setTimeout as sleep } from 'node:timers/promises';
import { stat } from 'node:fs/promises';
import { QwenEvalError, isQwenEvalError } from '../core/errors.ts';
import { type FileLock, acquireFileLock } from './file-lock.ts';
import { hashFile } from './hash-index.ts';
import { type DownloadStream, openDownloadStream } from './http-download-stream.ts';
import {
  type HubFaultContext,
  type HubFaultKind,
  connectionFault,
  hubFault,
  noNetworkKinds,
  statusFault,
} from './hub-fault.ts';
import { PartialFile } from './partial-file.ts';
import { writeFault } from './write-fault.ts';

/** How far a download is. */
export interface DownloadProgress {
  /** The file as messages name it. */
  readonly title: string;
  readonly receivedBytes: number;
  /** Null when the server does not say. */
  readonly totalBytes: number | null;
}

/** A file to fetch and where to put it. */
export interface DownloadRequest {
  readonly url: URL;
  /** Final path; the file appears there complete and verified, or not at all. */
  readonly path: string;
  /** The file as messages name it. */
  readonly title: string;
  /** Every accepted sha256; null accepts what the hub says the file has, or anything when it does not say. */
  readonly sha256: readonly string[] | null;
  /** Code of the error when the content has another hash. */
  readonly wrongHashCode: 'E_DATASET_HASH' | 'E_MODEL_FILE';
  /** Sent to the host of `url` only. */
  readonly token: string | null;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly patience?: DownloadPatience | undefined;
}

/** How much trouble a download puts up with. */
export interface DownloadPatience {
  /** Longest silence of the server in milliseconds. */
  readonly stallMs: number;
  /** Failures in a row without a new byte. */
  readonly maxFailures: number;
  /** First pause between two attempts in milliseconds; it doubles each time. */
  readonly pauseMs: number;
}

/** A file that was fetched, or was there already. */
export interface DownloadedFile {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Commit that the hub resolved the revision to; null when it did not say. */
  readonly commit: string | null;
}

const defaultPatience: DownloadPatience = { stallMs: 30_000, maxFailures: 5, pauseMs: 500 };
const maxPauseMs = 60_000;
const sha256Pattern = /^[0-9a-f]{64}$/;

/** The server's content is not what the bytes so far belong to. */
class ChangedContentError extends Error {}

const numberOf = (text: string | null | undefined): number | null =>
  text !== null && text !== undefined && /^\d+$/.test(text) ? Number(text) : null;

/** Size of the whole file by the headers; null when they do not tell. */
function totalBytesOf(stream: DownloadStream): number | null {
  if (stream.status !== 200) return numberOf(stream.header('content-range')?.split('/')[1]);
  return stream.header('content-encoding') === null ? numberOf(stream.header('content-length')) : null;
}

/** Makes the bytes so far and the answer fit together; true when there is nothing more to read. */
async function reconcile(stream: DownloadStream, partial: PartialFile, totalBytes: number | null): Promise<boolean> {
  const { identity } = stream;
  const known = partial.identity;
  if (partial.sizeBytes > 0 && identity !== null && known !== null && identity !== known)
    throw new ChangedContentError();
  if (stream.status === 416) {
    if (totalBytes !== null && partial.sizeBytes === totalBytes) return true;
    throw new ChangedContentError();
  }
  if (stream.status === 200 && partial.sizeBytes > 0) await partial.restart();
  if (stream.status === 206) {
    const start = numberOf(/^bytes (\d+)-/.exec(stream.header('content-range') ?? '')?.[1]);
    if (start !== partial.sizeBytes) throw new ChangedContentError();
  }
  partial.belongTo(identity);
  if (totalBytes !== null) await partial.requireSpace(totalBytes);
  return false;
}

/** Waits; rejects with the signal's reason when it is aborted. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** One download of one file. */
class Download {
  readonly #request: DownloadRequest;
  readonly #partial: PartialFile;
  readonly #context: HubFaultContext;
  readonly #patience: DownloadPatience;
  #commit: string | null = null;
  #resumed: boolean;

  constructor(request: DownloadRequest, partial: PartialFile) {
    this.#request = request;
    this.#partial = partial;
    this.#patience = request.patience ?? defaultPatience;
    this.#context = { title: request.title, url: request.url, hasToken: request.token !== null };
    this.#resumed = partial.sizeBytes > 0;
  }

  async run(): Promise<DownloadedFile> {
    if (this.#resumed && this.#partial.identity === null && this.#request.sha256 === null) await this.#startOver();
    await this.#transferAll();
    if (!this.#isAccepted(this.#partial.sha256())) {
      if (!this.#resumed) await this.#refuse();
      await this.#startOver();
      await this.#transferAll();
      if (!this.#isAccepted(this.#partial.sha256())) await this.#refuse();
    }
    const { sizeBytes } = this.#partial;
    await this.#partial.complete();
    return { path: this.#request.path, sha256: this.#partial.sha256(), sizeBytes, commit: this.#commit };
  }

  /** Hashes that the content may have: the caller's, else the one the hub names for large files. */
  #expected(): readonly string[] | null {
    const { identity } = this.#partial;
    return this.#request.sha256 ?? (identity !== null && sha256Pattern.test(identity) ? [identity] : null);
  }

  #isAccepted(sha256: string): boolean {
    return this.#expected()?.includes(sha256) ?? true;
  }

  async #startOver(): Promise<void> {
    await this.#partial.restart();
    this.#resumed = false;
  }

  async #refuse(): Promise<never> {
    const sha256 = this.#partial.sha256();
    const expected = this.#expected() ?? [];
    const { title, url, wrongHashCode } = this.#request;
    await this.#partial.discard();
    throw new QwenEvalError(
      wrongHashCode,
      `${title} from ${url.host} has sha256 ${sha256}, not the expected ${expected.join(' or ')}`,
      { hint: 'check HF_ENDPOINT: a mirror may serve another version', details: { sha256, expected } },
    );
  }

  async #transferAll(): Promise<void> {
    const { signal } = this.#request;
    const { maxFailures, pauseMs } = this.#patience;
    for (let failures = 0; ;) {
      const before = this.#partial.sizeBytes;
      try {
        await this.#transfer();
        return;
      } catch (error) {
        signal?.throwIfAborted();
        failures = this.#partial.sizeBytes > before ? 1 : failures + 1;
        const fault = await this.#recover(error);
        const allowed = noNetworkKinds.includes(fault.details['kind'] as HubFaultKind) ? 2 : maxFailures;
        if (!fault.retryable || failures >= Math.min(allowed, maxFailures)) throw fault;
        const asked = Number(fault.details['retryAfterMs'] ?? 0);
        await pause(Math.min(maxPauseMs, Math.max(asked, pauseMs * 2 ** (failures - 1))), signal);
      }
    }
  }

  /** Makes ready for another attempt and says what went wrong. */
  async #recover(error: unknown): Promise<QwenEvalError> {
    if (isQwenEvalError(error)) return error;
    if (!(error instanceof ChangedContentError)) return connectionFault(error, this.#context);
    await this.#startOver();
    return hubFault('cut_off', 'the file changed between two attempts', this.#context);
  }

  /** One request: from where the file ends to as far as the connection holds. */
  async #transfer(): Promise<void> {
    const { url, token, signal } = this.#request;
    const { stallMs } = this.#patience;
    const stream = await openDownloadStream({ url, token, signal, stallMs, offset: this.#partial.sizeBytes });
    try {
      const fault = statusFault(stream.status, stream.header, this.#context);
      if (fault) throw fault;
      this.#commit = stream.commit ?? this.#commit;
      const totalBytes = totalBytesOf(stream);
      if (await reconcile(stream, this.#partial, totalBytes)) return;
      await this.#receive(stream, totalBytes);
    } finally {
      await stream.close();
    }
  }

  async #receive(stream: DownloadStream, totalBytes: number | null): Promise<void> {
    const { title, onProgress } = this.#request;
    onProgress?.({ title, receivedBytes: this.#partial.sizeBytes, totalBytes });
    for await (const chunk of stream.body) {
      await this.#partial.append(chunk);
      onProgress?.({ title, receivedBytes: this.#partial.sizeBytes, totalBytes });
    }
    if (totalBytes !== null && this.#partial.sizeBytes < totalBytes)
      throw hubFault('cut_off', `it ended after ${this.#partial.sizeBytes} of ${totalBytes} bytes`, this.#context);
  }
}

/** What another process put in place while this one waited for the lock; null when there is nothing acceptable. */
async function alreadyThere({ path, sha256 }: DownloadRequest): Promise<DownloadedFile | null> {
  try {
    const { size } = await stat(path);
    const actual = await hashFile(path);
    return sha256 === null || sha256.includes(actual) ? { path, sha256: actual, sizeBytes: size, commit: null } : null;
  } catch {
    return null;
  }
}

async function lockFor({ path, signal }: DownloadRequest): Promise<FileLock> {
  try {
    return await acquireFileLock(`${path}.lock`, { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw writeFault(path, cause);
  }
}

/**
 * Downloads a file of any size to `path`: resumes what an earlier attempt left, follows redirects without handing on the token, tries
 * again after faults that pass, verifies the sha256 and renames into place. A file that is there with an accepted hash is not fetched
 * again; of several processes one downloads and the others wait. Rejects with E_HUB, E_DISK_FULL, E_OUTPUT_UNWRITABLE, the
 * `wrongHashCode`, or the signal's reason; all but a wrong hash keep the partial file.
 */
export async function downloadFile(request: DownloadRequest): Promise<DownloadedFile> {
  const lock = await lockFor(request);
  try {
    const present = await alreadyThere(request);
    if (present) return present;
    const partial = await PartialFile.open(request.path);
    try {
      return await new Download(request, partial).run();
    } finally {
      await partial.close();
    }
  } finally {
    await lock.release();
  }
}
