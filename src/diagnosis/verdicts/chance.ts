import { isEstimated } from '../../core/estimate.ts';
import type { Verdict } from '../../core/result-document.ts';
import { formatMargin } from '../../text/format-estimate.ts';
import { taskVerdict, type DiagnosedTask } from '../diagnosed-run.ts';
import { countOf, exampleIds, hasFamily, isNotable } from '../evidence.ts';
import { otherChoiceMode } from '../other-choice-mode.ts';
import { rerunCommand } from '../rerun-command.ts';

const fewest = 30;
/** An interval that reaches further above guessing than this says too little to call it guessing. */
const reach = 0.15;

/** Log-probabilities that are missing, impossible or all the same. */
function unreal({ run, plan, samples }: DiagnosedTask): Omit<Verdict, 'id'> | null {
  const doubtful = samples.filter((sample) => hasFamily(sample, 'choice.chance'));
  if (!isNotable(doubtful.length, samples.length)) return null;
  const detail = doubtful[0]?.code?.split('.')[2] ?? 'equal';
  const what =
    detail === 'missing' ? 'are missing' : detail === 'positive' ? 'are above zero' : 'are the same for every option';
  return {
    severity: 'error',
    summary: `${plan.task}: the log-probabilities of ${countOf(doubtful.length, samples.length)} samples ${what}: the server does not score continuations (it needs echo or prompt_logprobs), and any score from them is a guess`,
    evidence: { doubtful: doubtful.length, samples: exampleIds(doubtful), detail },
    advice: rerunCommand(run.document, plan.task, { choiceMode: 'generative' }),
  };
}

/** The other way of choosing, where there is one: a format that is not read gives guessing too. */
function adviceOf({ run, plan }: DiagnosedTask): string {
  const other = otherChoiceMode(run.document, plan.settings.choiceMode);
  return other === null
    ? `qwen-eval diagnose ${run.result.runId} --tasks ${plan.task} --examples 10`
    : rerunCommand(run.document, plan.task, { choiceMode: other });
}

/** Multiple choice at the level of guessing. */
export const chance = taskVerdict('chance', (task) => {
  const lies = unreal(task);
  if (lies !== null) return lies;
  const { plan, result } = task;
  const headline = result.metrics[result.headline];
  if (!headline || !isEstimated(headline) || result.chanceLevel === null || headline.n < fewest) return null;
  const guessing = result.chanceLevel;
  if (headline.low > guessing || headline.high < guessing || headline.high > guessing + reach) return null;
  return {
    severity: 'error',
    summary: `${plan.task}: ${formatMargin(result.headline, headline)} % is what guessing gets (${(guessing * 100).toFixed(0)} %)`,
    evidence: { chanceLevel: guessing, low: headline.low, high: headline.high },
    advice: adviceOf(task),
  };
});
