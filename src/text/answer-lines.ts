/** A line such as `ANSWER: 42`, with the value as written. */
export interface AnswerLine {
  /** The text after the colon without decoration (bold, quotes, backticks, `\boxed{}`, a final full stop); '' when there is none. */
  readonly value: string;
  /** UTF-16 offsets [start, end) of the raw value in the text. */
  readonly span: readonly [number, number];
}

const decorations = new Set(' \t\r*_#>`~-•');
const marker = /^(?:the )?(?:final )?answer[ *_`]{0,8}(?:is[ *_`]{0,8})?[:：]/i;
const longestValue = 4_000;

/**
 * Finds every line that begins with `ANSWER:` (any case, `Final answer:` too, Markdown decoration around it allowed), in order.
 * A value may stand on the next non-empty line. Linear in the length of the text.
 */
export function parseAnswerLines(text: string): readonly AnswerLine[] {
  const found: AnswerLine[] = [];
  for (let start = 0; start <= text.length;) {
    const end = lineEnd(text, start);
    const content = skipDecoration(text, start, end);
    const match = marker.exec(text.slice(content, Math.min(end, content + 64)));
    if (match) {
      const value = valueAt(text, content + match[0].length, end);
      found.push(value.line);
      start = value.next;
    } else start = end + 1;
  }
  return found;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function skipDecoration(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && decorations.has(text.charAt(at))) at += 1;
  return at;
}

function valueAt(text: string, from: number, end: number): { readonly line: AnswerLine; readonly next: number } {
  const value = undecorate(text.slice(from, Math.min(end, from + longestValue)));
  if (value !== '' || end >= text.length) return { line: { value, span: [from, end] }, next: end + 1 };
  let start = end + 1;
  while (start < text.length && text.slice(start, lineEnd(text, start)).trim() === '') start = lineEnd(text, start) + 1;
  if (start >= text.length) return { line: { value: '', span: [from, end] }, next: text.length + 1 };
  const stop = lineEnd(text, start);
  const below = text.slice(start, Math.min(stop, start + longestValue));
  // A second marker is an answer line of its own, not the value of this one.
  if (marker.test(below.trimStart())) return { line: { value: '', span: [from, end] }, next: start };
  return { line: { value: undecorate(below), span: [start, stop] }, next: stop + 1 };
}

const pairs: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  $: '$',
  '(': ')',
  '[': ']',
  '<': '>',
  '“': '”',
  '「': '」',
};

/** Takes Markdown decoration, quotes, `\boxed{}` and a final full stop off a short value. */
export function undecorate(raw: string): string {
  let value = raw.trim();
  for (let pass = 0; pass < 6; pass++) {
    const before = value;
    value = value
      .replace(/^[*_]{1,3}/, '')
      .replace(/[*_]{1,3}$/, '')
      .trim();
    if (/[^.][.。]$/.test(value)) value = value.slice(0, -1).trim();
    const boxed = /^\\boxed\{(.*)\}$/s.exec(value);
    if (boxed) value = (boxed[1] as string).trim();
    const close = pairs[value.charAt(0)];
    if (value.length >= 2 && close !== undefined && value.endsWith(close)) value = value.slice(1, -1).trim();
    if (value === before) break;
  }
  return value;
}
