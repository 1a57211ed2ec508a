import { open } from 'node:fs/promises';
import { QwenEvalError } from '../../core/errors.ts';
import { fileTypeNames, tensorTypes } from './gguf-types.ts';

/** An array too long to be kept: its type number and length only. */
export interface GgufLongArray {
  readonly elementType: number;
  readonly length: number;
}

/** A metadata value. Integers beyond 2^53 are kept as decimal text. */
export type GgufValue = number | string | boolean | readonly GgufValue[] | GgufLongArray;

export interface GgufTensor {
  readonly name: string;
  readonly dimensions: readonly number[];
  /** Type name, e.g. `Q4_K`; `type <n>` for a number this reader does not know. */
  readonly type: string;
  readonly elements: number;
  /** Null for an unknown type. */
  readonly sizeBytes: number | null;
  /** From the start of the tensor data. */
  readonly offset: number;
}

/** What stands before the weights of a GGUF file. */
export interface GgufHeader {
  readonly version: number;
  /** Size of the whole file. */
  readonly fileBytes: number;
  /** Where the tensor data start. */
  readonly dataOffset: number;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly GgufTensor[];
}

/** The facts of a header that tell what the weights are; null where the file does not say. */
export interface GgufSummary {
  readonly architecture: string | null;
  readonly name: string | null;
  readonly finetune: string | null;
  readonly sizeLabel: string | null;
  readonly quantizedBy: string | null;
  readonly licence: string | null;
  /** Name of `general.file_type`, e.g. `Q4_K_M`. */
  readonly fileType: string | null;
  /** Share of the weights by tensor type, e.g. `{Q4_K: 0.71, F32: 0.001}`. */
  readonly tensorTypes: Readonly<Record<string, number>>;
  readonly parameters: number;
  readonly contextLength: number | null;
  readonly vocabularySize: number | null;
  readonly chatTemplate: string | null;
}

const limits = {
  headerBytes: 512 * 2 ** 20,
  stringBytes: 64 * 2 ** 20,
  entries: 1_000_000,
  keptArrayLength: 256,
  arrayDepth: 4,
  dimensions: 8,
};

class NeedMoreBytes extends Error {}
class Malformed extends Error {}

/** Sizes of the fixed-size value types by their number; 8 is a string, 9 an array. */
const fixedSizes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8] as const;

