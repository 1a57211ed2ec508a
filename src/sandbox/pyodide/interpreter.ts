import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FileGuards } from './file-guards.ts';
import type { GuestExports, GuestModule } from './guest-module.ts';
import { MemoryImage } from './memory-image.ts';
import { restingClock } from './resting-clock.ts';
import { sealImports, type DeniedCall, type Guard, type GuestExit, type SealState } from './seal.ts';
import {
  webAssembly,
  type WasmGlobal,
  type WasmImports,
  type WasmInstance,
  type WasmLinked,
  type WasmModule,
} from './web-assembly.ts';

/** What Pyodide's loader gives, as far as it is used here. */
interface Pyodide {
  readonly version: string;
  readonly ['_module']: GuestModule;
  runPython(code: string): unknown;
  setInterruptBuffer(buffer: Uint8Array): void;
  makeMemorySnapshot(): Uint8Array;
}

type LoadPyodide = (options: Readonly<Record<string, unknown>>) => Promise<Pyodide>;

/** Parts that all interpreters of a process share. */
export interface PyodideParts {
  /** Folder of the pyodide package. */
  readonly folder: string;
  readonly module: WasmModule;
}

/** What the host answers on a descriptor that is no file. */
export interface Channel {
  readonly descriptor: number;
  /** Takes a question, gives the answer; null when there is none. */
  readonly exchange: (question: Uint8Array) => Uint8Array | null;
}

// Kept apart, as loading puts another one in its place for a while.
const originalInstantiate = webAssembly.instantiate.bind(webAssembly);
const originalModule = webAssembly.Module;

/**
 * Compiles all but the trampoline that CPython's calls take where the runtime has garbage-collected WebAssembly: it stands at a place in the
 * table of functions that a snapshot names and the next instance does not have. Without it they go through JavaScript, as in older runtimes.
 */
class ModuleWithoutTrampoline extends originalModule {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof originalModule;
  }

  constructor(binary: Uint8Array) {
    if (Buffer.from(binary).includes('trampoline_call')) throw new TypeError('no trampoline');
    super(binary);
  }
}

/** Loads Pyodide with the imports of its WebAssembly module given to `link`, which instantiates it. */
async function load(
  parts: PyodideParts,
  options: Readonly<Record<string, unknown>>,
  link: (imports: WasmImports) => Promise<WasmLinked>,
): Promise<Pyodide> {
  const { loadPyodide } = (await import(pathToFileURL(join(parts.folder, 'pyodide.mjs')).href)) as {
    loadPyodide: LoadPyodide;
  };
  const { default: createPyodideModule } = (await import(
    pathToFileURL(join(parts.folder, 'pyodide.asm.mjs')).href
  )) as { default: unknown };
  webAssembly.Module = ModuleWithoutTrampoline;
  webAssembly.instantiate = async (source, imports = {}) =>
    imports['env'] && 'emscripten_resize_heap' in imports['env'] ? link(imports) : originalInstantiate(source, imports);
  try {
    return await loadPyodide({
      indexURL: parts.folder,
      createPyodideModule,
      jsglobals: {},
      stdin: () => null,
      stdout: () => {},
      stderr: () => {},
      env: { PYTHONHASHSEED: '0', HOME: '/tmp', TMPDIR: '/tmp' },
      ...options,
    });
  } finally {
    webAssembly.instantiate = originalInstantiate;
    webAssembly.Module = originalModule;
  }
}

/** Links the shared code with imports. */
async function instantiateShared({ module }: PyodideParts, imports: WasmImports): Promise<WasmLinked> {
  return { instance: (await originalInstantiate(module, imports)) as WasmInstance, module };
}

/** Boots Pyodide from nothing, runs the given modules in it and gives a picture of its memory (about 4 s). */
export async function buildSnapshot(
  parts: PyodideParts,
  sources: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const python = await load(parts, { _makeSnapshot: true }, (imports) => instantiateShared(parts, imports));
  for (const [name, source] of Object.entries(sources)) {
    python.runPython(
      [
        'import sys, types',
        `_module = sys.modules[${JSON.stringify(name)}] = types.ModuleType(${JSON.stringify(name)})`,
        `exec(compile(${JSON.stringify(source)}, ${JSON.stringify(`${name}.py`)}, 'exec'), _module.__dict__)`,
      ].join('\n'),
    );
  }
  python.runPython('del _module\nimport gc\ngc.collect()\ngc.freeze()');
  return python.makeMemorySnapshot();
}

/** Names of the driver's entry points (src/sandbox/python/wasm_driver.py). */
export type EntryPoint = 'load' | 'answer' | 'run_judge' | 'run_evaluate' | 'judge_here' | 'evaluate_here';

const entryPoints: readonly EntryPoint[] = [
  'load',
  'answer',
  'run_judge',
  'run_evaluate',
  'judge_here',
  'evaluate_here',
];

const noAnswer = 0xffffffff;

/**
 * A Python interpreter in WebAssembly that reaches nothing of its host while it runs: every imported function that is not harmless is refused.
 * It is driven with texts and made new after each task by putting its memory and files back.
 */
export class Interpreter {
  readonly #python: Pyodide;
  readonly #state: SealState;
  readonly #files: FileGuards;
  readonly #image: MemoryImage;
  readonly #c: GuestExports;
  readonly #stackPointer: WasmGlobal;
  readonly #stackStart: number;
  readonly #entries: Readonly<Record<EntryPoint, number>>;
  readonly pythonVersion: string;
  readonly version: string;

