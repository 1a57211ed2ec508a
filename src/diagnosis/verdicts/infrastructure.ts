import { leastCoverage } from '../../core/coverage-shortfall.ts';
import type { TaskResult, Verdict } from '../../core/result-document.ts';
import type { DiagnosedRun } from '../diagnosed-run.ts';
import { diagnosedTasks, type VerdictKind } from '../diagnosed-run.ts';
import { formatPercent } from '../../text/format-estimate.ts';

const id = 'infrastructure';
/** Share of requests that had to be repeated from which the server is worth a word. */
const repeatedShare = 0.1;
const fewestRepeats = 5;

const causes: Readonly<Record<string, string>> = {
  'infra.http': 'refused',
  'infra.rate_limit': 'rate-limited',
  'infra.network': 'cut off on the way',
  'infra.timeout': 'not answered in time',
  'infra.engine': 'lost in an engine that failed',
};

const failuresOf = ({ counts }: TaskResult): readonly (readonly [string, number])[] =>
  Object.entries(counts.byCode).filter(([code]) => code.startsWith('infra.'));

function missing(task: TaskResult, runId: string): readonly Verdict[] {
  const failures = failuresOf(task);
  const failed = failures.reduce((sum, [, count]) => sum + count, 0);
  if (failed === 0) return [];
  const { bounds, counts } = task;
  const why = failures.map(([code, count]) => `${count} ${causes[code] ?? code}`).join(', ');
  const between = bounds
    ? `; the score lies between ${formatPercent(bounds.worst, 1)} and ${formatPercent(bounds.best, 1)}`
    : '';
  return [
    {
      id,
      severity: task.coverage < leastCoverage ? 'error' : 'warning',
      summary: `${task.task}: ${failed} of ${counts.planned} samples have no score because their requests failed (${why})${between}`,
      evidence: { task: task.task, failures: Object.fromEntries(failures), planned: counts.planned },
      advice: `qwen-eval resume ${runId}`,
    },
  ];
}

function repeated({ result, samples }: DiagnosedRun): readonly Verdict[] {
  const finished = [...samples.values()].reduce((sum, list) => sum + list.length, 0);
  const repeats = [...samples.values()].flat().reduce((sum, { attempts }) => sum + attempts - 1, 0);
  if (repeats < fewestRepeats || repeats / finished < repeatedShare) return [];
  return [
    {
      id,
      severity: 'info',
      summary: `${repeats} requests had to be repeated for ${finished} answers: the server is overloaded or unstable; no score is affected`,
      evidence: { repeats, finished },
      advice: `qwen-eval resume ${result.runId} --max-connections 4`,
    },
  ];
}

/** Requests that failed: samples without a score, or answers that came only after repeats. */
export const infrastructure: VerdictKind = {
  id,
  judge: (run) => {
    const missed = diagnosedTasks(run).flatMap((task) => missing(task.result, run.result.runId));
    return missed.length > 0 ? missed : repeated(run);
  },
};