class Cursor {
  readonly #bytes: Buffer;
  position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  take(size: number): number {
    const start = this.position;
    if (start + size > this.#bytes.length) throw new NeedMoreBytes();
    this.position = start + size;
    return start;
  }

  u32(): number {
    return this.#bytes.readUInt32LE(this.take(4));
  }

  count(what: string, limit: number): number {
    const value = this.#bytes.readBigUInt64LE(this.take(8));
    if (value > BigInt(limit)) throw new Malformed(`${what} is ${value}, more than ${limit}`);
    return Number(value);
  }

  offset(): number {
    return this.count('a tensor offset', Number.MAX_SAFE_INTEGER);
  }

  text(what: string): string {
    const length = this.count(`the length of ${what}`, limits.stringBytes);
    const start = this.take(length);
    return this.#bytes.toString('utf8', start, start + length);
  }

  skipText(): void {
    this.take(this.count('the length of a text', limits.stringBytes));
  }

  scalar(kind: number): number | string | boolean {
    const bytes = this.#bytes;
    const at = this.take(fixedSizes[kind] ?? 0);
    switch (kind) {
      case 0:
        return bytes.readUInt8(at);
      case 1:
        return bytes.readInt8(at);
      case 2:
        return bytes.readUInt16LE(at);
      case 3:
        return bytes.readInt16LE(at);
      case 4:
        return bytes.readUInt32LE(at);
      case 5:
        return bytes.readInt32LE(at);
      case 6:
        return bytes.readFloatLE(at);
      case 7:
        return bytes.readUInt8(at) !== 0;
      case 10:
        return safeNumber(bytes.readBigUInt64LE(at));
      case 11:
        return safeNumber(bytes.readBigInt64LE(at));
      default:
        return bytes.readDoubleLE(at);
    }
  }
}

const safeNumber = (value: bigint): number | string =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();

function readValue(cursor: Cursor, kind: number, depth: number): GgufValue {
  if (kind === 8) return cursor.text('a value');
  if (kind === 9) return readArray(cursor, depth + 1);
  if (kind > 12) throw new Malformed(`value type ${kind} does not exist`);
  return cursor.scalar(kind);
}

function readArray(cursor: Cursor, depth: number): GgufValue {
  if (depth > limits.arrayDepth) throw new Malformed('arrays are nested too deeply');
  const kind = cursor.u32();
  const length = cursor.count('the length of an array', 2 ** 32);
  if (length <= limits.keptArrayLength) return Array.from({ length }, () => readValue(cursor, kind, depth));
  const size = fixedSizes[kind];
  if (size === undefined) throw new Malformed(`value type ${kind} does not exist`);
  if (size > 0) cursor.take(size * length);
  else
    for (let index = 0; index < length; index++)
      if (kind === 8) cursor.skipText();
      else readArray(cursor, depth + 1);
  return { elementType: kind, length };
}

function readTensor(cursor: Cursor): GgufTensor {
  const name = cursor.text('a tensor name');
  const rank = cursor.u32();
  if (rank > limits.dimensions) throw new Malformed(`tensor ${name} has ${rank} dimensions`);
  const dimensions = Array.from({ length: rank }, () => cursor.count(`a dimension of ${name}`, 2 ** 40));
  const kind = cursor.u32();
  const offset = cursor.offset();
  const elements = dimensions.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(elements)) throw new Malformed(`tensor ${name} is impossibly large`);
  const layout = tensorTypes.get(kind);
  return {
    name,
    dimensions,
    type: layout?.name ?? `type ${kind}`,
    elements,
    sizeBytes: layout ? (elements / layout.blockElements) * layout.blockBytes : null,
    offset,
  };
}

function readHeader(bytes: Buffer, fileBytes: number): GgufHeader {
  const cursor = new Cursor(bytes);
  const start = cursor.take(4);
  if (bytes.toString('latin1', start, start + 4) !== 'GGUF') throw new Malformed('it does not start with "GGUF"');
  const version = cursor.u32();
  if (version !== 2 && version !== 3) throw new Malformed(`GGUF version ${version} is not supported (2 and 3 are)`);
  const tensorCount = cursor.count('the number of tensors', limits.entries);
  const entryCount = cursor.count('the number of metadata entries', limits.entries);
  const metadata = new Map<string, GgufValue>();
  for (let index = 0; index < entryCount; index++) {
    const key = cursor.text('a metadata key');
    metadata.set(key, readValue(cursor, cursor.u32(), 0));
  }
  const tensors = Array.from({ length: tensorCount }, () => readTensor(cursor));
  const alignment = metadata.get('general.alignment') ?? 32;
  if (typeof alignment !== 'number' || alignment < 1 || !Number.isInteger(alignment))
    throw new Malformed('general.alignment is not a positive integer');
  const dataOffset = Math.ceil(cursor.position / alignment) * alignment;
  return { version, fileBytes, dataOffset, metadata, tensors };
}

/**
 * The header in the first bytes of a file of `fileBytes`, or null when `bytes` end before it does. Throws QwenEvalError E_MODEL_FILE
 * on bytes that are no GGUF header, and on a file that is too short for the tensors it lists. `name` is for messages.
 */
