import { openQuoteAfter } from './fenced-blocks.ts';
import { depthAfter, splitPythonChunks } from './python-chunks.ts';

/** The statements of a function without its head, with what follows them. */
export interface CodeBody {
  /** The statements, the outermost ones at the left margin. */
  readonly text: string;
  /** UTF-16 offsets of the lines taken. */
  readonly start: number;
  readonly end: number;
}

const leadingSpace = (line: string): string => (/^[ \t]*/.exec(line) as RegExpExecArray)[0];
const isBlank = (line: string): boolean => line.trim() === '';
const opensBlock = (line: string): boolean => /:[ \t]*(?:#.*)?$/.test(line.slice(-500));
const returns = /^[ \t]*(?:return|yield)\b/m;

interface Lines {
  readonly lines: readonly string[];
  /** Offset of the first of them. */
  readonly start: number;
}

/** Lines from the first that is not blank up to the next at the left margin; strings over several lines hold no margin. */
function firstStretch(text: string): Lines {
  const lines: string[] = [];
  let quote: string | null = null;
  let first = -1;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end);
    if (first < 0 && !isBlank(line)) first = start;
    if (first >= 0) {
      if (lines.length > 0 && quote === null && /^\S/.test(line)) break;
      lines.push(line);
      quote = openQuoteAfter(line, quote);
    }
    start = end + 1;
  }
  return { lines, start: Math.max(0, first) };
}

/** Moves lines from one indentation to another; what stands inside a string over several lines stays. */
function moved(lines: readonly string[], from: string, to: string): readonly string[] {
  let quote: string | null = null;
  return lines.map((line) => {
    const isText = quote !== null;
    quote = openQuoteAfter(line, quote);
    if (isText) return line;
    if (isBlank(line)) return '';
    return to + (line.startsWith(from) ? line.slice(from.length) : line.trimStart());
  });
}

/** Gives every line of a body the indentation of the function it belongs to. */
export const indentBody = (body: string, indent: string): string => moved(body.split('\n'), '', indent).join('\n');

const isCode = (line: string): boolean => {
  const [chunk] = splitPythonChunks(line.trim());
  return chunk !== undefined && chunk.kind !== 'prose';
};

const takenTo = ({ lines, start }: Lines, text: readonly string[]): CodeBody => ({
  text: text.join('\n').trimEnd(),
  start,
  end: start + lines.reduce((sum, line) => sum + line.length + 1, 0) - 1,
});

/**
 * A body whose first line lost its indentation, because the server or the model cut white space off the front: lines that cannot be nested
 * in the first stand deeper than it. Null when the lines are right as they stand.
 */
function withStrippedHead(stretch: Lines): CodeBody | null {
  const [head = '', ...rest] = stretch.lines;
  if (!returns.test(rest.join('\n'))) return null;
  const indents = rest.filter((line) => !isBlank(line)).map(leadingSpace);
  const [next, least] = [indents[0], indents.toSorted((a, b) => a.length - b.length)[0]] as [string, string];
  // Deeper lines alone belong to a head that opens a block; a line less deep than the next one stands beside the head.
  const isNested = least.length === next.length;
  if (isNested && (opensBlock(head) || depthAfter(head, 0) > 0)) return null;
  return takenTo(stretch, [head, ...moved(rest, least, '')]);
}

/** Code at the left margin with a `return` outside any function: only a body can be meant. */
function atMargin(text: string): CodeBody | null {
  const chunks = splitPythonChunks(text);
  const stop = chunks.findIndex(({ kind }) => kind === 'prose');
  const taken = stop < 0 ? chunks : chunks.slice(0, stop);
  const [first, last] = [taken[0], taken.at(-1)];
  const isBody = taken.some(({ kind, text: part }) => (kind === 'statement' || kind === 'trial') && returns.test(part));
  if (first === undefined || last === undefined || !isBody) return null;
  return { text: text.slice(first.start, last.end).trimEnd(), start: first.start, end: last.end };
}

/**
 * The body of a function at the head of a text, as it comes from a model that goes on with a given head: indented by any width, at the left
 * margin, or with the first line's indentation lost; null when the text begins with something else. Linear in the length.
 */
export function findCodeBody(text: string): CodeBody | null {
  const stretch = firstStretch(text);
  const [head = ''] = stretch.lines;
  if (head === '' || !isCode(head)) return null;
  const indent = leadingSpace(head);
  if (indent !== '') return takenTo(stretch, moved(stretch.lines, indent, ''));
  return withStrippedHead(stretch) ?? atMargin(text);
}
