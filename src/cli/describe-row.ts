/** A row as text, a member a line; what is not known is a dash. */
export function describeRow(row: Readonly<Record<string, unknown>>): string {
  const width = Math.max(...Object.keys(row).map((key) => key.length));
  return Object.entries(row)
    .map(
      ([key, value]) =>
        `${key.padEnd(width)}  ${typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '–')}`,
    )
    .join('\n');
}
