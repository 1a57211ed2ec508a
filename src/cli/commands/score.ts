import { exitCodes, QwenEvalError } from '../../core/errors.ts';
import { isEstimated } from '../../core/estimate.ts';
import { formatEstimate } from '../../text/format-estimate.ts';
import { formatTable } from '../../text/text-table.ts';
import { score, type ScoreSummary } from '../../runner/score.ts';
import type { Disagreement, RuleTotals, ScoredResponse } from '../../runner/score-tally.ts';
import { defineCommand, type Invocation } from '../command.ts';

export default defineCommand({
  id: 'score',
  summary: 'score responses that another tool made',
  arguments: [],
  example: 'qwen-eval score --task gsm8k --responses answers.jsonl --data-dir data',
  run: async ({ options, streams }) => {
    if (options.task === null || options.responses === null) {
      throw new QwenEvalError('E_USAGE', 'score needs a task and a file of responses', {
        hint: 'for example `qwen-eval score --task gsm8k --responses answers.jsonl`',
      });
    }
    const request = { task: options.task, responses: options.responses, options };
    if (options.json) return writeJson(request, { options, streams });
    const summary = await score(request);
    return { exitCode: exitCodes.ok, document: summary, text: formatSummary(summary) };
  },
});

/** Writes the document as it grows, so that a million responses need no memory of their own. */
async function writeJson(
  request: Parameters<typeof score>[0],
  { options, streams }: Pick<Invocation, 'options' | 'streams'>,
) {
  let written = 0;
  const buffer: string[] = [];
  const flush = (): void => {
    if (buffer.length > 0) streams.out(buffer.join(''));
    buffer.length = 0;
  };
  const onScored = (scored: ScoredResponse): void => {
    buffer.push(written++ === 0 ? `{"samples": [\n${JSON.stringify(scored)}` : `,\n${JSON.stringify(scored)}`);
    if (buffer.length >= 500) flush();
  };
  const summary = await score(options.summary ? request : { ...request, onScored });
  if (options.summary) return { exitCode: exitCodes.ok, document: summary, text: '' };
  flush();
  const rest = JSON.stringify(summary, null, 2).slice(1);
  streams.out(`${written === 0 ? '{"samples": [' : ''}\n],${rest}\n`);
  return { exitCode: exitCodes.ok, document: undefined, text: '' };
}

const head = (summary: ScoreSummary, rules: string, { counts }: RuleTotals): string =>
  `${summary.task}, ${rules} rules: ${counts.scored} of ${counts.planned} responses scored, ${counts.truncated} truncated`;

function formatSummary(summary: ScoreSummary): string {
  const { certified } = summary;
  return [
    head(summary, summary.rules, summary),
    '',
    ...formatTotals(summary),
    ...(certified === undefined
      ? []
      : ['', head(summary, 'certified', certified), '', ...formatTotals(certified), '', ...formatDifferences(summary)]),
    ...(summary.verdicts ?? []).flatMap(({ id, summary: said, advice }) => ['', `! ${id}: ${said}`, `  → ${advice}`]),
  ].join('\n');
}

function formatTotals({ metrics, counts }: RuleTotals): readonly string[] {
  const rows = Object.entries(metrics).map(([metric, estimate]) => [metric, formatEstimate(metric, estimate)]);
  const reasons = Object.values(metrics).flatMap((estimate) => (isEstimated(estimate) ? [] : [estimate.unavailable]));
  const codes = Object.entries(counts.byCode).map(([code, count]) => [code, String(count)]);
  return [
    formatTable([{ title: 'metric' }, { title: 'estimate [95 % interval]' }], rows),
    ...[...new Set(reasons)].map((reason) => `! ${reason}`),
    ...(codes.length === 0
      ? []
      : ['', formatTable([{ title: 'why not right' }, { title: 'responses', align: 'right' }], codes)]),
  ];
}

/** Differences that a person reads; all are in the JSON document. */
const differencesShown = 20;

const verdictWord = (correct: boolean | null): string => (correct === null ? 'unscored' : correct ? 'right' : 'wrong');

function formatDifferences({ rules, differing = 0, differences = [] }: ScoreSummary): readonly string[] {
  if (differing === 0) return [`The certified scorer and the rules ${rules} agree on every response.`];
  const lines = differences.slice(0, differencesShown).map(({ sampleId, epoch, certified, theirs }: Disagreement) => {
    const place = epoch === 0 ? sampleId : `${sampleId} (epoch ${epoch})`;
    return [
      `${place}: certified ${verdictWord(certified.correct)}, ${rules} ${verdictWord(theirs.correct)}`,
      `  certified: ${certified.explanation ?? 'no explanation'}`,
      `  ${rules}: ${theirs.explanation ?? 'no explanation'}`,
    ].join('\n');
  });
  const rest = differing > lines.length ? [`… and ${differing - lines.length} more (see --json)`] : [];
  return [`They differ on ${differing} responses:`, ...lines, ...rest];
}
