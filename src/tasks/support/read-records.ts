import type { z } from 'zod';
import { QwenEvalError } from '../../core/errors.ts';
import type { DatasetReader } from '../../core/ports/dataset.ts';
import { parseJsonLines } from '../../text/parse-json-lines.ts';

/** A record with the 1-based line (of a text file) or row (of a table) it stands on. */
export interface PlacedRecord<Row> {
  readonly row: Row;
  readonly line: number;
}

/** E_DATASET_INVALID for one place in a file. */
export const invalidRecord = (
  source: string,
  place: { readonly line: number; readonly unit?: string },
  reason: string,
): QwenEvalError =>
  new QwenEvalError('E_DATASET_INVALID', `${source}: ${place.unit ?? 'line'} ${place.line}: ${reason}`, {
    hint: 'repair the record or use the original file',
    details: { source, line: place.line },
  });

/** Path of a loaded file for messages. */
export const sourceOf = (data: DatasetReader, name: string): string => data.files.get(name)?.path ?? name;

/** Checks a record against its schema; throws E_DATASET_INVALID naming file, line and field. */
export function parseRecord<Row>(
  schema: z.ZodType<Row>,
  value: unknown,
  place: { readonly source: string; readonly line: number; readonly unit?: string },
): Row {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw invalidRecord(place.source, place, `${field === '' ? '' : `${field}: `}${issue?.message ?? 'not a record'}`);
}

const isTable = (data: DatasetReader, name: string): boolean => /\.parquet$/i.test(sourceOf(data, name));

/**
 * Records of a JSON Lines file, or of a Parquet file with the same fields, checked one by one. Throws E_DATASET_INVALID naming file and
 * line, and E_DATASET_EMPTY for a file without records.
 */
export async function readRecords<Row>(
  data: DatasetReader,
  name: string,
  schema: z.ZodType<Row>,
): Promise<readonly PlacedRecord<Row>[]> {
  const source = sourceOf(data, name);
  if (isTable(data, name)) {
    const rows = await data.parquet(name);
    return rows.map((value, index) => {
      const line = index + 1;
      return { row: parseRecord(schema, value, { source, line, unit: 'row' }), line };
    });
  }
  const records = Array.from(parseJsonLines(await data.text(name), source), ({ line, value }) => ({
    row: parseRecord(schema, value, { source, line }),
    line,
  }));
  if (records.length > 0) return records;
  throw new QwenEvalError('E_DATASET_EMPTY', `${source}: holds no records`, {
    hint: 'fetch the file again or use the original file',
    details: { source },
  });
}

/** Throws E_DATASET_INVALID naming both lines when two records have the same id. */
export function requireDistinctIds<Row>(
  records: readonly PlacedRecord<Row>[],
  idOf: (row: Row) => string,
  source: string,
): void {
  const lines = new Map<string, number>();
  for (const { row, line } of records) {
    const id = idOf(row);
    const first = lines.get(id);
    if (first !== undefined) throw invalidRecord(source, { line }, `has the same id "${id}" as line ${first}`);
    lines.set(id, line);
  }
}
