import { QwenEvalError } from '../core/errors.ts';
import type { ReferenceComparison, Verdict } from '../core/result-document.ts';
import { readJournal } from '../store/journal.ts';
import { diagnoseRun } from './diagnose-run.ts';
import { loadEarlierRuns } from './earlier-runs.ts';
import { FailureTable, type FailureRow } from './failure-table.ts';
import type { LoadedRun } from './loaded-run.ts';
import { sampleFacts, type SampleFacts } from './sample-facts.ts';

/** What `diagnose` says of a run. */
export interface RunDiagnosis {
  readonly runId: string;
  readonly verdicts: readonly Verdict[];
  readonly references: readonly ReferenceComparison[];
  readonly failures: readonly FailureRow[];
}

export interface DiagnosisRequest {
  /** Tasks to look at; null for all. */
  readonly tasks: readonly string[] | null;
  /** Examples shown of each failure code. */
  readonly examples: number;
}

/** Diagnoses a finished or ended run from its directory with today's verdicts. Throws E_RUN_INCOMPLETE for a run without a result, E_TASK_UNKNOWN for a task it does not have. */
export function diagnoseLoaded(run: LoadedRun, request: DiagnosisRequest): RunDiagnosis {
  const { directory, document, result } = run;
  if (result === null)
    throw new QwenEvalError('E_RUN_INCOMPLETE', `run ${document.runId} has no result to diagnose yet`, {
      hint: `finish it with \`qwen-eval resume ${document.runId}\``,
    });
  const has = result.tasks.map(({ task }) => task);
  const unknown = (request.tasks ?? []).filter((task) => !has.includes(task));
  if (unknown.length > 0)
    throw new QwenEvalError('E_TASK_UNKNOWN', `run ${document.runId} has no task ${unknown.join(', ')}`, {
      hint: `it has ${has.join(', ')}`,
    });
  const wanted = new Set(request.tasks ?? has);
  const samples = new Map<string, SampleFacts[]>(has.map((task) => [task, []]));
  const table = new FailureTable(request.examples);
  for (const record of readJournal(directory.samplesFile)) {
    samples.get(record.task)?.push(sampleFacts(record));
    table.add(record);
  }
  const { diagnosis, references } = diagnoseRun({
    document,
    result,
    samples,
    earlier: loadEarlierRuns(directory, document),
  });
  const isWanted = ({ evidence }: Verdict): boolean => {
    const { task } = evidence;
    return typeof task !== 'string' || wanted.has(task);
  };
  return {
    runId: document.runId,
    verdicts: diagnosis.filter(isWanted),
    references: references.filter(({ task }) => wanted.has(task)),
    failures: table.rows(result).filter(({ task }) => wanted.has(task)),
  };
}
