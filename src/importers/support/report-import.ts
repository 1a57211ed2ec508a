import type { Estimate } from '../../core/estimate.ts';
import type { MetricRow } from '../../core/ports/metric.ts';
import type { ResultDocument } from '../../core/result-document.ts';
import type { SampleRecord } from '../../core/sample-record.ts';
import accuracy from '../../metrics/accuracy.ts';
import { measureMean } from '../../metrics/support/measure-mean.ts';
import { findingsOf } from './import-findings.ts';
import type { Difference, ImportReport, MetricImport, TaskImport } from './import-report.ts';
import type { ImportedLog, LoggedVerdict } from './imported-log.ts';
import type { ResolvedTask } from './resolve-task.ts';
import type { ScoredAnswer } from './score-logged.ts';

/** Sets the verdicts of a log beside ours. */
export function reportImport(
  log: ImportedLog,
  input: {
    readonly tasks: readonly ResolvedTask[];
    readonly answers: readonly ScoredAnswer[];
    readonly result: ResultDocument;
  },
): ImportReport {
  const { tasks, answers, result } = input;
  const reports = tasks.map((resolved) =>
    reportTask(
      resolved,
      answers.filter((answer) => answer.resolved === resolved),
      log,
    ),
  );
  return {
    schemaVersion: 1,
    runId: result.runId,
    tool: log.tool,
    version: log.version,
    model: log.model,
    records: answers.length,
    tasks: reports,
    findings: findingsOf(log, { tasks, reports }),
  };
}

function reportTask(resolved: ResolvedTask, answers: readonly ScoredAnswer[], log: ImportedLog): TaskImport {
  const { logged, task, unknown } = resolved;
  const names = [...new Set(answers.flatMap((answer) => answer.logged.verdicts.map(({ metric }) => metric)))];
  return {
    task: task.id,
    name: logged.name,
    answers: answers.length,
    unknown: unknown.length,
    metrics: names.map((metric) => metricOf(metric, answers, logged.metrics[metric] ?? null)),
    differences: names.flatMap((metric) => pairsOf(metric, answers).flatMap((pair) => differenceOf(pair, log) ?? [])),
  };
}

interface Pair {
  readonly answer: ScoredAnswer;
  readonly verdict: LoggedVerdict;
  readonly ours: number | null;
}

const oursOf = ({ score, measures }: SampleRecord, { measure }: LoggedVerdict): number | null =>
  measure === null ? score : (measures[measure] ?? null);

const pairsOf = (metric: string, answers: readonly ScoredAnswer[]): readonly Pair[] =>
  answers.flatMap((answer) =>
    answer.logged.verdicts
      .filter((verdict) => verdict.metric === metric)
      .map((verdict) => ({ answer, verdict, ours: oursOf(answer.record, verdict) })),
  );

const agrees = ({ verdict, ours }: Pair): boolean =>
  ours === verdict.score || (ours !== null && verdict.score !== null && Math.abs(ours - verdict.score) < 1e-9);

function metricOf(metric: string, answers: readonly ScoredAnswer[], stated: number | null): MetricImport {
  const pairs = pairsOf(metric, answers);
  const measure = pairs[0]?.verdict.measure ?? null;
  const scores = pairs.flatMap(({ verdict }) => verdict.score ?? []);
  const agreeing = pairs.filter(agrees).length;
  return {
    metric,
    measure,
    stated,
    theirs: scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length,
    ours: estimateOf(measure, pairs),
    agreeing,
    differing: pairs.length - agreeing,
  };
}

function estimateOf(measure: string | null, pairs: readonly Pair[]): Estimate {
  const rows = pairs.flatMap(({ answer }): MetricRow[] => {
    const { sampleId, epoch, category, cluster, score, measures } = answer.record;
    return score === null ? [] : [{ sampleId, epoch, category, cluster, score, measures }];
  });
  return (measure === null ? accuracy : measureMean({ id: measure, title: measure, measure })).estimate(rows);
}

const quoteLength = 160;

/** The end of an answer, where it commits itself, on one line. */
function quoteOf({ record }: ScoredAnswer): string {
  const text = (record.response ?? record.reasoning ?? '').trim().replaceAll(/\s+/g, ' ');
  return text.length <= quoteLength ? text : `…${text.slice(-quoteLength)}`;
}

const verdictWord = (score: number | null): string =>
  score === null
    ? 'gives no verdict'
    : score === 1
      ? 'says right'
      : score === 0
        ? 'says wrong'
        : `gives ${score.toFixed(3)}`;

function differenceOf(pair: Pair, log: ImportedLog): Difference | null {
  if (agrees(pair)) return null;
  const { answer, verdict, ours } = pair;
  const { record } = answer;
  return {
    sampleId: record.sampleId,
    epoch: record.epoch,
    metric: verdict.metric,
    theirs: verdict.score,
    ours,
    taken: { theirs: verdict.extracted, ours: record.extraction?.value ?? null },
    code: record.code,
    quote: quoteOf(answer),
    explanation: `${log.tool} (${verdict.metric}) ${verdictWord(verdict.score)}: ${theirReason(pair)} Certified ${verdictWord(ours)}: ${ourReason(record)}`,
  };
}

function theirReason({ answer, verdict }: Pair): string {
  const rule = verdict.rules === null ? undefined : answer.byRules.get(verdict.rules);
  if (rule === undefined) return verdict.how ?? 'how it came to that is not known here.';
  const isKnown = (verdict.score === 1) === rule.correct;
  return isKnown ? rule.why : `${rule.why} By these rules it would have said otherwise, so the log was made by others.`;
}

function ourReason({ score, unscored, explanation, extraction, code }: SampleRecord): string {
  if (score === null) return unscored ?? 'it is not scored.';
  if (score === 1)
    return extraction?.value == null
      ? 'it meets every requirement.'
      : `the answer taken (${extraction.method}) is ${extraction.value.slice(0, 80)}.`;
  return explanation ?? code ?? 'it is wrong.';
}
