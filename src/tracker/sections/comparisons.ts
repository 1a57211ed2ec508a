import { groupBy } from '../../core/group-by.ts';
import { formatDifference } from '../../text/format-difference.ts';
import { formatEstimate } from '../../text/format-estimate.ts';
import type { ComparedTask, Place, TrackerComparison } from '../compare/tracker-comparison.ts';
import type { Deployment } from '../deployment.ts';
import { figureRows } from '../deployment-figures.ts';
import { cellText, code, joinParts, tableLines } from '../markdown.ts';
import { matrixEntryText, type MatrixRow } from '../recommend/category-matrix.ts';
import type { Section } from '../section.ts';
import type { Tracker } from '../tracker.ts';

/** Presets, modes and sizes side by side: paired differences, what each costs, and which preset suits which category of tasks. */
export const comparisons: Section = {
  name: 'comparisons',
  heading: '## Comparative analysis',
  lines: (tracker) => {
    const parts = [
      ...presetParts(tracker),
      ...kindParts(
        'Thinking against non-thinking',
        tracker.comparisons.filter(({ kind }) => kind === 'mode'),
      ),
      ...kindParts(
        'Sizes',
        tracker.comparisons.filter(({ kind }) => kind === 'model'),
      ),
      ...matrixParts(tracker.matrix),
    ];
    if (parts.length === 0)
      return ['Nothing to compare yet: two presets, modes or models must have been tested on the same task.'];
    return joinParts([
      [
        'Differences are paired by sample, at 95 % after Holm’s correction over the tasks of a table; tied means within ±2 points at 90 %.',
      ],
      ...parts,
    ]);
  },
};

function presetParts(tracker: Tracker): readonly (readonly string[])[] {
  const byModel = groupBy(
    tracker.comparisons.filter(({ kind }) => kind === 'preset'),
    ({ a }) => `${a.model}\u0000${a.mode}`,
  );
  return byModel.flatMap(([, group]) => {
    const place = (group[0] as TrackerComparison).a;
    const presets = [...group.map(({ b }) => b.preset), ...group.map(({ a }) => a.preset)];
    return [
      [`### ${cellText(place.model)}${modeText(place)}: presets`],
      systemTable(tracker.deployments.filter((one) => one.model === place.model && presets.includes(one.preset))),
      ...group.flatMap(comparisonParts),
    ];
  });
}

const kindParts = (title: string, comparisons: readonly TrackerComparison[]): readonly (readonly string[])[] =>
  comparisons.length === 0 ? [] : [[`### ${title}`], ...comparisons.flatMap(comparisonParts)];

/** What is the same on both sides, said once. */
function sharedText({ kind, a }: TrackerComparison): string {
  if (kind === 'mode') return `${a.model}, ${a.preset}:`;
  return kind === 'model' ? `${a.preset}${modeText(a)}:` : '';
}

const modeText = ({ mode }: Place): string => (mode === '' || mode === 'unspecified' ? '' : `, ${mode}`);

function comparisonParts(comparison: TrackerComparison): readonly (readonly string[])[] {
  const { kind, tasks } = comparison;
  // Both sides are named by what differs.
  const [a, b] = [cellText(comparison.a[kind]), cellText(comparison.b[kind])];
  return [
    [`**${cellText(sharedText(comparison))}${sharedText(comparison) === '' ? '' : ' '}${a} against ${b}**`],
    tableLines(
      ['Task', a, b, 'Difference', 'Verdict', 'Pairs'],
      tasks.map((task) => [
        task.choiceMode === null ? code(task.task) : `${code(task.task)} (${task.choiceMode})`,
        formatEstimate(task.metric, task.a),
        formatEstimate(task.metric, task.b),
        formatDifference(task.metric, task.difference),
        verdictText(task, { a, b }),
        String(task.pairs),
      ]),
    ),
  ];
}

function verdictText(task: ComparedTask, names: { readonly a: string; readonly b: string }): string {
  switch (task.verdict) {
    case 'a':
    case 'b':
      return `${names[task.verdict]} is better`;
    case 'tied':
      return 'tied';
    case 'not comparable':
      return `not comparable: ${cellText(task.barrier ?? '')}`;
    case 'undecided':
      return task.pairsToDecide === null ? 'undecided' : `undecided; about ${task.pairsToDecide} samples would decide`;
  }
}

const systemTable = (deployments: readonly Deployment[]): readonly string[] =>
  deployments.length < 2
    ? []
    : tableLines(
        ['', ...deployments.map(({ preset }) => cellText(preset))],
        figureRows(deployments).map(([title, ...values]) => [title, ...values.map(cellText)]),
      );

function matrixParts(matrix: readonly MatrixRow[]): readonly (readonly string[])[] {
  const shown = matrix.filter((row) => row.entries.length > 1);
  if (shown.length === 0) return [];
  return [
    ['### Which preset for which category of tasks'],
    ...groupBy(shown, (row) => `${row.model}\u0000${row.mode}`).map(([, rows]) => {
      const presets = [...new Set(rows.flatMap((row) => row.entries.map((entry) => entry.preset)))];
      const [first] = rows as readonly [MatrixRow, ...MatrixRow[]];
      return [
        `**${cellText(first.model)}${modeText({ model: first.model, preset: '', mode: first.mode })}**`,
        '',
        ...tableLines(
          ['Category', ...presets.map(cellText), 'Take'],
          rows.map((row) => [
            row.category,
            ...presets.map((preset) => cellText(matrixEntryText(row, preset))),
            `${row.verdict.preset === null ? row.verdict.kind : code(row.verdict.preset)}: ${cellText(row.verdict.reason)}`,
          ]),
        ),
      ];
    }),
  ];
}
