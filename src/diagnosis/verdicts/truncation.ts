import { isEstimated } from '../../core/estimate.ts';
import { formatMargin, formatPercent } from '../../text/format-estimate.ts';
import { taskVerdict, type DiagnosedTask } from '../diagnosed-run.ts';
import { exampleIds, hasFamily, isNotable } from '../evidence.ts';
import { rerunCommand } from '../rerun-command.ts';
import { contextCommand } from '../server-advice.ts';

/** What the token limit is raised to: four times as much, at most half of what the context holds. */
function biggerBudget({ run, plan }: DiagnosedTask): number {
  const { contextLength } = run.document.plan.engine;
  const wanted = plan.settings.maxTokens * 4;
  return contextLength === null ? wanted : Math.min(wanted, Math.max(plan.settings.maxTokens, contextLength >> 1));
}

/** Answers that the token limit cut; those that ran into it in a loop are told as repetition. */
export const truncation = taskVerdict('truncation', (task) => {
  const { plan, result, samples } = task;
  const generated = samples.filter((sample) => !sample.isContinuation);
  const cut = generated.filter((sample) => sample.isTruncated && !hasFamily(sample, 'gen.repetition'));
  if (!isNotable(cut.length, generated.length)) return null;
  const { maxTokens } = plan.settings;
  const { completedOnly } = result;
  const rest = isEstimated(completedOnly)
    ? `completed samples score ${formatMargin(result.headline, completedOnly)}`
    : 'no completed sample has a score';
  const thinking = cut.filter((sample) => hasFamily(sample, 'gen.truncated') && sample.thinking === 'unclosed').length;
  const where = thinking * 2 > cut.length ? ', most of them while still thinking' : '';
  return {
    severity: cut.length / generated.length >= 0.2 ? 'error' : 'warning',
    summary: `${plan.task}: ${formatPercent(cut.length, generated.length)} truncated at ${maxTokens} tokens${where}; ${rest}`,
    evidence: {
      truncated: cut.length,
      answers: generated.length,
      maxTokens,
      whileThinking: thinking,
      samples: exampleIds(cut),
    },
    advice: adviceOf(task),
  };
});

function adviceOf(task: DiagnosedTask): string {
  const { document } = task.run;
  const { maxTokens } = task.plan.settings;
  const budget = biggerBudget(task);
  if (budget > maxTokens) return rerunCommand(document, task.plan.task, { maxTokens: budget });
  const longer = contextCommand(document, maxTokens * 4);
  if (longer !== null) return longer;
  return document.plan.mode === 'thinking'
    ? rerunCommand(document, task.plan.task, { mode: 'non-thinking' })
    : 'qwen-eval list models, and take one with a longer context';
}
