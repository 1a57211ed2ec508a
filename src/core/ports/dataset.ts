/** A file a task accepts, known by its hash whatever its name. */
export interface Artefact {
  /** Name within the task, e.g. `test`, `train`. */
  readonly name: string;
  /** Every sha256 (hex) whose content the task can read, the preferred one first. */
  readonly sha256: readonly string[];
  /** File name for messages and the cache. */
  readonly fileName: string;
  readonly licence: string;
  /** Where the file can be had from the hub; null when it has no stable location. */
  readonly hub: HubLocation | null;
  /** True when the task can run without it. */
  readonly optional?: boolean;
}

/** A file in a Hugging Face dataset or model repository at a pinned revision. */
export interface HubLocation {
  readonly repository: string;
  readonly kind: 'dataset' | 'model';
  readonly revision: string;
  readonly path: string;
}

/** A found and verified file. */
export interface DatasetFile {
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** False when the user allowed data whose hash no artefact lists. */
  readonly verified: boolean;
  /** `data-dir`, `cache` or `hub`. */
  readonly origin: string;
}

/** Reads verified files as records. */
export interface DatasetReader {
  readonly files: ReadonlyMap<string, DatasetFile>;
  /** The whole file, decompressed by its magic bytes, as UTF-8 text. */
  text(name: string): Promise<string>;
  /** JSON Lines (errors name the line), or the rows of a Parquet file: which of the two is told by the content. */
  jsonLines(name: string): Promise<readonly unknown[]>;
  /** One JSON document. */
  json(name: string): Promise<unknown>;
  /** Rows of fields; with a header its row is left out and every other row must have as many fields. */
  csv(name: string, options: { readonly header: boolean }): Promise<readonly (readonly string[])[]>;
  /** Rows by column name; 64-bit integers are numbers where exact, else their digits; dates are ISO text. */
  parquet(name: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Members of a zip archive by path. */
  zip(name: string): Promise<ReadonlyMap<string, Uint8Array>>;
}
