import { taskVerdict } from '../diagnosed-run.ts';
import { countOf, exampleIds, hasFamily } from '../evidence.ts';
import { contextCommand } from '../server-advice.ts';

const nextPowerOfTwo = (tokens: number): number => 2 ** Math.ceil(Math.log2(Math.max(2, tokens)));

/** Prompts that the engine refused or clipped because they are longer than its context. */
export const context = taskVerdict('context', ({ run, plan, result, samples }) => {
  const exceeded = samples.filter((sample) => hasFamily(sample, 'ctx.exceeded'));
  const clamped = samples.filter((sample) => hasFamily(sample, 'ctx.clamped'));
  if (exceeded.length + clamped.length === 0) return null;
  const { contextLength } = run.document.plan.engine;
  const size = contextLength === null ? '' : ` of ${contextLength} tokens`;
  const what =
    exceeded.length > 0
      ? `${countOf(exceeded.length, result.counts.planned)} prompts do not fit into the context${size} and have no score`
      : `${countOf(clamped.length, samples.length)} prompts were clipped to the context${size} without an error`;
  return {
    severity: 'error',
    summary: `${plan.task}: ${what}`,
    evidence: {
      exceeded: exceeded.length,
      clamped: clamped.length,
      contextLength,
      samples: exampleIds([...exceeded, ...clamped]),
    },
    advice: contextCommand(run.document, nextPowerOfTwo((contextLength ?? 4096) + plan.settings.maxTokens + 1)),
  };
});
