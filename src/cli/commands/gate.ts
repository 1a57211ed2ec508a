import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { exitCodes, type ErrorCode } from '../../core/errors.ts';
import { runGate } from '../../diagnosis/gate/run-gate.ts';
import { formatGate, formatGateMarkdown } from '../../reports/gate.ts';
import { formatJunit } from '../../reports/junit.ts';
import { outputError } from '../../store/journal.ts';
import { replaceFile } from '../../store/replace-file.ts';
import { defineCommand } from '../command.ts';
import { findRun } from '../find-run.ts';

const failed: ErrorCode = 'E_GATE_FAILED';

export default defineCommand({
  id: 'gate',
  summary: 'hold a run against thresholds, a baseline and budgets, for CI',
  arguments: [
    {
      name: 'run',
      description: 'run id, unique prefix, path, latest, or the name of a model, preset or engine for its newest run',
      required: true,
    },
  ],
  example: 'qwen-eval gate latest --min gsm8k=0.7 --baseline 20261101T --junit gate.xml',
  run: async ({ arguments: [reference = 'latest'], options, streams }) => {
    const { out, baseline, min, allowDifferent, junit, githubStepSummary } = options;
    const outcome = runGate(findRun(out, reference), baseline === null ? null : findRun(out, baseline), {
      ...options,
      min: min ?? [],
      allowDifferent: allowDifferent ?? [],
    });
    if (junit !== null) replaceFile(resolve(junit), formatJunit(outcome));
    if (githubStepSummary !== null) appendSummary(githubStepSummary, formatGateMarkdown(outcome));
    const missed = outcome.checks.filter((check) => !check.passed).length;
    if (!outcome.passed)
      streams.err(`${failed}: ${missed} of ${outcome.checks.length} checks do not hold for run ${outcome.runId}\n`);
    return {
      exitCode: outcome.passed ? exitCodes.ok : exitCodes.gateFailed,
      document: outcome,
      text: formatGate(outcome),
    };
  },
});

function appendSummary(path: string, markdown: string): void {
  try {
    appendFileSync(path, markdown);
  } catch (cause) {
    throw outputError(path, cause);
  }
}
