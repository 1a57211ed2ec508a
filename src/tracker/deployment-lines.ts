import { bottleneckText, memoryFigureText } from './cell-system.ts';
import type { Deployment } from './deployment.ts';
import { firstTokenText, throughputText } from './deployment-figures.ts';
import { cellText, code } from './markdown.ts';
import type { RunLinks } from './run-links.ts';

/** What a preset's results say beside the scores: system performance, issues, configuration. */
export const deploymentLines = (deployment: Deployment, link: RunLinks): readonly (readonly string[])[] => [
  performanceLines(deployment, link),
  memoryLines(deployment),
  issueLines(deployment),
  configurationLines(deployment),
];

function performanceLines(deployment: Deployment, link: RunLinks): readonly string[] {
  const { performance, engine, runId } = deployment;
  const { bottleneck } = deployment.figures;
  const wall = performance.wallMs === null ? 'a time not reported' : `${(performance.wallMs / 1000).toFixed(1)} s`;
  const tokens =
    performance.completionTokens === null ? 'tokens not reported' : `${performance.completionTokens} tokens`;
  return [
    `**System performance** (run ${link(runId)}, ${cellText(engine)})`,
    `- Output throughput: ${throughputText(deployment)}`,
    `- Time to first token: ${firstTokenText(deployment)}`,
    `- Generated: ${tokens} in ${wall}`,
    `- Limited by: ${cellText(bottleneck === null ? 'not measured' : bottleneckText(bottleneck))}`,
  ];
}

const memoryLines = ({ figures: { estimated, measured } }: Deployment): readonly string[] => [
  '**Memory analysis**',
  `- Estimated: ${cellText(memoryFigureText(estimated))}`,
  `- Measured: ${cellText(memoryFigureText(measured))}`,
];

/** Codes shown of a task. */
const shownFailures = 3;

function issueLines({ verdicts, failures, presetNotes }: Deployment): readonly string[] {
  const tasks = [...new Set(failures.map(({ task }) => task))];
  const lines = [
    ...verdicts
      .filter((verdict) => verdict.severity !== 'info')
      .map((verdict) => `- ${verdict.severity}: ${cellText(verdict.summary)} → ${cellText(verdict.advice)}`),
    ...tasks.map((task) => {
      const own = failures.filter((failure) => failure.task === task);
      const first = own.slice(0, shownFailures).map((failure) => `${failure.count} ${code(failure.code)}`);
      return `- ${code(task)}: of ${own[0]?.planned} samples ${first.join(', ')}${own.length > shownFailures ? ', …' : ''}`;
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
