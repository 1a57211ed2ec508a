import type { RunDocument } from '../../core/run-document.ts';
import type { TaskPlan } from '../../core/run-plan.ts';
import { taskVerdict } from '../diagnosed-run.ts';
import { countOf, exampleIds, hasFamily } from '../evidence.ts';
import { rerunCommand } from '../rerun-command.ts';
import { contextCommand } from '../server-advice.ts';

const nextPowerOfTwo = (tokens: number): number => 2 ** Math.ceil(Math.log2(Math.max(2, tokens)));

/** Prompts that the engine refused or clipped because they are longer than its context. */
export const context = taskVerdict('context', ({ run, plan, result, samples }) => {
  const exceeded = samples.filter((sample) => hasFamily(sample, 'ctx.exceeded'));
  const clamped = samples.filter((sample) => hasFamily(sample, 'ctx.clamped'));
  if (exceeded.length + clamped.length === 0) return null;
  const { contextLength } = run.document.plan.engine;
  const beyond = nextPowerOfTwo((contextLength ?? 4096) + plan.settings.maxTokens + 1);
  const longer = contextCommand(run.document, Math.max(beyond, ...lengthsOf(plan)));
  const size = contextLength === null ? '' : ` of ${contextLength} tokens`;
  const what =
    exceeded.length > 0
      ? `${countOf(exceeded.length, result.counts.planned)} prompts do not fit into the context${size} and have no score`
      : `${countOf(clamped.length, samples.length)} prompts were clipped to the context${size} without an error`;
  return {
    severity: 'error',
    summary: `${plan.task}: ${what}${longer === null ? '; the model allows no longer context' : ''}`,
    evidence: {
      exceeded: exceeded.length,
      clamped: clamped.length,
      contextLength,
      samples: exampleIds([...exceeded, ...clamped]),
    },
    advice: longer ?? shorterPrompts(run.document, plan),
  };
});

/** Lengths that the task asks for, in tokens; none where it has none. */
function lengthsOf({ settings }: Pick<TaskPlan, 'settings'>): readonly number[] {
  const { lengths } = settings.extra;
  return Array.isArray(lengths) ? lengths.map(Number) : [];
}

/** What to do where no longer context can be had: leave out lengths that do not fit, then examples, else take another model. */
function shorterPrompts(document: RunDocument, { task, settings }: TaskPlan): string {
  const lengths = lengthsOf({ settings });
  const longest = document.plan.engine.contextLength;
  const fitting = longest === null ? [] : lengths.filter((length) => length < longest);
  if (fitting.length > 0 && fitting.length < lengths.length)
    return rerunCommand(document, task, { taskOptions: { ...settings.extra, lengths: fitting } });
  if (settings.fewShot > 0) return rerunCommand(document, task, { numFewshot: 0 });
  return 'qwen-eval list models, and take one with a longer context';
}
