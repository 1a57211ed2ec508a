import { closest } from '../core/closest.ts';
import { QwenEvalError } from '../core/errors.ts';
import {
  blockSums,
  formatBlockSums,
  formatLineDigests,
  lineDigest,
  parseBlockSums,
  parseLineDigests,
} from './block-sums.ts';

/** One generated block: its name and its lines, without the markers. */
export interface GeneratedBlock {
  readonly name: string;
  /** What stands above the block in a new document; the reader's afterwards. */
  readonly heading: string;
  readonly lines: readonly string[];
}

/** Text that stood inside a generated block and was written by hand: it was moved below the block. */
export interface MovedText {
  readonly block: string;
  /** Line of the document as it was, counted from 1. */
  readonly line: number;
  readonly text: string;
}

export interface MergedDocument {
  readonly text: string;
  readonly moved: readonly MovedText[];
  /** Boxes of a generated list that were ticked or unticked by hand: they were put back. */
  readonly ticked: readonly MovedText[];
}

/** A line of a document with its line ending. */
interface Line {
  readonly text: string;
  readonly ending: string;
}

/** A block as it stands in a document: indices of its marker lines. */
interface FoundBlock {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

const sumsName = 'sums';
const marker = /^\s*<!-- qwen-eval:(begin|end) ([a-z-]+) -->\s*$/;
const markerLike = /^\s*<!--\s*qwen-eval\s*:/i;

const beginMarker = (name: string): string => `<!-- qwen-eval:begin ${name} -->`;
const endMarker = (name: string): string => `<!-- qwen-eval:end ${name} -->`;

/**
 * Puts generated blocks into a document: what stands between the markers of a block is replaced, all other text is kept byte for byte, a
 * block that is missing is put under its heading, else after the one before it. Hand-written lines inside a block are moved below it and named. Without a document
 * a new one is made. Throws E_TRACKER_MARKERS naming the line of a marker that is broken, doubled, unknown or in the wrong place.
 */
export function mergeBlocks(document: string | null, blocks: readonly GeneratedBlock[]): MergedDocument {
  if (document === null || document.trim() === '') return { text: newDocument(blocks), moved: [], ticked: [] };
  const lines = splitLines(document);
  const names = [...blocks.map((block) => block.name), sumsName];
  const found = findBlocks(lines, names);
  const written = writtenOf(lines, found.get(sumsName));
  const moved: MovedText[] = [];
  const ticked: MovedText[] = [];
  const replacement = new Map<string, readonly string[]>();
  for (const block of blocks) {
    replacement.set(block.name, block.lines);
    const place = found.get(block.name);
    if (!place) continue;
    const foreign = foreignLines(block, { place, lines, written });
    for (const text of foreign) (isTicked(text.text, { block, written }) ? ticked : moved).push(text);
  }
  const sumsLines = sumsLinesOf(blocks);
  replacement.set(sumsName, sumsLines);
  const sumsPlace = found.get(sumsName);
  if (sumsPlace) moved.push(...foreignSumLines(sumsPlace, lines));
  const insertions = missingBlocks([...blocks, { name: sumsName, heading: '', lines: sumsLines }], { found, lines });
  return { text: rewrite({ lines, found, replacement, insertions, moved }), moved, ticked };
}

const sumsLinesOf = (blocks: readonly GeneratedBlock[]): readonly string[] => [
  formatBlockSums(blockSums(blocks)),
  ...formatLineDigests(blocks),
];

function newDocument(blocks: readonly GeneratedBlock[]): string {
  const parts = blocks.flatMap(({ name, heading, lines }) => [
    ...(heading === '' ? [] : [heading, '']),
    beginMarker(name),
    ...lines,
    endMarker(name),
    '',
  ]);
  const sums = [beginMarker(sumsName), ...sumsLinesOf(blocks), endMarker(sumsName)];
  return `${[...parts, ...sums].join('\n')}\n`;
}

function splitLines(text: string): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  while (start < text.length) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const isCarried = feed > start && text[feed - 1] === '\r';
    lines.push({
      text: text.slice(start, isCarried ? end - 1 : end),
      ending: feed < 0 ? '' : isCarried ? '\r\n' : '\n',
    });
    start = feed < 0 ? text.length : feed + 1;
  }
  return lines;
}

