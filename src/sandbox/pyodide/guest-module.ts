/** A file of the guest's in-memory file system. */
export interface GuestNode {
  readonly mode: number;
  readonly usedBytes?: number;
}

/** An open file of the guest. */
export interface GuestStream {
  fd: number;
  flags: number;
  position: number;
  readonly node: GuestNode;
}

/** The guest's in-memory file system, as far as it is used here. */
export interface GuestFiles {
  readonly filesystems: { readonly MEMFS: unknown };
  readonly streams: (GuestStream | null | undefined)[];
  currentPath: string;
  isFile(mode: number): boolean;
  getStream(fd: number): GuestStream | null | undefined;
  mount(type: unknown, options: object, mountPoint: string): unknown;
  unmount(mountPoint: string): void;
}

/** Pyodide's own view of its memory and files. */
export interface GuestModule {
  readonly HEAPU8: Uint8Array<ArrayBuffer>;
  readonly HEAPU32: Uint32Array<ArrayBuffer>;
  readonly FS: GuestFiles;
}

/** The part of CPython's C interface that drives an interpreter without proxies; pointers are signed 32-bit numbers. */
export interface GuestExports {
  malloc(size: number): number;
  free(pointer: number): void;
  PyUnicode_FromStringAndSize(pointer: number, size: number): number;
  PyUnicode_AsUTF8AndSize(object: number, sizePointer: number): number;
  PyObject_CallOneArg(callable: number, argument: number): number;
  Py_DecRef(object: number): void;
}

/** A function that WebAssembly imports; `sig` is how the linker types it. */
export type HostFunction = ((...values: never[]) => unknown) & { sig?: string };
