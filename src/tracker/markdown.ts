/** Text as it may stand in a line or table cell: one line, no table bars, no HTML. */
export const cellText = (text: string): string =>
  text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;').trim();

/** A Markdown table, one line a row; cells are text that is escaped already. */
export const tableLines = (titles: readonly string[], rows: readonly (readonly string[])[]): readonly string[] =>
  rows.length === 0 ? [] : [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);

/** Text in code marks. */
export const code = (text: string): string =>
  `\`${text.replaceAll('`', "'").replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')}\``;

/** Sections apart by blank lines; empty ones are left out. */
export const joinParts = (parts: readonly (readonly string[])[]): readonly string[] =>
  parts.filter((part) => part.length > 0).flatMap((part, index) => (index === 0 ? part : ['', ...part]));
