import { isEstimated } from '../../core/estimate.ts';
import { formatEstimate } from '../../text/format-estimate.ts';
import { formatTable } from '../../text/text-table.ts';
import type { ImportReport, TaskImport } from './import-report.ts';

const shownFindings = 20;

const share = (value: number | null): string => (value === null ? '–' : `${(value * 100).toFixed(1)} %`);

/** An import as text: both sides' figures for each metric, and what a reader must know. */
export function formatImport(report: ImportReport): string {
  const { tool, version, model, runId, records, tasks, findings } = report;
  const shown = findings.slice(0, shownFindings).map(({ severity, explanation }) => `${severity}: ${explanation}`);
  const more =
    findings.length > shownFindings ? [`… and ${findings.length - shownFindings} more findings (--json)`] : [];
  return [
    `${runId}: ${records} answers of ${model}, from a log of ${[tool, version].filter((part) => part !== null).join(' ')}`,
    '',
    formatTable(
      [
        { title: 'task' },
        { title: 'metric' },
        { title: 'stated', align: 'right' },
        { title: 'theirs', align: 'right' },
        { title: 'ours [95 % interval]' },
        { title: 'agree', align: 'right' },
        { title: 'differ', align: 'right' },
      ],
      tasks.flatMap(rowsOf),
    ),
    ...(shown.length === 0 ? [] : ['', ...shown, ...more]),
  ].join('\n');
}

const rowsOf = ({ task, metrics }: TaskImport): readonly (readonly string[])[] =>
  metrics.map(({ metric, measure, stated, theirs, ours, agreeing, differing }) => [
    task,
    metric,
    share(stated),
    share(theirs),
    isEstimated(ours) ? formatEstimate(measure ?? 'accuracy', ours) : ours.unavailable,
    String(agreeing),
    String(differing),
  ]);
