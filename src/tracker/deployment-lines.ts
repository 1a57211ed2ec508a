import { groupBy } from '../core/group-by.ts';
import { systemLines } from '../text/system-lines.ts';
import { bottleneckText, memoryFigureText, type MemoryFigure } from './cell-system.ts';
import type { Deployment } from './deployment.ts';
import { firstTokenText, throughputText } from './deployment-figures.ts';
import { cellText, code } from './markdown.ts';
import type { RunLinks } from './run-links.ts';
import { cellKey, variantText, type TrackerCell } from './tracker-cell.ts';

/** What a preset's results say beside the scores: system performance, issues, configuration. */
export const deploymentLines = (deployment: Deployment, link: RunLinks): readonly (readonly string[])[] => [
  performanceLines(deployment, link),
  issueLines(deployment, link),
  configurationLines(deployment),
];

function performanceLines(deployment: Deployment, link: RunLinks): readonly string[] {
  const { performance, engine, runId, system } = deployment;
  const wall = performance.wallMs === null ? 'a time not reported' : `${(performance.wallMs / 1000).toFixed(1)} s`;
  const tokens =
    performance.completionTokens === null ? 'tokens not reported' : `${performance.completionTokens} tokens`;
  return [
    `**System performance** (run ${link(runId)}, ${cellText(engine)})`,
    `- Output throughput: ${throughputText(deployment)}`,
    `- Time to first token: ${firstTokenText(deployment)}`,
    `- Generated: ${tokens} in ${wall}`,
    ...(system === null
      ? ['- Not measured: memory, cards, processors, energy']
      : systemLines(system)
          .filter((line) => !elsewhere.test(line))
          .map((line) => `- ${cellText(line)}`)),
  ];
}

const figureText = (word: string, figure: MemoryFigure): string =>
  'unavailable' in figure ? figure.unavailable : `${word} ${memoryFigureText(figure)}`;

/** Subjects that stand elsewhere in the results. */
const elsewhere = /^(?:memory|throughput|first token|limited by):/;

/** Estimated beside measured memory and what limited each run whose results are shown. */
export function memoryLines(cells: readonly TrackerCell[], link: RunLinks): readonly string[] {
  const shown = cells.flatMap((cell) =>
    cell.runId === null || cell.system === null ? [] : [{ ...cell, runId: cell.runId, system: cell.system }],
  );
  return [
    '**Memory analysis and bottlenecks**',
    ...groupBy(shown, ({ runId }) => runId).flatMap(([runId, group]) => {
      const [first] = group;
      if (first === undefined) return [];
      const { estimated, measured, bottleneck } = first.system;
      const limit =
        bottleneck === null ? 'not measured' : bottleneckText(bottleneck).replace(/^client-limited: /, 'the client, ');
      return `- ${link(runId)} (${group.map(({ task }) => code(task)).join(', ')}): ${cellText(figureText('estimated', estimated))}; ${cellText(figureText('measured', measured))}; limited by: ${cellText(limit)}`;
    }),
  ];
}

/** Codes shown of a task. */
const shownFailures = 3;

function issueLines({ verdicts, failures, presetNotes }: Deployment, link: RunLinks): readonly string[] {
  const cells = groupBy(failures, ({ task, mode, choiceMode }) =>
    cellKey({ model: '', preset: '', task, mode, choiceMode }),
  );
  const lines = [
    ...verdicts
      .filter((verdict) => verdict.severity !== 'info')
      .map(
        (verdict) =>
          `- ${verdict.severity}: ${cellText(verdict.summary)} → ${cellText(verdict.advice)} (${link(verdict.runId)})`,
      ),
    ...cells.map(([, own]) => {
      const { task = '', mode = null, choiceMode = null, planned = 0 } = own[0] ?? {};
      const first = own.slice(0, shownFailures).map((failure) => `${failure.count} ${code(failure.code)}`);
      const variant = variantText({ mode, choiceMode });
      return `- ${code(task)}${variant === '' ? '' : ` (${variant})`}: of ${planned} samples ${first.join(', ')}${own.length > shownFailures ? ', …' : ''}`;
    }),
    ...presetNotes.map((note) => `- ${cellText(note)}`),
  ];
  return lines.length === 0 ? [] : ['**Technical issues**', ...lines];
}

const configurationLines = ({ configuration }: Deployment): readonly string[] => [
  '**Configuration used**',
  '```json',
  ...JSON.stringify(configuration, null, 2).replaceAll('`', "'").split('\n'),
  '```',
];
