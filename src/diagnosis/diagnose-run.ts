import type { Verdict } from '../core/result-document.ts';
import type { DiagnosedRun } from './diagnosed-run.ts';
import { verdictKinds } from './verdict-kinds.ts';

/** Everything a user must know of a run beside its numbers, the likely root cause first: causes outside the model, then of the set-up, then what the scores look like. */
export const diagnoseRun = (run: DiagnosedRun): readonly Verdict[] => verdictKinds.flatMap((kind) => kind.judge(run));
