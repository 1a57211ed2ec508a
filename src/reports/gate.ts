import { isEstimated } from '../core/estimate.ts';
import type { GateCheck, GateOutcome } from '../diagnosis/gate/run-gate.ts';
import { formatTable } from '../text/text-table.ts';

/** A gate's outcome for a terminal: what failed first. */
export function formatGate({ passed, runId, baseline, checks }: GateOutcome): string {
  const failed = checks.filter((check) => !check.passed);
  const against = baseline === null ? '' : ` against ${baseline}`;
  return [
    `gate ${passed ? 'passed' : 'FAILED'}: ${checks.length - failed.length} of ${checks.length} checks hold, run ${runId}${against}`,
    '',
    formatTable(
      [{ title: 'check' }, { title: '' }, { title: 'what was found' }],
      [...failed, ...checks.filter((check) => check.passed)].map((check) => [
        check.id,
        check.passed ? 'ok' : 'FAILED',
        check.explanation,
      ]),
    ),
  ].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const interval = ({ estimate }: GateCheck): string =>
  estimate !== null && isEstimated(estimate)
    ? `${estimate.value.toFixed(3)} [${estimate.low.toFixed(3)}, ${estimate.high.toFixed(3)}]`
    : '–';

/** A gate's outcome as Markdown for the summary page of a CI job. */
export function formatGateMarkdown(outcome: GateOutcome): string {
  const { passed, runId, baseline, checks } = outcome;
  return [
    `### qwen-eval gate: ${passed ? 'passed' : 'failed'}`,
    '',
    `Run \`${runId}\`${baseline === null ? '' : ` against \`${baseline}\``}`,
    '',
    '| check | outcome | bound | estimate [95 %] | what was found |',
    '|---|---|---|---|---|',
    ...checks.map(
      (check) =>
        `| ${cell(check.id)} | ${check.passed ? '✅' : '❌'} | ${check.bound ?? '–'} | ${interval(check)} | ${cell(check.explanation)} |`,
    ),
    '',
  ].join('\n');
}
