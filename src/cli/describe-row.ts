type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The longest inner row that stands in one line. */
const widest = 100;

/** A value in one line; members that are not known are left out of inner rows. */
function inline(value: unknown): string {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return '–';
  if (Array.isArray(value)) return value.map(inline).join(', ');
  if (!isRow(value)) return String(value);
  const known = Object.entries(value).filter(([, member]) => inline(member) !== '–');
  return (
    known.map(([key, member]) => `${key} ${isRow(member) ? `(${inline(member)})` : inline(member)}`).join(', ') || '–'
  );
}

/** A value in as many lines as it takes: rows of a list stand below each other, and so do the members of a long row. */
function linesOf(value: unknown): readonly string[] {
  if (Array.isArray(value) && (value.some(isRow) || inline(value).length > widest)) return value.map(inline);
  const line = inline(value);
  if (!isRow(value) || line.length <= widest) return [line];
  return Object.entries(value).map(([key, member]) => `${key} ${inline(member)}`);
}

/** A row as text, a member a line or, where it holds more, several; what is not known is a dash. */
export function describeRow(row: Row): string {
  const width = Math.max(...Object.keys(row).map((key) => key.length));
  return Object.entries(row)
    .flatMap(([key, value]) =>
      linesOf(value).map((line, index) => `${(index === 0 ? key : '').padEnd(width)}  ${line}`),
    )
    .join('\n');
}
