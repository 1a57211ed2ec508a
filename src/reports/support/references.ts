import type { ReferenceComparison } from '../../core/result-document.ts';
import { formatEstimate } from '../../text/format-estimate.ts';
import { formatTable } from '../../text/text-table.ts';

type Official = NonNullable<ReferenceComparison['official']>;

/** A published value in the unit of the estimate beside it: percent, but ratings as they are. */
const published = ({ value }: Official): string =>
  value > 1 ? String(value) : `${Number((value * 100).toFixed(1))} %`;

const metricOf = ({ value }: Official): string => (value > 1 ? 'rating' : 'accuracy');

/** Official scores beside those of a run, one row a task that has one, and why the other tasks have none; empty without tasks. */
export function formatReferences(references: readonly ReferenceComparison[]): string {
  const found = references.flatMap((row) => (row.official === null ? [] : [{ ...row, official: row.official }]));
  const rows = found.map(({ task, official, ours, contains }) => [
    task,
    formatEstimate(metricOf(official), ours),
    `${published(official)} (${official.model}${official.mode === null ? '' : `, ${official.mode}`})`,
    contains === null ? '–' : contains ? 'inside the interval' : 'outside the interval',
    official.setting,
  ]);
  const table =
    rows.length === 0
      ? []
      : [
          formatTable(
            [
              { title: 'official' },
              { title: 'here' },
              { title: 'published' },
              { title: 'agrees' },
              { title: 'setting' },
            ],
            rows,
          ),
        ];
  return [...table, ...reasonLines(references)].join('\n');
}

/** `no official value: gsm8k, mmlu (the model is in no registry)`. */
function reasonLines(references: readonly ReferenceComparison[]): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const { task, reason } of references) {
    if (reason === null) continue;
    const known = reasons.get(reason);
    if (known) known.push(task);
    else reasons.set(reason, [task]);
  }
  return [...reasons].map(([reason, tasks]) =>
    reason.startsWith('no official value')
      ? `${tasks.join(', ')}: ${reason}`
      : `no official value for ${tasks.join(', ')}: ${reason}`,
  );
}

/** What differs from a published setting and what may explain a difference, for each task whose interval does not hold it. */
export const formatCauses = (references: readonly ReferenceComparison[]): readonly string[] =>
  references.flatMap(({ task, official, contains, causes, settingDifferences }) => {
    if (official === null) return [];
    const differences = settingDifferences.map(({ what, official: theirs, ours }) => `${what} ${theirs} → ${ours}`);
    const heading = `${task}, published → here: ${differences.join('; ')}`;
    return contains === false
      ? [
          '',
          heading,
          ...causes.map(({ explanation }, index) => `  ${index + 1}. ${explanation}`),
          `  source: ${official.source}`,
        ]
      : ['', heading, `  source: ${official.source}`];
  });
