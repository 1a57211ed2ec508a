import { isEstimated } from '../../core/estimate.ts';
import type { Verdict } from '../../core/result-document.ts';
import { independentDifference } from '../../stats/independent-difference.ts';
import { formatMargin } from '../../text/format-estimate.ts';
import { taskVerdict, type DiagnosedTask } from '../diagnosed-run.ts';
import { askedAs, modelName } from '../earlier-runs.ts';
import { countOf, exampleIds, isNotable } from '../evidence.ts';
import { rerunCommand } from '../rerun-command.ts';

/** Answers that carry the marks of published solutions which nothing in the prompt shows. */
function recited({ run, plan, samples }: DiagnosedTask): Omit<Verdict, 'id'> | null {
  const reciting = samples.filter((sample) => sample.recitesMarks);
  if (!isNotable(reciting.length, samples.length)) return null;
  return {
    severity: 'warning',
    summary: `${plan.task}: ${countOf(reciting.length, samples.length)} answers carry the calculator marks of GSM8K’s published solutions (<<…=…>>), which the prompt does not show: the model has seen such data in training`,
    evidence: { reciting: reciting.length, answers: samples.length, samples: exampleIds(reciting) },
    advice: rerunCommand(run.document, 'synthetic_arithmetic', { split: 'fresh' }),
  };
}

/** A pinned split that scores higher than a fresh one of the same generator, all else being asked alike. */
function splitGap({ run, plan, result }: DiagnosedTask): Omit<Verdict, 'id'> | null {
  const own = result.metrics[result.headline];
  if (!own || !isEstimated(own)) return null;
  const { split } = plan.settings;
  const asked = askedAs(run.document.plan, plan);
  for (const earlier of run.earlier) {
    if (earlier.model !== modelName(run.document)) continue;
    const other = earlier.tasks.find((task) => task.task === plan.task && task.split !== split && task.asked === asked);
    if (!other?.headline || !isEstimated(other.headline)) continue;
    const [pinned, fresh] = split === 'pinned' ? [own, other.headline] : [other.headline, own];
    const gap = independentDifference(pinned, fresh);
    if (!isEstimated(gap) || gap.low <= 0) return null;
    return {
      severity: 'warning',
      summary: `${plan.task}: the pinned split scores ${formatMargin(result.headline, pinned)} and the fresh one ${formatMargin(result.headline, fresh)}: the pinned questions may have been seen in training`,
      evidence: { pinned: { ...pinned }, fresh: { ...fresh }, difference: { ...gap }, earlierRun: earlier.runId },
      advice: rerunCommand(run.document, plan.task, { split: 'fresh', seed: run.document.plan.seed + 1 }),
    };
  }
  return null;
}

/** Signs that a model has met the questions before. */
export const contamination = taskVerdict('contamination', (task) => recited(task) ?? splitGap(task));
