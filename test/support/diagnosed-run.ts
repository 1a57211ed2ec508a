import type { ResultDocument, TaskResult, Verdict } from '../../src/core/result-document.ts';
import type { RunDocument } from '../../src/core/run-document.ts';
import type { SampleRecord } from '../../src/core/sample-record.ts';
import { diagnoseRun } from '../../src/diagnosis/diagnose-run.ts';
import type { DiagnosedRun } from '../../src/diagnosis/diagnosed-run.ts';
import type { EarlierRun } from '../../src/diagnosis/earlier-runs.ts';
import { sampleFacts } from '../../src/diagnosis/sample-facts.ts';
import { resultDocument } from './recorded-run.ts';

export interface DiagnosedRunParts {
  readonly document: RunDocument;
  readonly records: readonly SampleRecord[];
  /** Samples of each task that failed for causes that may pass, by code. */
  readonly failures?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly earlier?: readonly EarlierRun[];
  /** Members of every task's result that differ from what the records come to. */
  readonly task?: Partial<TaskResult>;
}

/** A run as verdicts see it, from its plan and its records. */
export function diagnosedRun({
  document,
  records,
  failures,
  earlier = [],
  task = {},
}: DiagnosedRunParts): DiagnosedRun {
  const computed = resultDocument(document, records, failures);
  const result: ResultDocument = { ...computed, tasks: computed.tasks.map((one) => ({ ...one, ...task })) };
  const samples = new Map(
    document.plan.tasks.map((plan) => [
      plan.task,
      records.filter((record) => record.task === plan.task).map(sampleFacts),
    ]),
  );
  return { document, result, samples, earlier };
}

/** The verdicts on such a run. */
export const diagnose = (parts: DiagnosedRunParts): readonly Verdict[] => diagnoseRun(diagnosedRun(parts)).diagnosis;
