import { QwenEvalError } from '../core/errors.ts';

const invalid = (source: string, line: number, reason: string): QwenEvalError =>
  new QwenEvalError('E_DATASET_INVALID', `${source}: line ${line}: ${reason}`, {
    hint: 'repair the line or use the original file',
    details: { source, line },
  });

/** Index just after the field that starts at `start`, which is not quoted: that of its comma, line end or the end of the text. */
function plainFieldEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r') end++;
  return end;
}

/** Index of the closing quote of a field whose opening quote is at `start`; -1 when it is never closed. */
function closingQuote(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (quote !== -1 && text[quote + 1] === '"') quote = text.indexOf('"', quote + 2);
  return quote;
}

const countLines = (field: string): number => field.split('\n').length - 1;

/**
 * Parses comma-separated values (RFC 4180: quoted fields may hold commas, line breaks and doubled quotes) to rows of fields;
 * empty lines are skipped. Throws E_DATASET_INVALID naming `source` and the line.
 */
export function parseCsv(text: string, source: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    let end: number;
    if (text[at] === '"') {
      const quote = closingQuote(text, at);
      if (quote === -1) throw invalid(source, line, 'a quoted field is never closed');
      const field = text.slice(at + 1, quote);
      row.push(field.replaceAll('""', '"'));
      line += countLines(field);
      end = quote + 1;
      if (end < text.length && !',\r\n'.includes(text.charAt(end)))
        throw invalid(source, line, 'text follows a closing quote');
    } else {
      end = plainFieldEnd(text, at);
      row.push(text.slice(at, end));
    }
    if (text[end] === ',') {
      at = end + 1;
      if (at < text.length) continue;
      row.push('');
    } else {
      at = text.startsWith('\r\n', end) ? end + 2 : end + 1;
      const empty = row.length === 1 && row[0] === '' && text[end - 1] !== '"';
      line++;
      if (empty) row = [];
    }
    if (row.length > 0) rows.push(row);
    row = [];
  }
  return rows;
}

/** The rows below a header row; throws E_DATASET_INVALID when one has more or fewer fields than the header. */
export function withoutCsvHeader(rows: readonly (readonly string[])[], source: string): readonly (readonly string[])[] {
  const [header = [], ...body] = rows;
  const odd = body.findIndex((row) => row.length !== header.length);
  if (odd === -1) return body;
  throw new QwenEvalError(
    'E_DATASET_INVALID',
    `${source}: record ${odd + 1} has ${body[odd]?.length} fields, the header has ${header.length}`,
    { hint: 'repair the record or use the original file', details: { source, record: odd + 1 } },
  );
}
