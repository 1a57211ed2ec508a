import type { ReferenceComparison, Verdict } from '../core/result-document.ts';
import type { DiagnosedRun } from './diagnosed-run.ts';
import { compareReferences } from './reference/compare-reference.ts';
import { referenceVerdicts } from './reference/reference-verdicts.ts';
import { verdictKinds } from './verdict-kinds.ts';

/** What a diagnosis comes to. */
export interface Diagnosis {
  /** The likely root cause first: causes outside the model, then of the set-up, then what the scores look like. */
  readonly diagnosis: readonly Verdict[];
  readonly references: readonly ReferenceComparison[];
}

/** Everything a user must know of a run beside its numbers, with official scores beside ours. */
export function diagnoseRun(run: DiagnosedRun): Diagnosis {
  const verdicts = verdictKinds.flatMap((kind) => kind.judge(run));
  const references = compareReferences(run, verdicts);
  return { diagnosis: [...verdicts, ...referenceVerdicts(references, run.result.runId)], references };
}
