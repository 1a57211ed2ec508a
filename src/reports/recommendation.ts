import { isEstimated } from '../core/estimate.ts';
import { groupBy } from '../core/group-by.ts';
import { formatEstimate, formatNumber, formatShare } from '../text/format-estimate.ts';
import { formatTable } from '../text/text-table.ts';
import type { BestOfTask } from '../tracker/recommend/best-by-task.ts';
import { matrixEntryText, type MatrixRow } from '../tracker/recommend/category-matrix.ts';
import type { DescribedAdvice, DescribedCandidate } from '../tracker/recommend/describe-advice.ts';

/** What `recommend` gives. */
export interface Recommendation {
  readonly matrix: readonly MatrixRow[];
  readonly bestByTask: readonly BestOfTask[];
  readonly deployment: DescribedAdvice;
}

/** Presets by category of tasks, best configurations by task, and what to deploy, for a terminal. */
export const formatRecommendation = ({ matrix, bestByTask, deployment }: Recommendation): string =>
  [matrixText(matrix), bestText(bestByTask), deploymentText(deployment)].join('\n\n');

function matrixText(matrix: readonly MatrixRow[]): string {
  if (matrix.length === 0) return 'Preset by category of tasks: not enough data, no complete run.';
  const tables = groupBy(matrix, (row) => `${row.model}\u0000${row.mode}`).map(([, rows]) => {
    const presets = [...new Set(rows.flatMap((row) => row.entries.map(({ preset }) => preset)))];
    const mode = rows[0]?.mode ?? '';
    return [
      `${rows[0]?.model}${mode === '' || mode === 'unspecified' ? '' : `, ${mode}`}`,
      formatTable(
        [{ title: 'category' }, ...presets.map((title) => ({ title })), { title: 'take' }],
        rows.map((row) => [
          row.category,
          ...presets.map((preset) => matrixEntryText(row, preset)),
          `${row.verdict.preset ?? row.verdict.kind}: ${row.verdict.reason}`,
        ]),
      ),
    ].join('\n');
  });
  return ['Preset by category of tasks', ...tables].join('\n\n');
}

function bestText(best: readonly BestOfTask[]): string {
  if (best.length === 0) return 'Best configuration by task: not enough data, no complete run.';
  return [
    'Best measured configuration by task',
    formatTable(
      [
        { title: 'task' },
        { title: 'score' },
        { title: 'configuration' },
        { title: 'run' },
        { title: 'as good, maybe' },
      ],
      best.map(({ task, best: one, rivals, others }) => [
        task,
        formatEstimate(one.headline, one.estimate),
        [one.model, one.quantization, one.engine, one.preset, one.mode === 'unspecified' ? null : one.mode]
          .filter((part) => part !== null)
          .join(', '),
        one.runId,
        `${rivals.length} of ${others}`,
      ]),
    ),
  ].join('\n');
}

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

function deploymentText({
  hardware,
  advice,
  confidence,
  reason,
  alternatives,
  wouldChange,
  left,
}: DescribedAdvice): string {
  const where = `${hardware.count > 1 ? `${hardware.count} × ` : ''}${hardware.name}, ${gib(hardware.memoryBytes)} (${hardware.source})`;
  if (advice === null) return [`Deployment on ${where}: nothing to recommend`, `  ${reason}`].join('\n');
  const out = Object.entries(left).map(([why, count]) => `${why} (${count})`);
  return [
    `Deployment on ${where}: ${nameOf(advice)} (${confidence})`,
    `  why         ${reason}`,
    ...candidateLines(advice),
    ...(alternatives.length === 0 ? [] : [`  else        ${alternatives.map(nameOf).join('; ')}`]),
    ...(out.length === 0 ? [] : [`  left out    ${out.join('; ')}`]),
    ...wouldChange.map(({ why, command }) => `  would change it: ${why}\n    ${command}`),
  ].join('\n');
}

const nameOf = ({ model, quantization, engine, preset }: DescribedCandidate): string =>
  `${model}${quantization === null ? '' : ` ${quantization}`} on ${engine}, preset ${preset}`;

function candidateLines(candidate: DescribedCandidate): readonly string[] {
  const { memory, throughput, firstTokenMs, costPerMillionTokens, meets, quality, notes } = candidate;
  const measured =
    memory.measuredBytes === null
      ? 'not measured here'
      : `measured ${gib(memory.measuredBytes)} in run ${memory.runId}`;
  const limit =
    throughput.limitTokensPerSecond === null
      ? 'the limit is not known'
      : `the limit is ${throughput.limitTokensPerSecond.toFixed(0)} tokens/s`;
  const speed = isEstimated(throughput.outputTokensPerSecond)
    ? `${formatNumber(throughput.outputTokensPerSecond)} tokens/s in run ${throughput.runId}; ${limit}`
    : `${throughput.outputTokensPerSecond.unavailable}; ${limit}`;
  const first =
    firstTokenMs.p95 === null
      ? 'not measured'
      : `95 % within ${firstTokenMs.p95.toFixed(0)} ms in run ${firstTokenMs.runId}`;
  const asked = Object.entries(meets).filter(([, met]) => met !== 'not asked');
  return [
    `  command     ${candidate.command}`,
    ...notes.map((note) => `  note        ${note}`),
    `  quality     ${isEstimated(quality.estimate) ? `${formatShare(quality.estimate)} in ${quality.runIds.join(', ')}` : quality.estimate.unavailable}`,
    `  memory      estimated ${gib(memory.estimatedBytes)} of ${gib(memory.availableBytes)}, room for ${memory.fullSequences} sequences of ${memory.contextTokens} tokens; ${measured}`,
    `  throughput  ${speed}`,
    `  first token ${first}${firstTokenMs.least === null ? '' : `; at least ${firstTokenMs.least.toFixed(0)} ms for 1000 prompt tokens`}`,
    ...(costPerMillionTokens === null
      ? []
      : [
          `  cost        ${costPerMillionTokens.value.toPrecision(3)} a million output tokens, ${costPerMillionTokens.basis === 'limit' ? 'at the limit: more in practice' : 'measured'}`,
        ]),
    ...(asked.length === 0 ? [] : [`  needs met   ${asked.map(([need, met]) => `${need} ${met}`).join(', ')}`]),
  ];
}