  private constructor(python: Pyodide, instance: WasmInstance, walls: { state: SealState; files: FileGuards }) {
    this.#python = python;
    this.#state = walls.state;
    this.#files = walls.files;
    this.version = python.version;
    this.pythonVersion = String(python.runPython("import sys; '.'.join(map(str, sys.version_info[:3]))"));
    this.#entries = Object.fromEntries(
      entryPoints.map((name) => [name, Number(python.runPython(`import wasm_driver; id(wasm_driver.${name})`))]),
    ) as Record<EntryPoint, number>;
    this.#files.keep();
    python.runPython("import os; os.chdir('/tmp')");
    this.#c = instance.exports as unknown as GuestExports;
    this.#stackPointer = instance.exports['__stack_pointer'] as WasmGlobal;
    this.#stackStart = this.#stackPointer.value;
    this.#image = new MemoryImage(python['_module'].HEAPU8);
  }

  /** Boots from a snapshot (0.2 to 0.5 s). `interrupt[0] = 2` raises KeyboardInterrupt in it. */
  static async boot(
    parts: PyodideParts,
    snapshot: Uint8Array,
    wiring: { readonly interrupt: Uint8Array; readonly channel: Channel | null },
  ): Promise<Interpreter> {
    const state: SealState = { isSealed: false, violation: null };
    let python: Pyodide | null = null;
    let instance: WasmInstance | null = null;
    const module = (): GuestModule => (python as Pyodide)['_module'];
    const files = new FileGuards(module);
    const walls = wiring.channel === null ? files.guards : withChannel(files, module, wiring.channel);
    const guards = { ...walls, emscripten_get_now: restingClock() };
    python = await load(parts, { _loadSnapshot: snapshot }, async (imports) => {
      sealImports(imports['env'] as Record<string, unknown>, guards, state);
      const linked = await instantiateShared(parts, imports);
      instance = linked.instance;
      return linked;
    });
    python.setInterruptBuffer(wiring.interrupt);
    return new Interpreter(python, instance as unknown as WasmInstance, { state, files });
  }

  get violation(): DeniedCall | GuestExit | null {
    return this.#state.violation;
  }

  get memoryBytes(): number {
    return this.#python['_module'].HEAPU8.length;
  }

  /** Calls an entry point, sealed. Throws what the guest caused in the host: a refused call, an exit, a trap, an overflow of the stack. */
  call(entry: EntryPoint, text: Uint8Array, limitBytes: number): Uint8Array {
    const module = this.#python['_module'];
    const c = this.#c;
    this.#state.isSealed = true;
    try {
      const buffer = c.malloc(text.length + 8) >>> 0;
      if (buffer === 0) throw new RangeError('no memory for the request');
      module.HEAPU8.set(text, buffer + 8);
      const argument = c.PyUnicode_FromStringAndSize(buffer + 8, text.length);
      const result = argument === 0 ? 0 : c.PyObject_CallOneArg(this.#entries[entry], argument);
      if (this.#state.violation !== null) throw this.#state.violation;
      const start = result === 0 ? 0 : c.PyUnicode_AsUTF8AndSize(result, buffer) >>> 0;
      if (start === 0) throw new Error(`${entry} gave no text`);
      const size = module.HEAPU32[buffer >>> 2] ?? 0;
      if (size > limitBytes) throw new RangeError(`${entry} gave ${size} bytes`);
      const bytes = module.HEAPU8.slice(start, start + size);
      c.Py_DecRef(argument);
      c.Py_DecRef(result);
      c.free(buffer);
      return bytes;
    } finally {
      this.#state.isSealed = false;
    }
  }

  /** Makes the interpreter new: memory, stack and files as after boot. */
  rewind(): void {
    this.#image.restore(this.#python['_module'].HEAPU8);
    this.#stackPointer.value = this.#stackStart;
    this.#files.restore();
    this.#state.violation = null;
  }
}

/** An answer with its length before it. */
function framed(given: Uint8Array | null): Uint8Array {
  const length = given?.length ?? 0;
  const frame = new Uint8Array(4 + length);
  new DataView(frame.buffer).setUint32(0, given === null ? noAnswer : length, true);
  if (given !== null) frame.set(given, 4);
  return frame;
}

/** The file guards with a descriptor that talks to the host: what is written is a question, what is read is the answer with its length before it. */
function withChannel(files: FileGuards, module: () => GuestModule, channel: Channel): Readonly<Record<string, Guard>> {
  let question: Uint8Array[] = [];
  let answer: Uint8Array | null = null;
  return {
    ...files.guards,
    fd_write: (original, values) => {
      const [fd = 0, vectors = 0, count = 0, written = 0] = values;
      if (fd !== channel.descriptor) return files.guards['fd_write']?.(original, values);
      const memory = module().HEAPU8;
      // A question after an answer that was not read to its end starts anew.
      if (answer !== null) [question, answer] = [[], null];
      let sizeBytes = 0;
      for (const { start, size } of files.vectors(vectors, count)) {
        question.push(memory.slice(start, start + size));
        sizeBytes += size;
      }
      module().HEAPU32[written >>> 2] = sizeBytes;
      return 0;
    },
    fd_read: (original, values) => {
      const [fd = 0, vectors = 0, count = 0, read = 0] = values;
      if (fd !== channel.descriptor) return (original as (...all: readonly number[]) => number)(...values);
      if (answer === null) {
        const [first] = question;
        const given = channel.exchange(question.length === 1 && first !== undefined ? first : Buffer.concat(question));
        question = [];
        answer = framed(given);
      }
      const [{ start, size } = { start: 0, size: 0 }] = files.vectors(vectors, count);
      const part = answer.subarray(0, size);
      module().HEAPU8.set(part, start);
      answer = part.length === answer.length ? null : answer.subarray(part.length);
      module().HEAPU32[read >>> 2] = part.length;
      return 0;
    },
  };
}
