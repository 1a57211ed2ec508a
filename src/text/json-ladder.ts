import { canonicalJson } from '../core/canonical-json.ts';
import type { Json } from '../core/json.ts';
import { isStrictJson, readJson, type JsonIssue, type JsonRead } from './json-reader.ts';

/** How much help a text needs to be read as JSON; each rung includes those before it. */
export type JsonRung = 'strict' | 'fenced' | 'extractable' | 'repairable';

/** The lowest rung on which a text can be read, and what is wrong with it. */
export interface JsonLadder {
  /** Null when no rung holds. */
  readonly rung: JsonRung | null;
  /** Undefined when no rung holds. */
  readonly value: Json | undefined;
  /** UTF-16 offsets [start, end) of the value in the text; null when no rung holds. */
  readonly span: readonly [number, number] | null;
  /** Why the text is not on the strict rung, the decisive one first; empty when it is. */
  readonly issues: readonly JsonIssue[];
}

interface Region {
  readonly start: number;
  readonly end: number;
}

interface Placed {
  readonly read: JsonRead;
  readonly start: number;
}

/** The text read in three ways; null where it cannot be. */
interface Views {
  readonly direct: Placed | null;
  readonly fenced: Placed | null;
  /** Everything that begins like an object, unreadable ones included. */
  readonly objects: readonly Placed[];
}

function trimmed(text: string, region: Region): Region {
  let { start, end } = region;
  while (start < end && /\s/.test(text.charAt(start))) start++;
  while (end > start && /\s/.test(text.charAt(end - 1))) end--;
  return { start, end };
}

/** The body of a text that is one fenced block and nothing else; null when it is not. */
function fencedBody(text: string, whole: Region): Region | null {
  if (whole.end - whole.start < 6 || !text.startsWith('```', whole.start)) return null;
  const close = text.indexOf('```', whole.start + 3);
  if (close !== whole.end - 3) return null;
  let start = whole.start + 3;
  while (start < close && /[\w+-]/.test(text.charAt(start))) start++;
  return trimmed(text, { start, end: close });
}

const likeObject = /\{\s*(?:["']|[A-Za-z_$][\w$-]*\s*:)/y;

/** Where a malformed object ends: after its own closing bracket, or with the region. A brace that begins no object ends where reading failed. */
function endOfFailed(text: string, failed: Placed, region: Region): number {
  likeObject.lastIndex = failed.start;
  if (!likeObject.test(text)) return Math.max(failed.read.end, failed.start + 1);
  let depth = 0;
  for (let position = failed.start; position < region.end; position++) {
    const character = text[position];
    if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return position + 1;
    else if (character === '"') {
      position++;
      while (position < region.end && text[position] !== '"') position += text[position] === '\\' ? 2 : 1;
    }
  }
  return region.end;
}

/** Everything at the top level that begins like an object; what stands inside a failed one is no answer, which also keeps this linear. */
function objectsIn(text: string, region: Region): Placed[] {
  const found: Placed[] = [];
  let start = text.indexOf('{', region.start);
  while (start >= 0 && start < region.end) {
    const placed: Placed = { read: readJson(text, start, { limit: region.end }), start };
    found.push(placed);
    const end = placed.read.fatal === null ? placed.read.end : endOfFailed(text, placed, region);
    start = text.indexOf('{', end);
  }
  return found;
}

/** The single object that all candidates agree on; null when there is none or they differ. */
function agreedObject(candidates: readonly Placed[]): Placed | null {
  const [first, ...others] = candidates;
  if (first === undefined) return null;
  const text = canonicalJson(first.read.value);
  return others.every(({ read }) => canonicalJson(read.value) === text) ? first : null;
}

/** Unwraps a string that holds a whole object or array, once. */
function unwrapped(read: JsonRead, offset: number): JsonRead | null {
  if (typeof read.value !== 'string') return null;
  const inner = readJson(read.value);
  const isWhole = inner.fatal === null && read.value.slice(inner.end).trim() === '';
  if (!isWhole || typeof inner.value !== 'object' || inner.value === null) return null;
  return { ...inner, end: read.end, mended: [{ code: 'double_encoded', offset }] };
}

/** A value that fills its region, strictly or mended; null when it does not. */
function wholeValue(text: string, region: Region): Placed | null {
  const read = readJson(text, region.start, { limit: region.end });
  if (read.fatal !== null || trimmed(text, { start: read.end, end: region.end }).start < region.end) return null;
  return { read: unwrapped(read, region.start) ?? read, start: region.start };
}

const found = (rung: JsonRung, { read, start }: Placed, issues: readonly JsonIssue[]): JsonLadder => ({
  rung,
  value: read.value,
  span: [start, read.end],
  issues,
});

const readable = (objects: readonly Placed[]): readonly Placed[] => objects.filter(({ read }) => read.fatal === null);

/** The three rungs that need no repair. */
function readCleanly(whole: Region, { direct, fenced, objects }: Views): JsonLadder | null {
  if (direct !== null && isStrictJson(direct.read)) return found('strict', direct, []);
  if (fenced !== null && isStrictJson(fenced.read)) {
    return found('fenced', fenced, [{ code: 'fenced', offset: whole.start }]);
  }
  const clean = agreedObject(readable(objects).filter(({ read }) => isStrictJson(read)));
  if (clean === null || agreedObject(readable(objects)) === null) return null;
  const issue: JsonIssue =
    clean.start === whole.start
      ? { code: 'extra_data', offset: clean.read.end }
      : { code: 'prose_wrapped', offset: whole.start };
  return found('extractable', clean, [issue]);
}

/** The rung that needs repairs. */
function readMended(whole: Region, { direct, fenced, objects }: Views): JsonLadder | null {
  if (direct !== null) return found('repairable', direct, direct.read.mended);
  if (fenced !== null) {
    return found('repairable', fenced, [...fenced.read.mended, { code: 'fenced', offset: whole.start }]);
  }
  const only = agreedObject(readable(objects));
  if (only === null) return null;
  return found('repairable', only, [...only.read.mended, { code: 'prose_wrapped', offset: only.start }]);
}

/** Why nothing could be read: the fatal issue of the first thing that looks like an object. */
function reasonOf(text: string, whole: Region, { objects }: Views): JsonIssue {
  const clean = readable(objects);
  const [first] = clean;
  if (first !== undefined && clean.length > 1) return { code: 'extra_data', offset: first.read.end };
  const failed = objects.find(({ read }) => read.fatal !== null);
  const direct = readJson(text, whole.start, { limit: whole.end });
  return failed?.read.fatal ?? direct.fatal ?? { code: 'extra_data', offset: direct.end };
}

/**
 * Finds the lowest rung on which a response is JSON: `strict` (the whole text), `fenced` (inside one fence), `extractable` (one object
 * among prose), `repairable` (any of these after harmless repairs). Nothing is repaired in a text that was cut off (`isTruncated`).
 * Several different objects are no answer. Linear in the length of the text; never throws.
 */
export function climbJsonLadder(text: string, options: { readonly isTruncated?: boolean } = {}): JsonLadder {
  const whole = trimmed(text, { start: 0, end: text.length });
  if (whole.start === whole.end) return { rung: null, value: undefined, span: null, issues: [] };
  const body = fencedBody(text, whole);
  const views: Views = {
    direct: wholeValue(text, whole),
    fenced: body === null ? null : wholeValue(text, body),
    objects: objectsIn(text, whole),
  };
  const ladder = readCleanly(whole, views) ?? (options.isTruncated === true ? null : readMended(whole, views));
  return ladder ?? { rung: null, value: undefined, span: null, issues: [reasonOf(text, whole, views)] };
}
