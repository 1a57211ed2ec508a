import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { z } from 'zod';
import { QwenEvalError } from '../../core/errors.ts';
import { parseJsonLines } from '../../text/parse-json-lines.ts';

/** A file of a log with what identifies its content. */
export interface LogFile {
  readonly path: string;
  /** Without folders, for run.json. */
  readonly name: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** One record of a log with the place it stands at. */
export interface LogRow<Row> {
  readonly row: Row;
  /** `line 3 of samples.jsonl`. */
  readonly where: string;
}

/** Reads a file of a log. Throws E_FILE_UNREADABLE. */
export function readLogFile(path: string): LogFile {
  try {
    const bytes = readFileSync(path);
    return { path, name: basename(path), sha256: createHash('sha256').update(bytes).digest('hex'), bytes };
  } catch (cause) {
    throw new QwenEvalError('E_FILE_UNREADABLE', `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** E_INPUT_INVALID for a place in a log. */
export const invalidLog = (where: string, reason: string): QwenEvalError =>
  new QwenEvalError('E_INPUT_INVALID', `${where} ${reason}`, {
    hint: 'the log was changed by hand, cut off, or written by a version that is not known here',
  });

/** Checks part of a log against a schema; throws E_INPUT_INVALID naming place and field. */
export function parseLog<Row>(schema: z.ZodType<Row>, value: unknown, where: string): Row {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw invalidLog(where, `is not as expected: ${field === '' ? '' : `${field}: `}${issue?.message ?? 'not a record'}`);
}

const textOf = ({ bytes }: LogFile): string => Buffer.from(bytes).toString('utf8');

/** One JSON document, Python's NaN and Infinity included. */
export function readLogJson<Row>(file: LogFile, schema: z.ZodType<Row>): Row {
  const text = textOf(file);
  return parseLog(schema, parseDocument(text, file.path), file.path);
}

function parseDocument(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // One line without its breaks: the reader of lines knows what Python writes.
    return rethrown(() => [...parseJsonLines(text.replaceAll(/\r?\n/g, ' '), path)][0]?.value);
  }
}

/** The records of a JSON Lines file. */
export const readLogLines = <Row>(file: LogFile, schema: z.ZodType<Row>): readonly LogRow<Row>[] =>
  rethrown(() => [...parseJsonLines(textOf(file), file.path)]).map(({ line, value }) => {
    const where = `line ${line} of ${file.path}`;
    return { row: parseLog(schema, value, where), where };
  });

/** What is wrong with a log is wrong with an input, not with a benchmark's data. */
function rethrown<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof QwenEvalError) throw invalidLog(error.message.replace(': line', ' at line'), 'cannot be read');
    throw error;
  }
}
