import { QwenEvalError } from '../core/errors.ts';

/** A value of a JSON Lines file, the 1-based line it stands on and that line's text (which keeps `1.0` and long integers exact). */
export interface JsonLine {
  readonly line: number;
  readonly text: string;
  readonly value: unknown;
}

/** A string (to its end or that of the text) or one of the literals that only Python writes. */
const stringOrLiteral = /"[^"\\]*(?:\\[^][^"\\]*)*["\\]?|-?Infinity|NaN/g;

/** Stands for a literal until the text is parsed; no data begins with it. */
const mark = '\u0000python literal ';

const literals: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity };

/** JSON as Python's json module writes it: NaN, Infinity and -Infinity are numbers. */
function parsePythonJson(text: string): unknown {
  const marked = text.replace(stringOrLiteral, (token) =>
    token.startsWith('"') ? token : JSON.stringify(mark + token),
  );
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(mark) ? literals[value.slice(mark.length)] : value,
  ) as unknown;
}

function parseLine(text: string, line: number, source: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    try {
      return parsePythonJson(text);
    } catch {
      const reason = (cause as SyntaxError).message;
      throw new QwenEvalError('E_DATASET_INVALID', `${source}: line ${line} is not JSON: ${reason}`, {
        hint: 'repair the line or use the original file',
        details: { source, line },
        cause,
      });
    }
  }
}

/**
 * The values of a JSON Lines text in order; blank lines are skipped, and Python's NaN and Infinity are read as numbers. Throws
 * E_DATASET_INVALID naming `source` and the line.
 */
export function* parseJsonLines(text: string, source: string): Generator<JsonLine, void, undefined> {
  let start = 0;
  for (let line = 1; start < text.length; line++) {
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed;
    const content = text.slice(start, end).trim();
    start = end + 1;
    if (content !== '') yield { line, text: content, value: parseLine(content, line, source) };
  }
}
