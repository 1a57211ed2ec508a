import { taskVerdict } from '../diagnosed-run.ts';
import { countOf, exampleIds, hasFamily, isNotable } from '../evidence.ts';

/** Answers that refuse the task. */
export const refusal = taskVerdict('refusal', ({ run, plan, samples }) => {
  const refused = samples.filter((sample) => hasFamily(sample, 'gen.refused'));
  const filtered = samples.filter((sample) => hasFamily(sample, 'gen.filtered'));
  if (!isNotable(refused.length + filtered.length, samples.length)) return null;
  const what =
    filtered.length > refused.length
      ? `${countOf(filtered.length, samples.length)} answers were stopped by the content filter of the server`
      : `${countOf(refused.length, samples.length)} answers refuse the task`;
  return {
    severity: 'warning',
    summary: `${plan.task}: ${what}: that is not a lack of ability`,
    evidence: {
      refused: refused.length,
      filtered: filtered.length,
      answers: samples.length,
      samples: exampleIds([...refused, ...filtered]),
    },
    advice: `qwen-eval diagnose ${run.result.runId} --tasks ${plan.task} --examples 10`,
  };
});
