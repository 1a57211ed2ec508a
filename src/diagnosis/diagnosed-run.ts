import type { ResultDocument, TaskResult, Verdict } from '../core/result-document.ts';
import type { RunDocument } from '../core/run-document.ts';
import type { TaskPlan } from '../core/run-plan.ts';
import type { EarlierRun } from './earlier-runs.ts';
import type { SampleFacts } from './sample-facts.ts';

/** A run as a verdict sees it: its documents, what each finished sample showed, and what earlier runs of the same model left. */
export interface DiagnosedRun {
  readonly document: RunDocument;
  /** With `diagnosis` still empty. */
  readonly result: ResultDocument;
  /** Facts of the finished samples by task, in the order of the journal. */
  readonly samples: ReadonlyMap<string, readonly SampleFacts[]>;
  /** Earlier runs of the same model beside this one, newest first. */
  readonly earlier: readonly EarlierRun[];
}

/** One task of a diagnosed run with everything known of it. */
export interface DiagnosedTask {
  readonly run: DiagnosedRun;
  readonly plan: TaskPlan;
  readonly result: TaskResult;
  readonly samples: readonly SampleFacts[];
}

/** A kind of finding about a whole run; the default shape of a file in verdicts/. */
export interface VerdictKind {
  /** Equals the file name with `_` for `-`. */
  readonly id: string;
  /** Everything of this kind that is to be said of the run; empty for a healthy one. */
  judge(run: DiagnosedRun): readonly Verdict[];
}

/** Tasks of a run that were not refused. */
export const diagnosedTasks = (run: DiagnosedRun): readonly DiagnosedTask[] =>
  run.document.plan.tasks.flatMap((plan) => {
    const result = run.result.tasks.find((task) => task.task === plan.task);
    if (!result || result.refused !== null) return [];
    return [{ run, plan, result, samples: run.samples.get(plan.task) ?? [] }];
  });

/** A kind of finding that looks at each task by itself. */
export const taskVerdict = (id: string, judge: (task: DiagnosedTask) => Omit<Verdict, 'id'> | null): VerdictKind => ({
  id,
  judge: (run) =>
    diagnosedTasks(run).flatMap((task) => {
      const found = judge(task);
      return found === null ? [] : [{ id, ...found, evidence: { task: task.plan.task, ...found.evidence } }];
    }),
});

/** What follows the family in a code: `xml_text` of `format_mismatch.xml_text`; null for the family alone. */
export const detailOf = (code: string, family: string): string | null =>
  code.startsWith(`${family}.`) ? code.slice(family.length + 1) : null;
