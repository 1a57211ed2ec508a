import { isEstimated } from '../../core/estimate.ts';
import { formatEstimate } from '../../text/format-estimate.ts';
import { memoryShort } from '../cell-system.ts';
import { deploymentLines, memoryLines } from '../deployment-lines.ts';
import { cellText, code, joinParts, tableLines } from '../markdown.ts';
import type { RunLinks } from '../run-links.ts';
import type { Section } from '../section.ts';
import type { Tracker } from '../tracker.ts';
import { variantText, type TrackerCell } from '../tracker-cell.ts';

/** Results by model and preset: scores, history, system performance, issues and configuration. */
export const results: Section = {
  name: 'results',
  heading: '## Evaluation results',
  lines: (tracker, link) => {
    const tested = [...new Set(tracker.cells.filter((cell) => cell.runId !== null).map((cell) => cell.model))];
    if (tested.length === 0) return ['No run yet: make one with `qwen-eval run`.'];
    return joinParts(tested.flatMap((model) => modelParts(model, { tracker, link })));
  },
};

interface Context {
  readonly tracker: Tracker;
  readonly link: RunLinks;
}

function modelParts(model: string, context: Context): readonly (readonly string[])[] {
  const cells = context.tracker.cells.filter((cell) => cell.model === model);
  const presets = [...new Set(cells.map((cell) => cell.preset))];
  return [
    [`### ${cellText(model)}`],
    ...presets.flatMap((preset) =>
      presetParts(
        cells.filter((cell) => cell.preset === preset),
        { ...context, preset, model },
      ),
    ),
  ];
}

function presetParts(
  cells: readonly TrackerCell[],
  context: Context & { readonly model: string; readonly preset: string },
): readonly (readonly string[])[] {
  const { model, preset, tracker, link } = context;
  const title = [`#### ${cellText(model)}, ${cellText(preset)}`];
  const run = cells.filter((cell) => cell.runId !== null);
  if (run.length === 0) return [title, [`Not yet tested: ${cells.length} tasks pending.`]];
  const pending = cells.filter((cell) => cell.runId === null).map((cell) => code(cell.task));
  const deployment = tracker.deployments.find((one) => one.model === model && one.preset === preset);
  return [
    title,
    ...groups.flatMap(({ group, heading }) => {
      const own = run.filter((cell) => tracker.taskGroups[cell.task] === group);
      return own.length === 0 ? [] : [[`**${heading}**`], cellTable(own, context)];
    }),
    ...(pending.length === 0 ? [] : [[`Pending: ${pending.join(', ')}`]]),
    historyLines(run, link),
    memoryLines(run, link),
    ...(deployment ? deploymentLines(deployment, link) : []),
  ];
}

const groups = [
  { group: 'dataset', heading: 'Datasets' },
  { group: 'function_calling', heading: 'Function calling' },
  { group: 'agent', heading: 'Agents' },
  { group: 'long_context', heading: 'Long context' },
] as const;

const cellTable = (cells: readonly TrackerCell[], { tracker, link }: Context): readonly string[] =>
  tableLines(
    [
      'Task',
      'Category',
      'Asked as',
      'Score [95 % interval]',
      'Official',
      'Scored',
      'Status',
      'Memory est. / meas.',
      'Bottleneck',
      'Run',
      'Notes',
    ],
    cells.map((cell) => [
      code(cell.task),
      tracker.taskCategories[cell.task] ?? '–',
      variantOf(cell),
      scoreOf(cell),
      officialText(cell),
      cell.counts === null ? '–' : `${cell.counts.scored}/${cell.counts.planned}`,
      cell.status,
      cell.system === null ? '–' : `${memoryShort(cell.system.estimated)} / ${memoryShort(cell.system.measured)}`,
      cell.system?.bottleneck?.kind ?? 'not measured',
      cell.runId === null ? '–' : link(cell.runId),
      cellText([...(cell.reason === null ? [] : [cell.reason]), ...cell.notes].join('; ')),
    ]),
  );

const variantOf = (cell: TrackerCell): string => variantText(cell) || '–';

const scoreOf = ({ headline, estimate }: TrackerCell): string =>
  isEstimated(estimate) ? `${formatEstimate(headline, estimate)} ${headline}` : '–';

/** The official value and whether our interval holds it. */
function officialText({ official, headline }: TrackerCell): string {
  if (official === null) return '–';
  if (official.official === null) return cellText(official.reason ?? 'no official value');
  const { value } = official.official;
  const shown = headline === 'rating' ? value.toFixed(2) : `${Number((value * 100).toFixed(1))} %`;
  if (official.contains === null) return shown;
  return `${shown} (${official.contains ? 'inside the interval' : 'outside the interval'})`;
}

function historyLines(cells: readonly TrackerCell[], link: RunLinks): readonly string[] {
  const rows = cells.flatMap((cell) =>
    cell.history.map((entry) => [
      code(cell.task),
      variantOf(cell),
      isEstimated(entry.estimate) ? formatEstimate(entry.headline, entry.estimate) : entry.status,
      link(entry.runId),
      cellText(entry.comparability),
    ]),
  );
  if (rows.length === 0) return [];
  return [
    '**History** (older runs, never pooled with the result above)',
    '',
    ...tableLines(['Task', 'Asked as', 'Score [95 % interval]', 'Run', 'Against the result above'], rows),
  ];
}
