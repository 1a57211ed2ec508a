import type { RunDiagnosis } from '../diagnosis/diagnose-loaded.ts';
import type { FailureRow } from '../diagnosis/failure-table.ts';
import { formatPercent } from '../text/format-estimate.ts';
import { formatCauses, formatReferences } from './support/references.ts';
import { formatTable } from '../text/text-table.ts';

/** A diagnosis for a terminal: verdicts with what to do, then why samples were missed, with examples. */
export function formatDiagnosis({ runId, verdicts, references, failures }: RunDiagnosis): string {
  return [
    `run ${runId}`,
    '',
    ...(verdicts.length === 0
      ? ['nothing is wrong with this run']
      : verdicts.flatMap(({ id, severity, summary, advice }) => [`${severity} ${id}: ${summary}`, `  → ${advice}`])),
    '',
    formatReferences(references),
    ...formatCauses(references),
    '',
    failures.length === 0 ? 'every sample is right' : failureTable(failures),
    ...failures.flatMap(exampleLines),
  ].join('\n');
}

const failureTable = (rows: readonly FailureRow[]): string =>
  formatTable(
    [
      { title: 'task' },
      { title: 'why not right' },
      { title: 'blame' },
      { title: 'samples', align: 'right' },
      { title: 'share', align: 'right' },
      { title: 'the answers …' },
    ],
    rows.map(({ task, code, blame, count, planned, meaning }) => [
      task,
      code,
      blame ?? 'unknown',
      String(count),
      formatPercent(count, planned),
      meaning,
    ]),
  );

function exampleLines({ task, code, examples }: FailureRow): readonly string[] {
  if (examples.length === 0) return [];
  return [
    '',
    `${task}, ${code}:`,
    ...examples.flatMap(({ sampleId, explanation, answer }) => [
      `  ${sampleId}: ${explanation ?? 'no explanation'}`,
      `    ${answer === '' ? '(no answer)' : answer}`,
    ]),
  ];
}
