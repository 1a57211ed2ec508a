import { openQuoteAfter } from './fenced-blocks.ts';

/**
 * What a stretch of top-level Python is: `prose` is no Python at all, `comment` holds nothing to run, `trial` tries the program out or is
 * its main part (prints, assertions, reads of the input, `if __name__ == …`), `statement` is other code that runs at once.
 */
export type ChunkKind = 'import' | 'definition' | 'assignment' | 'statement' | 'trial' | 'comment' | 'prose';

/** One top-level statement with the lines that belong to it. */
export interface PythonChunk {
  readonly kind: ChunkKind;
  /** Names it binds. */
  readonly names: readonly string[];
  readonly text: string;
  /** UTF-16 offsets in the source. */
  readonly start: number;
  readonly end: number;
}

const definition = /^(?:(?:async[ \t]+)?def[ \t]+([^\W\d]\w*)[ \t]*[([]|class[ \t]+([^\W\d]\w*)[ \t]*[(:[])/u;
/** The name that a line defines as a function or a class; null when it defines none. */
function definedName(line: string): string | null {
  const match = definition.exec(line);
  return match === null ? null : ((match[1] ?? match[2]) as string);
}
const importLine =
  /^import[ \t]+[\w.]+(?:[ \t]+as[ \t]+\w+)?(?:[ \t]*,[ \t]*[\w.]+(?:[ \t]+as[ \t]+\w+)?)*[ \t]*(?:[#;].*)?$/u;
const fromLine = /^from[ \t]+[.\w]+[ \t]+import[ \t]+(?:\(|\*|\w+)/u;
const assignment = /^([^\W\d]\w*)[ \t]*(?::[^=:]{1,200})?(?:[-+*/%&|^@]|\/\/|\*\*|<<|>>)?=(?!=)/u;
const unpacking = /^\(?([^\W\d]\w*(?:[ \t]*,[ \t]*\*?[^\W\d]\w*){1,20})\)?[ \t]*=(?!=)/u;
const compound =
  /^(?:if|for|while|try|with|match|async[ \t]+(?:for|with))\b(?=[ \t(:]).*:[ \t]*(?:#.*)?$|^(?:if|for|while|with)[ \t(].*:[ \t]*\S/u;
const branch = /^(?:else|elif|except|finally|case)\b.*:/u;
const simple =
  /^(?:pass|del[ \t]|raise\b|global[ \t]|nonlocal[ \t]|return\b|yield\b|continue\b|break\b|await[ \t])|^[^\W\d][\w.]*(?:\[[^\]\n]{0,200}\][\w.]*)?[ \t]*(?:\(|\[.*\][ \t]*[-+*/%&|^]?=)|^(?:'''|""")|^(?:'[^'\n]*'|"[^"\n]*")[ \t]*$/u;
const mainGuard = /^if[ \t]*\(?[ \t]*__name__\b/;
const trialLine =
  /^(?:print[ \t]*\(|assert\b|unittest\.|doctest\.|pytest\.|main[ \t]*\(|test\w*[ \t]*\(|run_\w+[ \t]*\(|(?:sys\.)?exit[ \t]*\(|quit[ \t]*\(|>>> )/u;
const readsInput = /\binput[ \t]*\(|\bsys[ \t]*\.[ \t]*(?:stdin|argv)\b/;
/** A line that reads as English rather than as code. */
const sentence = /^[A-Z][a-z']*(?: [\w',-]+){2,}[.:!?]?$/;

/** Names that an import binds: the last words of its parts. */
const importedNames = (text: string): readonly string[] =>
  text
    .replace(/#.*/g, '')
    .replace(/^from[^\n]*?\bimport\b|^import\b/, '')
    .split(/[,;()\n\\]/)
    .flatMap((part) => /(\w+)[ \t]*$/.exec(part.trim())?.[1] ?? []);

interface Head {
  readonly kind: ChunkKind;
  readonly names: readonly string[];
}

const head = (kind: ChunkKind, ...names: readonly string[]): Head => ({ kind, names });

/** What the first line of a chunk says that it is. */
function headOf(line: string): Head {
  if (line.startsWith('#')) return head('comment');
  const defined = definedName(line);
  if (defined !== null) return head('definition', defined);
  if (line.startsWith('@')) return head(/^@[^\W\d][\w.]*/u.test(line) ? 'definition' : 'prose');
  if (importLine.test(line) || fromLine.test(line)) return head('import');
  if (mainGuard.test(line) || trialLine.test(line)) return head('trial');
  const bound = assignment.exec(line);
  if (bound !== null) return head('assignment', bound[1] as string);
  const unpacked = unpacking.exec(line);
  if (unpacked !== null) return head('assignment', ...(unpacked[1] as string).split(',').map((part) => part.trim()));
  if (sentence.test(line)) return head('prose');
  return head(compound.test(line) || simple.test(line) ? 'statement' : 'prose');
}

/** Characters of a line that are looked at to tell what it is; a longer line is data. */
const longestHead = 2000;

/** Bracket depth behind a line, by the depth before it; strings and comments do not count. */
export function depthAfter(line: string, before: number): number {
  let depth = before;
  for (let index = 0; index < line.length; index++) {
    const character = line.charCodeAt(index);
    if (character === 35) return depth;
    if (character === 34 || character === 39) {
      const quote = line.charAt(index);
      for (index++; index < line.length && line[index] !== quote; index++) if (line[index] === '\\') index++;
    } else if (character === 40 || character === 91 || character === 123) depth++;
    else if ((character === 41 || character === 93 || character === 125) && depth > 0) depth--;
  }
  return depth;
}

const closesBracket = /^[)\]}]/;
/** A line that cannot stand inside brackets: what came before it is broken off. */
const freshStart = /^(?:(?:async[ \t]+)?def[ \t]|class[ \t]|import[ \t]|from[ \t]|@)/;

/** Kinds of chunks that have indented lines. */
const holdsLines: ReadonlySet<ChunkKind> = new Set(['definition', 'statement', 'trial']);

class ChunkBuilder {
  readonly chunks: PythonChunk[] = [];
  readonly #source: string;
  #head: Head | null = null;
  #start = 0;
  #isDecorated = false;
  /** Place of the last chunk that is no comment; -1 when there is none. */
  #lastCode = -1;

  constructor(source: string) {
    this.#source = source;
  }

  /** True when a line at the left margin goes on with the open chunk: a branch of it, or what its decorator decorates. */
  goesOn(line: string): boolean {
    if (this.#head === null) return false;
    if (this.#isDecorated) return line.startsWith('@') || line.startsWith('#') || definition.test(line);
    return branch.test(line) && (this.#head.kind === 'statement' || this.#head.kind === 'trial');
  }

  /** Takes a comment at the margin into the chunk before it when the line below it is indented code: it stands inside a function. */
  rejoins(line: string): boolean {
    const before = this.chunks[this.#lastCode];
    if (this.#head?.kind !== 'comment' || before === undefined || !holdsLines.has(before.kind)) return false;
    const { kind } = headOf(line.trimStart().slice(0, longestHead));
    if (kind === 'prose' || kind === 'comment' || /^\s*>>>/.test(line)) return false;
    this.chunks.length = this.#lastCode;
    this.#lastCode = -1;
    this.#head = head(before.kind, ...before.names);
    this.#start = before.start;
    return true;
  }

  decorates(line: string): void {
    const defined = definedName(line);
    if (defined === null) return;
    this.#head = head('definition', defined);
    this.#isDecorated = false;
  }

  open(start: number, opened: Head, isDecorated: boolean): void {
    this.close(start);
    this.#head = opened;
    this.#start = start;
    this.#isDecorated = isDecorated;
  }

  close(end: number): void {
    if (this.#head === null) return;
    const text = this.#source.slice(this.#start, end);
    const { kind, names } = this.#head;
    const reads = (kind === 'assignment' || kind === 'statement') && readsInput.test(text);
    this.chunks.push({
      kind: reads ? 'trial' : kind,
      names: kind === 'import' ? importedNames(text) : names,
      text,
      start: this.#start,
      end,
    });
    if (kind !== 'comment') this.#lastCode = this.chunks.length - 1;
    this.#head = null;
  }
}

/**
 * Takes Python apart at the left margin, prose and all: a chunk begins with a line that is neither indented nor inside brackets or a
 * triple-quoted string. Total on any text and linear in its length; lines end in `\n`.
 */
export function splitPythonChunks(source: string): readonly PythonChunk[] {
  const builder = new ChunkBuilder(source);
  let quote: string | null = null;
  let depth = 0;
  let isProse = false;
  let isBelowComment = false;
  for (let start = 0; start < source.length;) {
    const newline = source.indexOf('\n', start);
    const end = newline < 0 ? source.length : newline;
    const line = source.slice(start, end);
    const isMargin = quote === null && /^\S/.test(line);
    if (isMargin && depth > 0 && freshStart.test(line)) depth = 0;
    if (isMargin && depth === 0 && !closesBracket.test(line)) {
      if (builder.goesOn(line)) {
        builder.decorates(line);
        isProse = false;
      } else {
        const opened = headOf(line.slice(0, longestHead));
        builder.open(start, opened, line.startsWith('@') && opened.kind === 'definition');
        isProse = opened.kind === 'prose' || opened.kind === 'comment';
      }
    }
    if (isBelowComment && !isMargin && builder.rejoins(line)) isProse = false;
    isBelowComment = isMargin && isProse;
    start = end + 1;
    // Brackets and quotes of a sentence need not close.
    if (isProse) continue;
    const before: string | null = quote;
    quote = openQuoteAfter(line, quote);
    // A line that ends or goes on with a string is left to the string; its brackets are few and mostly inside it.
    if (before === null && quote === null) depth = depthAfter(line, depth);
  }
  builder.close(source.length);
  return builder.chunks;
}

const identifier = /[^\W\d]\w*/gu;

/** Every identifier that a piece of Python mentions, those in strings and comments too. */
export const mentionedNames = (text: string): ReadonlySet<string> => new Set(text.match(identifier));
