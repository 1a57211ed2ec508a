/** Compiled code; it can be sent to workers. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: string;
}

/** A mutable number that a module exports. */
export interface WasmGlobal {
  value: number;
}

/** Linked code. */
export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

/** What a module is linked with, by name of the providing module. */
export type WasmImports = Readonly<Record<string, Record<string, unknown>>>;

/** Linked code with the code it came from. */
export interface WasmLinked {
  readonly instance: WasmInstance;
  readonly module: WasmModule;
}

interface WebAssemblyApi {
  Module: new (binary: Uint8Array) => WasmModule;
  compile(binary: Uint8Array): Promise<WasmModule>;
  /** Gives an instance for a module, both for a binary. */
  instantiate(source: unknown, imports?: WasmImports): Promise<WasmInstance | WasmLinked>;
}

/** The runtime's own WebAssembly interface, which Node's type declarations leave out. */
export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
