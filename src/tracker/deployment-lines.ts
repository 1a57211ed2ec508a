import { isEstimated } from '../core/estimate.ts';
import { formatNumber } from '../text/format-estimate.ts';
import type { Deployment } from './deployment.ts';
import { cellText, code } from './markdown.ts';
import type { RunLinks } from './run-links.ts';

/** What a preset's results say beside the scores: system performance, issues, configuration. */
export const deploymentLines = (deployment: Deployment, link: RunLinks): readonly (readonly string[])[] => [
  performanceLines(deployment, link),
  issueLines(deployment),
  configurationLines(deployment),
];

function performanceLines({ performance, engine, runId }: Deployment, link: RunLinks): readonly string[] {
  const { outputTokensPerSecond: estimate, lastOutputTokensPerSecond: last, timeToFirstTokenMs: first } = performance;
  const throughput = isEstimated(estimate)
    ? `${formatNumber(estimate)} tokens/s over ${estimate.n} runs of one plan`
    : last === null
      ? 'not measured'
      : `${last.toFixed(1)} tokens/s, measured once: no interval`;
  return [
    `**System performance** (run ${link(runId)}, ${cellText(engine)})`,
    `- Output throughput: ${throughput}`,
    `- Time to first token: ${first === null ? 'not measured' : `median ${first.p50.toFixed(0)} ms, 95 % within ${first.p95.toFixed(0)} ms (${first.n} requests)`}`,
    `- Generated: ${performance.completionTokens === null ? 'tokens not reported' : `${performance.completionTokens} tokens`} in ${performance.wallMs === null ? 'a time not reported' : `${(performance.wallMs / 1000).toFixed(1)} s`}`,
  ];
}

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
