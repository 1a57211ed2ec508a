/** A column of a text table. */
export interface TextColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

const width = (text: string): number => Array.from(text).length;

/** Lays rows out under titles, columns two spaces apart, no trailing white space. */
export function formatTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string {
  const laidOut = columns.map(({ title, align }, index) => ({
    align,
    width: Math.max(width(title), ...rows.map((row) => width(row[index] ?? ''))),
  }));
  const line = (cells: readonly string[]): string =>
    laidOut
      .map(({ align, width: wanted }, index) => {
        const cell = cells[index] ?? '';
        const space = ' '.repeat(wanted - width(cell));
        return align === 'right' ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd();
  return [line(columns.map((column) => column.title)), ...rows.map(line)].join('\n');
}