function broken(line: number, message: string): QwenEvalError {
  return new QwenEvalError('E_TRACKER_MARKERS', `line ${line + 1} of the tracker: ${message}`, {
    hint: 'mend that line by hand, or delete the block with both its markers: it is generated again; nothing was written',
    details: { line: line + 1 },
  });
}

function findBlocks(lines: readonly Line[], names: readonly string[]): ReadonlyMap<string, FoundBlock> {
  const found = new Map<string, FoundBlock>();
  let open: { readonly name: string; readonly begin: number } | null = null;
  for (const [index, { text }] of lines.entries()) {
    const match = marker.exec(text);
    if (!match) {
      if (markerLike.test(text)) throw broken(index, `this is no marker of a generated block: ${text.trim()}`);
      continue;
    }
    const [, kind = '', name = ''] = match;
    if (kind === 'begin') {
      if (open)
        throw broken(index, `block ${name} begins before block ${open.name} of line ${open.begin + 1} has ended`);
      if (!names.includes(name)) throw broken(index, unknownBlock(name, names));
      const earlier = found.get(name);
      if (earlier) throw broken(index, `block ${name} stands already in line ${earlier.begin + 1}`);
      open = { name, begin: index };
    } else {
      if (!open) throw broken(index, `block ${name} ends here and has not begun`);
      if (open.name !== name)
        throw broken(index, `block ${name} ends here, but block ${open.name} of line ${open.begin + 1} is open`);
      found.set(name, { ...open, end: index });
      open = null;
    }
  }
  if (open) throw broken(open.begin, `block ${open.name} begins here and never ends`);
  return found;
}

function unknownBlock(name: string, names: readonly string[]): string {
  const suggestion = closest(name, names);
  return `there is no generated block ${name}${suggestion ? `, did you mean ${suggestion}?` : ''}`;
}

const between = (lines: readonly Line[], { begin, end }: FoundBlock): readonly string[] =>
  lines.slice(begin + 1, end).map((line) => line.text);

/** What a document says of its blocks as they were written. */
interface WrittenBlocks {
  readonly sums: ReadonlyMap<string, string>;
  readonly digests: ReadonlyMap<string, ReadonlySet<string>>;
}

function writtenOf(lines: readonly Line[], place: FoundBlock | undefined): WrittenBlocks {
  const own = place ? between(lines, place) : [];
  return { sums: parseBlockSums(own), digests: parseLineDigests(own) };
}

const box = /^(\s*- \[)[ xX](\] )/;
const isBox = (text: string): boolean => box.test(text);
const withoutTick = (text: string): string => text.replace(box, '$1 $2');
const withTick = (text: string): string => text.replace(box, '$1x$2');

/** True for a box of the block, as it was written or as it is now, whatever stands in it. */
function isTicked(
  text: string,
  { block, written }: { readonly block: GeneratedBlock; readonly written: WrittenBlocks },
): boolean {
  if (!isBox(text)) return false;
  const digests = written.digests.get(block.name);
  return (
    block.lines.some((line) => withoutTick(line) === withoutTick(text)) ||
    [withoutTick(text), withTick(text)].some((one) => digests?.has(lineDigest(one)) ?? false)
  );
}

/** Lines of a block that was edited since it was written: those that were not written then and are not in its new form either. */
function foreignLines(
  block: GeneratedBlock,
  context: { readonly place: FoundBlock; readonly lines: readonly Line[]; readonly written: WrittenBlocks },
): readonly MovedText[] {
  const { place, lines, written } = context;
  const old = between(lines, place);
  const sum = written.sums.get(block.name);
  const digests = written.digests.get(block.name);
  // Without a sum nobody can tell: the block is taken as it was generated.
  if (sum === undefined || blockSums([{ name: block.name, lines: old }]).get(block.name) === sum) return [];
  const generated = new Set(block.lines);
  return old.flatMap((text, index) =>
    text.trim() === '' || generated.has(text) || digests?.has(lineDigest(text)) === true
      ? []
      : [{ block: block.name, line: place.begin + index + 2, text }],
  );
}

