/** A stretch of a text that was set off as code. */
export interface FencedBlock {
  /** First word of what stands behind the opening fence, in lower case: `python`, `py`, `` … */
  readonly tag: string;
  /** Lines between the fences, the indentation of the fence taken off. */
  readonly content: string;
  /** UTF-16 offsets of the lines between the fences. */
  readonly start: number;
  readonly end: number;
  /** False when the text ended, or another block opened, before it was closed. */
  readonly isClosed: boolean;
}

interface OpenBlock {
  readonly tag: string;
  readonly indent: number;
  /** What closes it: a run of one character of at least this length, or a marker line. */
  readonly fence: { readonly mark: string; readonly length: number } | { readonly marker: string };
  readonly start: number;
  readonly lines: string[];
  /** The triple quote inside which its last line ended; null outside of strings. */
  quote: string | null;
}

/** Lines that set code off in the prompts of some benchmarks, with the line that ends it. */
const markers: ReadonlyMap<string, string> = new Map([
  ['[BEGIN]', '[DONE]'],
  ['[PYTHON]', '[/PYTHON]'],
]);

/** A fence at the start of a line, behind list marks and white space, or behind a sentence at its end. */
const opening = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})[ \t]*([^`\n]*)$/;
const trailing = /(`{3,})[ \t]*([A-Za-z][\w+#.-]{0,30})?[ \t]*$/;
const closing = /^[ \t]*(`{3,}|~{3,})[ \t]*$/;
/** A whole block on one line. */
const oneLine = /^[ \t]*```(?:(?:python|py)[ \t])?([^`\n]+)```[ \t]*$/;
const longestFenceLine = 200;

const indentOf = (line: string): number => {
  let width = 0;
  while (line.charCodeAt(width) === 32 || line.charCodeAt(width) === 9) width++;
  return width;
};

const withoutIndent = (line: string, indent: number): string => line.slice(Math.min(indent, indentOf(line)));

/** The triple quote that is open behind a line, by the one open before it; other quotes end with their line. */
export function openQuoteAfter(line: string, before: string | null): string | null {
  let open = before;
  for (let index = 0; index < line.length; index++) {
    const character = line.charAt(index);
    if (character === '\\') index++;
    else if (open !== null) {
      if (line.startsWith(open, index)) {
        index += 2;
        open = null;
      }
    } else if (character === '#') return null;
    else if (character === '"' || character === "'") {
      const triple = character.repeat(3);
      if (line.startsWith(triple, index)) {
        index += 2;
        open = triple;
      } else index = endOfString(line, index, character);
    }
  }
  return open;
}

function endOfString(line: string, start: number, quote: string): number {
  for (let index = start + 1; index < line.length; index++) {
    if (line[index] === '\\') index++;
    else if (line[index] === quote) return index;
  }
  return line.length;
}

function openedBy(line: string, next: number): OpenBlock | null {
  const marker = markers.get(line.trim());
  if (marker !== undefined) return { tag: '', indent: 0, fence: { marker }, start: next, lines: [], quote: null };
  if (line.length > longestFenceLine && !opening.test(line.slice(0, longestFenceLine))) {
    const tail = trailing.exec(line.slice(-longestFenceLine));
    return tail === null ? null : blockOf(tail, 0, next);
  }
  const match = opening.exec(line);
  if (match !== null) return blockOf(match, indentOf(line), next);
  const tail = trailing.exec(line);
  // A sentence may end in an opening fence; one that holds a closed pair already opens nothing.
  return tail === null || line.slice(0, tail.index).includes('```') ? null : blockOf(tail, 0, next);
}

function blockOf(match: RegExpExecArray, indent: number, start: number): OpenBlock {
  const [, marks = '```', info = ''] = match;
  const tag = /[\w+#-]*/.exec(info.replace(/^[\s{.]+/, '')) as RegExpExecArray;
  return {
    tag: tag[0].toLowerCase(),
    indent,
    fence: { mark: marks.charAt(0), length: marks.length },
    start,
    lines: [],
    quote: null,
  };
}

/** Where a line closes a block: the part of the line that still belongs to it (null for none of it); undefined when it does not. */
function closedBy(line: string, { fence }: OpenBlock): string | null | undefined {
  if ('marker' in fence) return line.trim() === fence.marker ? null : undefined;
  const marks = line.length > longestFenceLine ? null : closing.exec(line)?.[1];
  if (marks?.startsWith(fence.mark)) return marks.length >= fence.length ? null : undefined;
  const tail = fence.mark.repeat(fence.length);
  const end = line.trimEnd();
  return end.endsWith(tail) ? end.slice(0, -tail.length) : undefined;
}

/**
 * Blocks of code in the order in which they open: fences of three or more backticks or tildes with any tag or none, at the start of a line
 * or behind a sentence, closed by a line of their own or behind the code; `[BEGIN]` to `[DONE]`, `[PYTHON]` to `[/PYTHON]`. A fence with a
 * tag opens a new block also inside another. A fence inside a triple-quoted string is text. Linear in the length.
 */
export function findFencedBlocks(text: string): readonly FencedBlock[] {
  if (!text.includes('```') && !text.includes('~~~') && !/\[(?:BEGIN|PYTHON)\]/.test(text)) return [];
  const careful = scan(text, true);
  // A string that never ends has swallowed the fences behind it: then they count wherever they stand.
  return careful.endsInString ? scan(text, false).blocks : careful.blocks;
}

function scan(text: string, mindStrings: boolean): { blocks: readonly FencedBlock[]; endsInString: boolean } {
  const blocks: FencedBlock[] = [];
  let block: OpenBlock | null = null;
  const close = (open: OpenBlock, end: number, isClosed: boolean): void => {
    blocks.push({ tag: open.tag, content: open.lines.join('\n'), start: open.start, end, isClosed });
  };
  for (let start = 0; start <= text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const next = end + 1;
    const line = text.slice(start, end);
    const whole: RegExpExecArray | null = block === null && line.length <= longestFenceLine ? oneLine.exec(line) : null;
    if (whole !== null) blocks.push({ tag: '', content: (whole[1] as string).trim(), start, end, isClosed: true });
    else if (block === null) block = openedBy(line, Math.min(next, text.length));
    else {
      const isText: boolean = mindStrings && block.quote !== null;
      const rest: string | null | undefined = isText ? undefined : closedBy(line, block);
      const inner: OpenBlock | null = isText || rest !== undefined ? null : reopenedBy(line, next);
      if (rest !== undefined) {
        if (rest !== null) block.lines.push(withoutIndent(rest, block.indent));
        close(block, rest === null ? start : start + rest.length, true);
        block = null;
      } else if (inner !== null) {
        close(block, start, false);
        block = inner;
      } else {
        block.lines.push(withoutIndent(line, block.indent));
        if (mindStrings) block.quote = openQuoteAfter(line, block.quote);
      }
    }
    start = next;
  }
  if (block === null) return { blocks, endsInString: false };
  close(block, text.length, false);
  return { blocks, endsInString: mindStrings && block.quote !== null };
}

/** A fence with a tag on a line of its own: it opens a block even where one is open. */
function reopenedBy(line: string, next: number): OpenBlock | null {
  if (line.length > longestFenceLine) return null;
  const match = opening.exec(line);
  return match === null || !/^[\w+#.{-]+\s*$/.test(match[2] as string) ? null : blockOf(match, indentOf(line), next);
}
