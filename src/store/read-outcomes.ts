import { existsSync } from 'node:fs';
import { QwenEvalError } from '../core/errors.ts';
import { readLines } from './journal.ts';

/** What a comparison needs of a finished sample. */
export interface SampleOutcome {
  readonly task: string;
  readonly sampleId: string;
  readonly epoch: number;
  readonly category: string | null;
  readonly cluster: string | null;
  /** In [0,1]; null when unscored. */
  readonly score: number | null;
  readonly code: string | null;
  readonly measures: Readonly<Record<string, number | null>>;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';
const isScore = (value: unknown): value is number | null =>
  value === null || (typeof value === 'number' && value >= 0 && value <= 1);

/**
 * Outcomes of a journal in the order they were written, in constant memory and without the cost of checking whole records: only the members
 * that are used are checked. A missing file has none; a line that is no record is E_INPUT_INVALID naming the line.
 */
export function* readOutcomes(path: string): Generator<SampleOutcome> {
  if (!existsSync(path)) return;
  for (const { line, number } of readLines(path)) {
    const outcome = parseOutcome(line);
    if (outcome === null) {
      throw new QwenEvalError('E_INPUT_INVALID', `line ${number} of ${path} is not a sample record`, {
        hint: 'the journal was written by another version or changed by hand',
      });
    }
    yield outcome;
  }
}

function parseOutcome(line: string): SampleOutcome | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { task, sampleId, epoch, category, cluster, score, code, measures } = value as Record<string, unknown>;
  if (!isText(task) || !isText(sampleId) || typeof epoch !== 'number' || !isScore(score)) return null;
  if (!isTextOrNull(category) || !isTextOrNull(cluster) || !isTextOrNull(code)) return null;
  if (typeof measures !== 'object' || measures === null) return null;
  return {
    task,
    sampleId,
    epoch,
    category,
    cluster,
    score,
    code,
    measures: measures as Readonly<Record<string, number | null>>,
  };
}
