import { noExtraction, type Extraction } from '../core/score.ts';
import { findCodeBody, indentBody, type CodeBody } from './code-body.ts';
import { borrowedParts, coreOf, definesName } from './code-parts.ts';
import { findFencedBlocks, type FencedBlock } from './fenced-blocks.ts';
import { splitPythonChunks, type PythonChunk } from './python-chunks.ts';

/** What was asked for. */
export interface CodeQuestion {
  /** Name of the function to define. */
  readonly entryPoint: string;
  /** Source that ends in the head of that function, where an answer may go on from it; else null. */
  readonly stub: string | null;
}

/** Code taken out of an answer. */
export interface CodeReading {
  /** The value is the code to run, after the stub when it is a body. */
  readonly extraction: Extraction;
  /** `program` stands alone, `body` goes on with the stub. */
  readonly shape: 'program' | 'body';
  /** The program without what only tries it out (prints, assertions, reads of the input); null when there is no such thing. */
  readonly core: string | null;
}

/** A block with its code taken apart. */
interface Piece {
  readonly block: Pick<FencedBlock, 'start' | 'end' | 'isClosed'>;
  readonly code: string;
  readonly chunks: readonly PythonChunk[];
}

const nothing: CodeReading = { extraction: noExtraction, shape: 'program', core: null };

/** Takes off the indentation that all lines share, judged by the first that is not blank. */
function dedented(code: string): string {
  const first = /\S/.exec(code)?.index ?? 0;
  const prefix = code.slice(code.lastIndexOf('\n', first) + 1, first);
  if (prefix === '') return code;
  const lines = code.split('\n');
  if (!lines.every((line) => line.trim() === '' || line.startsWith(prefix))) return code;
  return lines.map((line) => line.slice(prefix.length)).join('\n');
}

const pieceOf = (block: FencedBlock): Piece => {
  const code = dedented(block.content);
  return { block, code, chunks: splitPythonChunks(code) };
};

const joined = (parts: readonly PythonChunk[], code: string): string =>
  [...parts.map(({ text }) => text.trimEnd()), code].join('\n');

class Reader {
  readonly #text: string;
  readonly #question: CodeQuestion;
  readonly #pieces: readonly Piece[];

  constructor(text: string, question: CodeQuestion) {
    this.#text = text;
    this.#question = question;
    this.#pieces = findFencedBlocks(text).map(pieceOf);
  }

  read(): CodeReading {
    return this.#fenced() ?? this.#fencedBody() ?? this.#unfenced() ?? this.#body() ?? this.#otherCode() ?? nothing;
  }

