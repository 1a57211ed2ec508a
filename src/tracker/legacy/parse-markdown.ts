/** One line of a document, counted from 1. */
export interface DocumentLine {
  readonly line: number;
  readonly text: string;
}

/** A table row by its column titles. */
export interface TableRow {
  readonly line: number;
  /** Cells as written, by the plain title of their column. */
  readonly cells: Readonly<Record<string, string>>;
}

/** A block of a Markdown document under the headings above it. */
export type MarkdownBlock = {
  /** Plain texts of the headings above, from the outermost. */
  readonly path: readonly string[];
  readonly line: number;
} & (
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'table'; readonly rows: readonly TableRow[] }
  | { readonly kind: 'item'; readonly text: string; readonly isChecked: boolean | null; readonly depth: number }
  | { readonly kind: 'code'; readonly language: string; readonly lines: readonly DocumentLine[] }
  | { readonly kind: 'text'; readonly text: string }
);

/** Text without emphasis, code marks and the pictures before or after it. */
export const plainText = (text: string): string =>
  text
    .replaceAll(/\*\*|`|(?<!\w)\*(?!\s)|(?<!\s)\*(?!\w)/g, '')
    .replaceAll(/[\p{Extended_Pictographic}\uFE0F]/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** `**Label:** value` of a paragraph or list item; null for other text. */
export function parseLabel(text: string): { readonly label: string; readonly value: string } | null {
  const match = /^(?:[^\w*]*\s)?\*\*([^*]+?):?\*\*:?\s*(.*)$/.exec(text);
  if (!match) return null;
  const [, label = '', value = ''] = match;
  return { label: plainText(label), value: plainText(value) };
}

const heading = /^(#{1,6})\s+(.*?)\s*#*\s*$/;
const item = /^(\s*)(?:[-*+]|\d+[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/;
const isTableLine = (text: string): boolean => text.trimStart().startsWith('|');

const cellsOf = (text: string): readonly string[] =>
  text
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());

/** Reads headings, tables, list items, fenced code and paragraphs of a document; lines of no form are text. */
export function parseMarkdown(lines: readonly string[]): readonly MarkdownBlock[] {
  const blocks: MarkdownBlock[] = [];
  let path: readonly { readonly level: number; readonly text: string }[] = [];
  for (let index = 0; index < lines.length;) {
    const text = lines[index] ?? '';
    const place = { path: path.map((one) => one.text), line: index + 1 };
    const title = heading.exec(text);
    if (title) {
      const level = title[1]?.length ?? 1;
      const name = plainText(title[2] ?? '');
      const above = path.filter((one) => one.level < level);
      blocks.push({ kind: 'heading', level, text: name, path: above.map((one) => one.text), line: index + 1 });
      path = [...above, { level, text: name }];
      index += 1;
      continue;
    }
    const fence = /^\s*```+\s*(\S*)/.exec(text);
    if (fence) {
      const end = lines.findIndex((line, at) => at > index && /^\s*```+\s*$/.test(line));
      const last = end < 0 ? lines.length : end;
      const inner = lines.slice(index + 1, last).map((line, at) => ({ line: index + 2 + at, text: line }));
      blocks.push({ ...place, kind: 'code', language: (fence[1] ?? '').toLowerCase(), lines: inner });
      index = last + 1;
      continue;
    }
    if (isTableLine(text)) {
      let end = index;
      while (end < lines.length && isTableLine(lines[end] ?? '')) end += 1;
      blocks.push({ ...place, kind: 'table', rows: tableRows(lines.slice(index, end), index + 1) });
      index = end;
      continue;
    }
    const listed = item.exec(text);
    if (listed) {
      const box = listed[2];
      const isChecked = box === undefined ? null : box !== ' ';
      blocks.push({ ...place, kind: 'item', text: listed[3] ?? '', isChecked, depth: listed[1]?.length ?? 0 });
    } else if (text.trim() !== '' && !/^\s*(?:---+|\*\*\*+|___+)\s*$/.test(text)) {
      blocks.push({ ...place, kind: 'text', text: text.trim() });
    }
    index += 1;
  }
  return blocks;
}

function tableRows(lines: readonly string[], firstLine: number): readonly TableRow[] {
  const titles = cellsOf(lines[0] ?? '').map(plainText);
  return lines.slice(1).flatMap((text, index): TableRow[] => {
    if (/^[\s|:-]+$/.test(text)) return [];
    const cells = cellsOf(text);
    return [
      {
        line: firstLine + 1 + index,
        cells: Object.fromEntries(titles.map((title, column) => [title, cells[column] ?? ''])),
      },
    ];
  });
}
