import { taskVerdict } from '../diagnosed-run.ts';
import { countOf, exampleIds, hasFamily } from '../evidence.ts';

/** Samples that the scorer itself failed on: never a miss of the model. */
export const scorerFault = taskVerdict('scorer_fault', ({ run, plan, result, samples }) => {
  const faults = samples.filter((sample) => hasFamily(sample, 'scorer.fault'));
  if (faults.length === 0) return null;
  return {
    severity: 'error',
    summary: `${plan.task}: the scorer failed on ${countOf(faults.length, result.counts.planned)} answers, which have no score; this is a fault of qwen-eval, not of the model`,
    evidence: { faults: faults.length, samples: exampleIds(faults) },
    advice: `qwen-eval rescore ${run.result.runId}`,
  };
});
