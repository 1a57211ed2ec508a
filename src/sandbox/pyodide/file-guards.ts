import type { GuestFiles, GuestModule, GuestStream } from './guest-module.ts';
import type { Guard } from './seal.ts';

const mebibyte = 1024 * 1024;

/** What a program may leave in its scratch folder before writing fails. */
export const fileLimits = { fileBytes: 16 * mebibyte, scratchBytes: 64 * mebibyte, files: 2000 } as const;

const scratch = '/tmp';
const pathBytes = 4096;
const vectorLimit = 1024;

// Numbers of the guest's C library (WASI).
const notPermitted = 63;
const noSpace = 51;
const tooLarge = 22;
const badDescriptor = 8;
const invalid = 28;

const accessMode = 3;
const create = 64;
const truncate = 512;
const currentFolder = -100;

/** Lets a guest write to files under /tmp and nowhere else, within limits, and puts its files back as they were. */
export class FileGuards {
  readonly #module: () => GuestModule;
  readonly #writable = new Set<GuestStream>();
  #grownBytes = 0;
  #made = 0;
  #isTouched = false;
  #kept: readonly {
    readonly stream: GuestStream;
    readonly fd: number;
    readonly flags: number;
    readonly position: number;
  }[] = [];

  constructor(module: () => GuestModule) {
    this.#module = module;
  }

  /** Mounts the scratch folder and remembers the open files; call once, before the guest runs. */
  keep(): void {
    const files = this.#files;
    files.mount(files.filesystems.MEMFS, {}, scratch);
    files.currentPath = scratch;
    this.#kept = files.streams.flatMap((stream) =>
      stream ? [{ stream, fd: stream.fd, flags: stream.flags, position: stream.position }] : [],
    );
  }

  /** Puts files, open files and the working folder back as they were kept. */
  restore(): void {
    const files = this.#files;
    files.streams.length = 0;
    for (const { stream, fd, flags, position } of this.#kept) {
      Object.assign(stream, { fd, flags, position });
      files.streams[fd] = stream;
    }
    files.currentPath = scratch;
    if (this.#isTouched) {
      files.unmount(scratch);
      files.mount(files.filesystems.MEMFS, {}, scratch);
    }
    this.#writable.clear();
    this.#grownBytes = 0;
    this.#made = 0;
    this.#isTouched = false;
  }

  /** One guard for each imported function that could change files. */
  readonly guards: Readonly<Record<string, Guard>> = {
    __syscall_openat: (original, values) => {
      const [folder = 0, path = 0, flags = 0] = values;
      const changes = (flags & accessMode) !== 0 || (flags & (create | truncate)) !== 0;
      if (changes && this.#absolute(folder, path) !== '/dev/null') {
        const refusal = this.#refusal(folder, path, true);
        if (refusal !== 0) return -refusal;
      }
      const fd = call(original, values);
      const stream = changes && fd >= 0 ? this.#files.getStream(fd) : null;
      if (stream) this.#writable.add(stream);
      return fd;
    },
    __syscall_mkdirat: (original, values) => {
      const [folder = 0, path = 0] = values;
      return -this.#refusal(folder, path, true) || call(original, values);
    },
    __syscall_unlinkat: (original, values) => {
      const [folder = 0, path = 0] = values;
      return -this.#refusal(folder, path, false) || call(original, values);
    },
    __syscall_rmdir: (original, values) =>
      -this.#refusal(currentFolder, values[0] ?? 0, false) || call(original, values),
    __syscall_renameat: (original, values) => {
      const [oldFolder = 0, oldPath = 0, newFolder = 0, newPath = 0] = values;
      return (
        -this.#refusal(oldFolder, oldPath, false) || -this.#refusal(newFolder, newPath, false) || call(original, values)
      );
    },
    __syscall_ftruncate64: (original, values) => {
      const [fd, length] = values as unknown as [number, bigint];
      const stream = this.#files.getStream(fd);
      if (!stream || !this.#writable.has(stream)) return -badDescriptor;
      return -this.#growth(stream, Number(length)) || call(original, values);
    },
    __syscall_fcntl64: (original, values) => {
      // Setting flags would make a file that is open for reading one that can be written.
      const command = values[1] ?? 0;
      if (command === 4) return 0;
      return command === 1 || command === 2 || command === 3 ? call(original, values) : -notPermitted;
    },
    fd_write: (original, values) => {
      const [fd = 0, vectors = 0, count = 0, written = 0] = values;
      const files = this.#files;
      const stream = files.getStream(fd);
      if (!stream) return badDescriptor;
      if (count > vectorLimit) return invalid;
      const sizeBytes = this.vectors(vectors, count).reduce((sum, { size }) => sum + size, 0);
      if (!files.isFile(stream.node.mode)) {
        // Terminals and devices swallow what is written.
        this.#module().HEAPU32[written >>> 2] = sizeBytes;
        return 0;
      }
      if (!this.#writable.has(stream)) return badDescriptor;
      const from = Math.max(stream.position, stream.node.usedBytes ?? 0);
      return this.#growth(stream, from + sizeBytes) || call(original, values);
    },
    fd_close: (original, values) => {
      const fd = values[0] ?? 0;
      return fd <= 2 ? notPermitted : call(original, values);
    },
  };

  /** The pieces of memory that a scattered read or write names. */
  vectors(pointer: number, count: number): readonly { readonly start: number; readonly size: number }[] {
    const words = this.#module().HEAPU32;
    const first = pointer >>> 2;
    const found: { readonly start: number; readonly size: number }[] = [];
    for (let index = 0; index < Math.min(count, vectorLimit); index++)
      found.push({ start: words[first + 2 * index] ?? 0, size: words[first + 2 * index + 1] ?? 0 });
    return found;
  }

  get #files(): GuestFiles {
    return this.#module().FS;
  }

  /** Error number for changing a path, 0 when it may be changed. */
  #refusal(folder: number, path: number, makes: boolean): number {
    if (!this.#absolute(folder, path)?.startsWith(`${scratch}/`)) return notPermitted;
    this.#isTouched = true;
    if (makes && ++this.#made > fileLimits.files) return noSpace;
    return 0;
  }

  /** Error number for letting a file become so long, 0 when it may. */
  #growth(stream: GuestStream, lengthBytes: number): number {
    if (!(lengthBytes <= fileLimits.fileBytes)) return tooLarge;
    const grown = Math.max(0, lengthBytes - (stream.node.usedBytes ?? 0));
    if (this.#grownBytes + grown > fileLimits.scratchBytes) return noSpace;
    this.#grownBytes += grown;
    return 0;
  }

  /** A path of the guest in absolute form without `.` and `..`; null when it is relative to an open folder. There are no links to follow under the scratch folder. */
  #absolute(folder: number, pointer: number): string | null {
    const bytes = this.#module().HEAPU8.subarray(pointer >>> 0, (pointer >>> 0) + pathBytes);
    const end = bytes.indexOf(0);
    if (end < 0) return null;
    const path = new TextDecoder().decode(bytes.subarray(0, end));
    if (!path.startsWith('/') && folder !== currentFolder) return null;
    const parts: string[] = [];
    for (const part of `${path.startsWith('/') ? '' : this.#files.currentPath}/${path}`.split('/')) {
      if (part === '..') parts.pop();
      else if (part !== '' && part !== '.') parts.push(part);
    }
    return `/${parts.join('/')}`;
  }
}

const call = (original: unknown, values: readonly number[]): number =>
  (original as (...all: readonly number[]) => number)(...values);
