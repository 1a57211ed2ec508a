/** A `\boxed{…}` with its content. */
export interface Boxed {
  readonly content: string;
  /** UTF-16 offsets of the content. */
  readonly start: number;
  readonly end: number;
}

const command = /\\(?:boxed|fbox)\s{0,4}(?:\{|(?=[-+$\d]))/g;
const bare = /[-+]?\\?\$?[\d.,]*\d/y;

/**
 * Every closed `\boxed{…}` with a content that is not blank, in the order of their closing braces; braces nest. `\boxed 18` counts as well.
 * An unclosed box is left out: it was cut off. One pass, linear in the length.
 */
export function findBoxed(text: string): readonly Boxed[] {
  const found: Boxed[] = [];
  const boxed = text.indexOf('\\boxed');
  const framed = text.indexOf('\\fbox');
  if (boxed < 0 && framed < 0) return found;
  const first = boxed < 0 || framed < 0 ? Math.max(boxed, framed) : Math.min(boxed, framed);
  const boxes = new Set<number>();
  for (const match of text.matchAll(command)) {
    const end = match.index + match[0].length;
    if (match[0].endsWith('{')) {
      boxes.add(end - 1);
      continue;
    }
    bare.lastIndex = end;
    const value = bare.exec(text);
    if (value !== null) found.push({ content: value[0], start: end, end: end + value[0].length });
  }
  const open: number[] = [];
  for (let index = first; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 92) {
      const next = text.charCodeAt(index + 1);
      // An escaped brace is a character, not a bracket.
      if (next === 123 || next === 125 || next === 92) index++;
    } else if (code === 123) open.push(index);
    else if (code === 125) {
      const start = open.pop();
      if (start !== undefined && boxes.has(start)) pushContent(found, text, [start + 1, index]);
    }
  }
  return found.length > 1 ? found.sort((a, b) => a.end - b.end) : found;
}

/** Beyond this many characters a box is a container, not an answer; its content is not copied, which keeps nested boxes linear. */
const maximalContent = 2000;

function pushContent(found: Boxed[], text: string, [start, end]: readonly [number, number]): void {
  const content = end - start > maximalContent ? text.slice(start, start + maximalContent) : text.slice(start, end);
  if (content.trim() !== '') found.push({ content, start, end });
}
