import { leastCoverage } from '../../core/coverage-shortfall.ts';
import { taskVerdict } from '../diagnosed-run.ts';
import { countOf } from '../evidence.ts';

/** Samples that the judge gave no usable verdict on. */
export const judge = taskVerdict('judge', ({ run, plan, result }) => {
  const failures = Object.entries(result.counts.byCode).filter(([code]) => code.startsWith('judge.'));
  const failed = failures.reduce((sum, [, count]) => sum + count, 0);
  if (failed === 0) return null;
  const why = failures
    .map(([code, count]) => `${count} ${code.slice('judge.'.length).replaceAll('_', ' ')}`)
    .join(', ');
  return {
    severity: result.coverage < leastCoverage ? 'error' : 'warning',
    summary: `${plan.task}: the judge gave no verdict on ${countOf(failed, result.counts.planned)} answers (${why})`,
    evidence: { failures: Object.fromEntries(failures), planned: result.counts.planned },
    advice: `qwen-eval resume ${run.result.runId}`,
  };
});
