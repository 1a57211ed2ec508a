import { mentionedNames, type PythonChunk } from './python-chunks.ts';

const binds = ({ kind }: PythonChunk): boolean => kind === 'definition' || kind === 'import' || kind === 'assignment';

/** True when a chunk binds a name, so that a program with it has it. */
export const definesName = (chunk: PythonChunk, name: string): boolean => binds(chunk) && chunk.names.includes(name);

const bindings = [
  /\b(\w+)[ \t]*(?::[^=\n]{0,100})?=(?!=)/g,
  /\bfor[ \t]+([\w, \t()]{1,200}?)[ \t]+in\b/g,
  /\b(?:def[ \t]+\w+[ \t]*\(|lambda\b)([^)\n]{0,500})/g,
];

/** Names that a program seems to bind somewhere inside: parameters, assignments, loops. */
const innerNames = (text: string): ReadonlySet<string> =>
  new Set(
    bindings
      .flatMap((pattern) => Array.from(text.matchAll(pattern), (match) => [...mentionedNames(match[1] as string)]))
      .flat(),
  );

/** The program that lacks parts. */
interface Borrower {
  readonly entryPoint: string;
  /** Text of it beside its chunks. */
  readonly text?: string;
}

/**
 * Definitions, imports and constants out of other pieces of an answer that a program mentions and lacks, in the order in which they stand
 * there; of several for one name the last. Never taken is what only tries the program out.
 */
export function borrowedParts(
  program: readonly PythonChunk[],
  others: readonly PythonChunk[],
  { entryPoint, text = '' }: Borrower,
): readonly PythonChunk[] {
  const byName = new Map<string, PythonChunk>();
  for (const chunk of others) if (binds(chunk)) for (const name of chunk.names) byName.set(name, chunk);
  if (byName.size === 0) return [];
  const whole = `${program.map((chunk) => chunk.text).join('\n')}\n${text}`;
  const bound = new Set([entryPoint, ...program.filter(binds).flatMap(({ names }) => names)]);
  const inner = innerNames(whole);
  const taken = new Set<PythonChunk>();
  const wanted = [...mentionedNames(whole)].filter((name) => byName.has(name) && !bound.has(name));
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const chunk = byName.get(name);
    if (chunk === undefined || taken.has(chunk)) continue;
    const mentioned = mentionedNames(chunk.text);
    // A name of the function's own, or the result of a call of it, is no constant that it lacks.
    if (chunk.kind === 'assignment' && (inner.has(name) || mentioned.has(entryPoint))) continue;
    taken.add(chunk);
    for (const next of mentioned) if (byName.has(next) && !bound.has(next)) wanted.push(next);
  }
  return others.filter((chunk) => taken.has(chunk));
}

const isClass = (chunk: PythonChunk): boolean => chunk.kind === 'definition' && /^class[ \t]/m.test(chunk.text);

/** Definitions and constants that a name needs, those needed by others among them too. */
function neededFor(
  names: readonly string[],
  definers: ReadonlyMap<string, readonly PythonChunk[]>,
  entryPoint: string,
): ReadonlySet<PythonChunk> {
  const needed = new Set<PythonChunk>();
  const wanted = [...names];
  const seen = new Set<string>(wanted);
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    for (const chunk of definers.get(name) ?? []) {
      // An assignment that calls the entry point is a trial under a name that the function may use for something else.
      const isTrial = chunk.kind === 'assignment' && name !== entryPoint && mentionedNames(chunk.text).has(entryPoint);
      if (isTrial || needed.has(chunk)) continue;
      needed.add(chunk);
      for (const next of mentionedNames(chunk.text)) {
        if (!seen.has(next) && definers.has(next)) wanted.push(next);
        seen.add(next);
      }
    }
  }
  return needed;
}

/**
 * A program without what only tries it out: all imports and definitions, as tests may use more than the entry point; what that and classes
 * need by name; and statements that work on what the entry point needs. Null when nothing would be left out.
 */
export function coreOf(chunks: readonly PythonChunk[], entryPoint: string): string | null {
  const definers = new Map<string, PythonChunk[]>();
  for (const chunk of chunks) {
    if (!binds(chunk)) continue;
    for (const name of chunk.names) {
      const known = definers.get(name);
      if (known) known.push(chunk);
      else definers.set(name, [chunk]);
    }
  }
  const imports = chunks.filter(({ kind }) => kind === 'import');
  const own = new Set([...imports, ...neededFor([entryPoint], definers, entryPoint)]);
  const classes = chunks.filter(isClass).flatMap((chunk) => chunk.names);
  const kept = new Set([...own, ...neededFor(classes, definers, entryPoint)]);
  const names = new Set([...own].flatMap((chunk) => chunk.names));
  const isNeeded = (chunk: PythonChunk): boolean =>
    kept.has(chunk) ||
    chunk.kind === 'definition' ||
    (chunk.kind === 'statement' &&
      !mentionedNames(chunk.text).has(entryPoint) &&
      [...mentionedNames(chunk.text)].some((name) => names.has(name)));
  const core = chunks.filter(isNeeded);
  const isWhole = chunks.every((chunk) => isNeeded(chunk) || chunk.kind === 'comment');
  return isWhole || core.length === 0 ? null : core.map(({ text }) => text).join('');
}