function foreignSumLines(place: FoundBlock, lines: readonly Line[]): readonly MovedText[] {
  return between(lines, place).flatMap((text, index) =>
    text.trim() === '' || parseBlockSums([text]).size > 0 || parseLineDigests([text]).size > 0
      ? []
      : [{ block: sumsName, line: place.begin + index + 2, text }],
  );
}

interface Insertion {
  readonly block: GeneratedBlock;
  /** Index of its heading, where that stands in the document already: the block is put below it. */
  readonly headingAt: number | null;
  /** Block after whose end marker it is put; null puts it at the end of the document. */
  readonly after: string | null;
}

function missingBlocks(
  blocks: readonly GeneratedBlock[],
  { found, lines }: { readonly found: ReadonlyMap<string, FoundBlock>; readonly lines: readonly Line[] },
): readonly Insertion[] {
  let after: string | null = null;
  const insertions: Insertion[] = [];
  const places = [...found.values()];
  for (const block of blocks) {
    if (found.has(block.name)) {
      after = block.name;
      continue;
    }
    const at = lines.findIndex(
      ({ text }, index) =>
        block.heading !== '' &&
        text.trim() === block.heading &&
        !places.some(({ begin, end }) => begin < index && index < end),
    );
    insertions.push(at < 0 ? { block, after, headingAt: null } : { block, after: null, headingAt: at });
  }
  return insertions;
}

interface Rewriting {
  readonly lines: readonly Line[];
  readonly found: ReadonlyMap<string, FoundBlock>;
  readonly replacement: ReadonlyMap<string, readonly string[]>;
  readonly insertions: readonly Insertion[];
  readonly moved: readonly MovedText[];
}

function rewrite({ lines, found, replacement, insertions, moved }: Rewriting): string {
  const begins = new Map([...found.values()].map((place) => [place.begin, place]));
  const parts: string[] = [];
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? { text: '', ending: '' };
    const place = begins.get(index);
    if (!place) {
      parts.push(line.text, line.ending);
      const below = insertions.filter(({ headingAt }) => headingAt === index);
      if (below.length > 0 && line.ending === '') parts.push('\n');
      for (const { block } of below)
        parts.push(...blockOf(blockLines({ ...block, heading: '' }), line.ending === '' ? '\n' : line.ending));
      index += 1;
      continue;
    }
    const ending = line.ending === '' ? '\n' : line.ending;
    const end = lines[place.end] ?? line;
    const foreign = moved.filter((text) => text.block === place.name).map(({ text }) => text);
    const inserted = insertions.filter(({ after }) => after === place.name);
    parts.push(line.text, line.ending);
    for (const text of replacement.get(place.name) ?? []) parts.push(text, ending);
    parts.push(end.text, end.ending === '' && foreign.length + inserted.length > 0 ? ending : end.ending);
    if (foreign.length > 0) parts.push(...blockOf(['', ...foreign], ending));
    for (const { block } of inserted) parts.push(...blockOf(blockLines(block), ending));
    index = place.end + 1;
  }
  return `${parts.join('')}${atEnd(lines, insertions)}`;
}

const blockOf = (lines: readonly string[], ending: string): readonly string[] =>
  lines.map((text) => `${text}${ending}`);

const blockLines = ({ name, heading, lines }: GeneratedBlock): readonly string[] => [
  '',
  ...(heading === '' ? [] : [heading, '']),
  beginMarker(name),
  ...lines,
  endMarker(name),
];

/** Blocks that follow no block of the document. */
function atEnd(lines: readonly Line[], insertions: readonly Insertion[]): string {
  const last = insertions.filter(({ after, headingAt }) => after === null && headingAt === null);
  if (last.length === 0) return '';
  const ending = lines.find((line) => line.ending !== '')?.ending ?? '\n';
  const gap = lines.at(-1)?.ending === '' ? ending : '';
  return `${gap}${last.flatMap(({ block }) => blockOf(blockLines(block), ending)).join('')}`;
}
