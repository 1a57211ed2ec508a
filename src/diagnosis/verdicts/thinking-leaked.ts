import { taskVerdict } from '../diagnosed-run.ts';
import { countOf, exampleIds, isNotable } from '../evidence.ts';
import { reasoningParserCommand, serverRendersChat } from '../server-advice.ts';

/** Thinking in the content of a server that renders the chat itself, or thinking that tags do not tell from the answer. */
export const thinkingLeaked = taskVerdict('thinking_leaked', ({ run, plan, samples }) => {
  const generated = samples.filter((sample) => !sample.isContinuation);
  const untagged = generated.filter((sample) => sample.leaksThinking);
  // Where this project renders the template itself, tags in the text are how thinking comes.
  const isServed = serverRendersChat(run.document);
  const tagged = isServed ? generated.filter((sample) => sample.hasThinkingTags) : [];
  const leaked = [...new Set([...untagged, ...tagged])];
  if (!isNotable(leaked.length, generated.length)) return null;
  const isTold = untagged.length === 0;
  return {
    severity: isTold ? 'warning' : 'error',
    summary: isTold
      ? `${plan.task}: ${countOf(leaked.length, generated.length)} answers come with their thinking in the content: the server has no reasoning parser; it was taken out here, other clients score it as the answer`
      : `${plan.task}: ${countOf(untagged.length, generated.length)} answers begin with thinking that no tag tells from the answer`,
    evidence: {
      leaked: leaked.length,
      untagged: untagged.length,
      answers: generated.length,
      samples: exampleIds(leaked),
    },
    advice:
      reasoningParserCommand(run.document) ??
      'vllm serve MODEL --reasoning-parser qwen3 (SGLang: --reasoning-parser qwen3, llama-server: --jinja --reasoning-format deepseek)',
  };
});
