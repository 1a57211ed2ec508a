import { exitCodes, QwenEvalError } from '../../core/errors.ts';
import { formatEstimate } from '../../text/format-estimate.ts';
import { formatTable } from '../../text/text-table.ts';
import { score, type ScoredResponse, type ScoreSummary } from '../../runner/score.ts';
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

function formatSummary(summary: ScoreSummary): string {
  const rows = Object.entries(summary.metrics).map(([metric, estimate]) => [metric, formatEstimate(metric, estimate)]);
  const codes = Object.entries(summary.counts.byCode).map(([code, count]) => [code, String(count)]);
  return [
    `${summary.task}, ${summary.rules} rules: ${summary.counts.scored} of ${summary.counts.planned} responses scored, ${summary.counts.truncated} truncated`,
    '',
    formatTable([{ title: 'metric' }, { title: 'estimate [95 % interval]' }], rows),
    ...(codes.length === 0
      ? []
      : ['', formatTable([{ title: 'why not right' }, { title: 'responses', align: 'right' }], codes)]),
  ].join('\n');
}