export function parseGgufHeader(bytes: Buffer, fileBytes: number, name: string): GgufHeader | null {
  let header: GgufHeader;
  try {
    header = readHeader(bytes, fileBytes);
  } catch (error) {
    if (error instanceof Malformed) throw notReadable(name, error.message);
    if (!(error instanceof NeedMoreBytes)) throw error;
    if (bytes.length >= fileBytes) throw truncated(name, fileBytes, null);
    return null;
  }
  const needed = header.tensors.reduce(
    (end, tensor) => Math.max(end, header.dataOffset + tensor.offset + (tensor.sizeBytes ?? 0)),
    0,
  );
  if (needed > fileBytes) throw truncated(name, fileBytes, needed);
  return header;
}

/** Reads the header of a GGUF file (versions 2 and 3) without its weights. Throws QwenEvalError E_MODEL_FILE with what is wrong. */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  const file = await open(path).catch((cause: unknown) => {
    throw new QwenEvalError('E_MODEL_FILE', `Cannot open the model file ${path}: ${(cause as Error).message}.`, {
      cause,
      hint: 'Give --model the path of a GGUF file that can be read.',
    });
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw notReadable(path, 'it is not a file');
    for (let size = 2 ** 20; ; size *= 4) {
      const length = Math.min(size, stats.size);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
      const header = parseGgufHeader(buffer.subarray(0, bytesRead), stats.size, path);
      if (header) return header;
      if (size >= limits.headerBytes) throw notReadable(path, 'its header is longer than 512 MiB');
    }
  } finally {
    await file.close();
  }
}

const notReadable = (name: string, reason: string): QwenEvalError =>
  new QwenEvalError('E_MODEL_FILE', `The model file ${name} cannot be read as GGUF: ${reason}.`, {
    hint: 'Give --model a GGUF file; files of other formats must be converted first.',
  });

const truncated = (name: string, fileBytes: number, needed: number | null): QwenEvalError =>
  new QwenEvalError(
    'E_MODEL_FILE',
    `The model file ${name} is truncated: it has ${fileBytes} bytes` +
      (needed === null ? ' and ends inside its header.' : ` of the ${needed} its tensors need.`),
    { hint: 'Download or copy the file again and compare its sha256 with the published one.' },
  );

const textOf = (header: GgufHeader, key: string): string | null => {
  const value = header.metadata.get(key);
  return typeof value === 'string' ? value : null;
};

const numberOf = (header: GgufHeader, key: string): number | null => {
  const value = header.metadata.get(key);
  return typeof value === 'number' ? value : null;
};

function lengthOf(header: GgufHeader, key: string): number | null {
  const value = header.metadata.get(key);
  return typeof value === 'object' ? value.length : null;
}

/** The facts a header states about its weights: origin, quantisation by tensor types, context, template. */
export function summarizeGguf(header: GgufHeader): GgufSummary {
  const architecture = textOf(header, 'general.architecture');
  const fileType = numberOf(header, 'general.file_type');
  const parameters = header.tensors.reduce((sum, tensor) => sum + tensor.elements, 0);
  const byType = new Map<string, number>();
  for (const tensor of header.tensors) byType.set(tensor.type, (byType.get(tensor.type) ?? 0) + tensor.elements);
  return {
    architecture,
    name: textOf(header, 'general.name'),
    finetune: textOf(header, 'general.finetune'),
    sizeLabel: textOf(header, 'general.size_label'),
    quantizedBy: textOf(header, 'general.quantized_by'),
    licence: textOf(header, 'general.license'),
    fileType: fileType === null ? null : (fileTypeNames.get(fileType) ?? `file type ${fileType}`),
    tensorTypes: Object.fromEntries(
      [...byType].sort((a, b) => b[1] - a[1]).map(([name, elements]) => [name, round(elements / parameters)]),
    ),
    parameters,
    contextLength: architecture === null ? null : numberOf(header, `${architecture}.context_length`),
    vocabularySize: lengthOf(header, 'tokenizer.ggml.tokens'),
    chatTemplate: textOf(header, 'tokenizer.chat_template'),
  };
}

const round = (share: number): number => Math.round(share * 1e6) / 1e6;
