import { isEstimated, type Estimate } from '../core/estimate.ts';
import type { LengthFigures, ResultDocument, TaskResult } from '../core/result-document.ts';
import { formatBound, formatEstimate, formatShare } from '../text/format-estimate.ts';
import { formatDifference } from '../text/format-difference.ts';
import { formatTable } from '../text/text-table.ts';
import { formatReferences } from './support/references.ts';
import { systemLines } from '../text/system-lines.ts';

/** The result of a run as a table for a terminal, with what a reader must know about each number under it. */
export function formatResult(result: ResultDocument): string {
  const rows = result.tasks.map((task) => [
    task.task,
    task.refused ? 'refused' : formatEstimate(task.headline, headlineOf(task)),
    `${task.counts.scored}/${task.counts.planned}`,
    truncationOf(task),
    task.tokens.meanCompletion === null ? '–' : task.tokens.meanCompletion.toFixed(0),
    certificateOf(task),
  ]);
  const table = formatTable(
    [
      { title: 'task' },
      { title: 'score [95 % interval]' },
      { title: 'scored', align: 'right' },
      { title: 'truncated', align: 'right' },
      { title: 'tokens/answer', align: 'right' },
      { title: 'certificate' },
    ],
    rows,
  );
  return [
    `${result.model} on ${result.engine}, preset ${result.preset}${result.mode === 'unspecified' ? '' : `, ${result.mode}`}: ${result.status}`,
    '',
    table,
    '',
    ...result.tasks.flatMap((task) => lengthTable(task, result.timings.byLength)),
    speedOf(result),
    ...(result.system === null ? [] : systemLines(result.system)),
    ...(result.references.length === 0 ? [] : ['', formatReferences(result.references), '']),
    ...notesOf(result).map((note) => `! ${note}`),
  ].join('\n');
}

/** Score and speed by prompt length, for tasks that have lengths. */
function lengthTable({ task, lengths, metrics }: TaskResult, figures: readonly LengthFigures[]): readonly string[] {
  const own = figures.filter((row) => row.task === task);
  if (own.length === 0) return [];
  const rows = own.map((row) => [
    String(row.length),
    scoreText(lengths[String(row.length)]),
    meanText(row.promptTokens, 0),
    meanText(row.timeToFirstTokenMs, 0),
    meanText(row.outputTokensPerSecond, 1),
  ]);
  const right = 'right' as const;
  const columns = [
    { title: `${task}: tokens`, align: right },
    { title: 'score [95 % interval]' },
    { title: 'prompt tokens', align: right },
    { title: 'first token ms', align: right },
    { title: 'tokens/s', align: right },
  ];
  return [formatTable(columns, rows), ...lengthSummary(metrics), ''];
}

/** How far a context can be used, and whether its middle is lost. */
function lengthSummary({
  effective_length: reach,
  middle_minus_ends: middle,
}: TaskResult['metrics']): readonly string[] {
  return [
    ...(reach && isEstimated(reach) ? [`effective length: ${reach.value} tokens [${reach.low}, ${reach.high}]`] : []),
    ...(middle && isEstimated(middle)
      ? [`facts in the middle against those near the ends: ${formatDifference('middle_minus_ends', middle)}`]
      : []),
  ];
}

const scoreText = (estimate: Estimate | undefined): string =>
  estimate && isEstimated(estimate) ? formatShare(estimate) : '–';

function meanText(estimate: Estimate, digits: number): string {
  if (!isEstimated(estimate)) return '–';
  const { value, low, high } = estimate;
  return `${value.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
}

const headlineOf = (task: TaskResult): TaskResult['completedOnly'] =>
  task.metrics[task.headline] ?? { unavailable: 'not computed' };

function truncationOf(task: TaskResult): string {
  if (task.counts.truncated === 0) return '0';
  return isEstimated(task.truncationRate)
    ? `${task.counts.truncated} (${(task.truncationRate.value * 100).toFixed(0)} %)`
    : String(task.counts.truncated);
}

function certificateOf(task: TaskResult): string {
  const { certificate } = task;
  if (!certificate) return '–';
  const rates = `gold ${certificate.gold.accepted}/${certificate.gold.total}, wrong ${certificate.wrong.rejected}/${certificate.wrong.total}`;
  return certificate.passed ? rates : `FAILED: ${rates}`;
}

function speedOf({ timings, usage }: ResultDocument): string {
  const parts = [timings.wallMs === null ? 'time not known' : `${(timings.wallMs / 1000).toFixed(1)} s`];
  if (usage.completionTokens !== null) parts.push(`${usage.completionTokens} tokens generated`);
  if (timings.outputTokensPerSecond !== null) parts.push(`${timings.outputTokensPerSecond.toFixed(1)} tokens/s`);
  if (timings.timeToFirstTokenMs)
    parts.push(`first token after ${timings.timeToFirstTokenMs.p50.toFixed(0)} ms (median)`);
  return parts.join(', ');
}

function notesOf(result: ResultDocument): readonly string[] {
  return [
    ...result.warnings,
    ...result.tasks.flatMap((task) => [
      ...(task.refused
        ? [`${task.task} refused: ${task.refused.message}${task.refused.hint ? ` (${task.refused.hint})` : ''}`]
        : []),
      ...withheld(task),
      ...decisionOf(task),
      ...(task.counts.truncated > 0 && isEstimated(task.completedOnly)
        ? [`${task.task}: completed answers only: ${formatEstimate(task.headline, task.completedOnly)}`]
        : []),
      ...task.warnings,
    ]),
    ...result.diagnosis.map((verdict) => `${verdict.summary} → ${verdict.advice}`),
  ];
}

function decisionOf({ task, headline, decided, counts }: TaskResult): readonly string[] {
  if (decided === undefined) return [];
  const { verdict, baseline, available, difference } = decided;
  const words = {
    a: 'better than',
    b: 'worse than',
    tied: 'tied with',
    undecided: 'undecided against',
  } as const;
  return [
    `${task}: ${words[verdict]} ${baseline} after ${counts.planned} of ${available} samples: difference ${formatEstimate(headline, difference)}`,
  ];
}

function withheld(task: TaskResult): readonly string[] {
  const estimate = headlineOf(task);
  if (task.refused || isEstimated(estimate)) return [];
  const between = task.bounds
    ? `; it lies between ${formatBound(task.headline, task.bounds.worst)} and ${formatBound(task.headline, task.bounds.best)}`
    : '';
  return [`${task.task}: no score: ${estimate.unavailable}${between}`];
}