  /** The last complete block that defines the entry point, else the last that was left open. */
  #fenced(): CodeReading | null {
    const { entryPoint } = this.#question;
    const defining = this.#pieces.filter(({ chunks }) => chunks.some((chunk) => definesName(chunk, entryPoint)));
    const closed = defining.filter(({ block }) => block.isClosed);
    const chosen = closed.at(-1) ?? defining.at(-1);
    if (chosen === undefined) return null;
    const others = this.#pieces.flatMap((piece) => (piece === chosen ? [] : piece.chunks));
    const parts = borrowedParts(chosen.chunks, others, { entryPoint });
    return {
      extraction: {
        value: joined(parts, chosen.code),
        method: chosen.block.isClosed ? 'fenced' : 'unclosed-fence',
        span: [chosen.block.start, chosen.block.end],
        candidates: Math.max(1, closed.length),
      },
      shape: 'program',
      core: coreOf([...parts, ...chosen.chunks], entryPoint),
    };
  }

  /** The last block that goes on with the stub. */
  #fencedBody(): CodeReading | null {
    const { stub } = this.#question;
    if (stub === null) return null;
    const bodies = this.#pieces.flatMap((piece) => {
      const body = findCodeBody(piece.code);
      return body === null ? [] : [{ piece, body }];
    });
    const found = bodies.findLast(({ piece }) => piece.block.isClosed) ?? bodies.at(-1);
    if (found === undefined) return null;
    const { piece, body } = found;
    const others = this.#pieces.flatMap((other) => (other === piece ? [] : other.chunks));
    const after = splitPythonChunks(piece.code.slice(body.end));
    const span = [piece.block.start, piece.block.end] as const;
    return this.#goingOn(body, { stub, others: [...others, ...after], method: 'fenced-body', span });
  }

  /** A definition without fences: the code around it up to the next sentence on either side. */
  #unfenced(): CodeReading | null {
    const { entryPoint } = this.#question;
    const text = dedented(this.#text);
    const chunks = splitPythonChunks(text);
    const at = chunks.findLastIndex((chunk) => definesName(chunk, entryPoint));
    if (at < 0) return null;
    const isProse = ({ kind }: PythonChunk): boolean => kind === 'prose';
    const from = chunks.slice(0, at).findLastIndex(isProse) + 1;
    const next = chunks.slice(at).findIndex(isProse);
    const to = next < 0 ? chunks.length : at + next;
    const region = chunks.slice(from, to);
    const parts = borrowedParts(region, [...chunks.slice(0, from), ...chunks.slice(to)], { entryPoint });
    const span = [(region[0] as PythonChunk).start, (region.at(-1) as PythonChunk).end] as const;
    return {
      extraction: {
        value: joined(parts, text.slice(...span).trimEnd()),
        method: 'unfenced',
        span: text === this.#text ? span : [0, this.#text.length],
        candidates: chunks.filter((chunk) => definesName(chunk, entryPoint)).length,
      },
      shape: 'program',
      core: coreOf([...parts, ...region], entryPoint),
    };
  }

  /** A body without fences, from the beginning of the answer. */
  #body(): CodeReading | null {
    const { stub } = this.#question;
    if (stub === null) return null;
    const body = findCodeBody(this.#text);
    if (body === null) return null;
    const others = splitPythonChunks(this.#text.slice(body.end));
    return this.#goingOn(body, { stub, others, method: 'body', span: [body.start, body.end] });
  }

  #goingOn(
    body: CodeBody,
    source: {
      readonly stub: string;
      readonly others: readonly PythonChunk[];
      readonly method: string;
      readonly span: readonly [number, number];
    },
  ): CodeReading {
    const { entryPoint } = this.#question;
    const own = indentBody(body.text, bodyIndent(source.stub, entryPoint));
    const parts = borrowedParts([], source.others, { entryPoint, text: own });
    const value = [own, ...parts.map(({ text }) => text.trimEnd())].join('\n');
    return {
      extraction: { value, method: source.method, span: source.span, candidates: 1 },
      shape: 'body',
      core: null,
    };
  }

  /** Code that defines something else: run, so that what is missing is said by the interpreter. */
  #otherCode(): CodeReading | null {
    const isCode = ({ chunks }: Piece): boolean =>
      chunks.some(({ kind }) => kind === 'definition' || kind === 'import');
    const whole: Piece = {
      block: { start: 0, end: this.#text.length, isClosed: true },
      code: this.#text,
      chunks: splitPythonChunks(this.#text),
    };
    const isProgram = whole.chunks.every(({ kind }) => kind !== 'prose');
    const chosen = this.#pieces.findLast(isCode) ?? (isCode(whole) && isProgram ? whole : this.#pieces.at(-1));
    if (chosen === undefined || chosen.code.trim() === '') return null;
    return {
      extraction: {
        value: chosen.code,
        method: 'other-code',
        span: [chosen.block.start, chosen.block.end],
        candidates: this.#pieces.length,
      },
      shape: 'program',
      core: null,
    };
  }
}

/** Offset at which the head of a function stands in a source, decorators not counted; the length of the source when it has none. */
export function headOffset(source: string, name: string): number {
  for (const match of source.matchAll(/^(?:async[ \t]+)?def[ \t]+(\w+)/gm)) if (match[1] === name) return match.index;
  return source.length;
}

/** Indentation of the statements of a function: that of the first line behind its head, else four spaces. */
function bodyIndent(stub: string, name: string): string {
  const lines = stub.slice(headOffset(stub, name)).split('\n').slice(1);
  const first = lines.find((line) => /^[ \t]+\S/.test(line));
  return /^[ \t]+/.exec(first ?? '')?.[0] ?? '    ';
}

/** UTF-16 offset in a text with `\r\n`, by the offset in the same text with `\n`. */
function originalOffset(text: string, offset: number): number {
  let position = 0;
  for (let plain = 0; plain < offset && position < text.length; plain++) {
    position += text.charCodeAt(position) === 13 && text.charCodeAt(position + 1) === 10 ? 2 : 1;
  }
  return position;
}

/**
 * Takes the code out of an answer (thinking removed) by the first rule that finds some: the last complete block that defines the entry
 * point; a block left open that does; a block that goes on with the stub; a definition without fences; a body without fences; other code.
 * Helpers and imports from other pieces of the answer come along where they are mentioned. Total, and linear in the length.
 */
export function readCode(answer: string, question: CodeQuestion): CodeReading {
  const plain = answer.replaceAll('\u00a0', ' ');
  if (!plain.includes('\r')) return new Reader(plain, question).read();
  const reading = new Reader(plain.replaceAll(/\r\n?/g, '\n'), question).read();
  const { span } = reading.extraction;
  if (span === null) return reading;
  const original = [originalOffset(plain, span[0]), originalOffset(plain, span[1])] as const;
  return { ...reading, extraction: { ...reading.extraction, span: original } };
}
