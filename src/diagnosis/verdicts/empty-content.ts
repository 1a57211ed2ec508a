import type { Verdict } from '../../core/result-document.ts';
import { taskVerdict, type DiagnosedTask } from '../diagnosed-run.ts';
import { countOf, exampleIds, hasFamily, isNotable } from '../evidence.ts';
import { rerunCommand } from '../rerun-command.ts';
import { reasoningParserCommand } from '../server-advice.ts';

/** Answers without content that the token limit does not explain. */
export const emptyContent = taskVerdict('empty_content', (task): Omit<Verdict, 'id'> | null => {
  const { plan, samples } = task;
  const generated = samples.filter((sample) => !sample.isContinuation);
  const empty = generated.filter(
    (sample) => !sample.isTruncated && (hasFamily(sample, 'gen.empty') || hasFamily(sample, 'gen.empty_after_think')),
  );
  if (!isNotable(empty.length, generated.length)) return null;
  const swallowed = empty.filter((sample) => hasFamily(sample, 'gen.empty_after_think')).length;
  const isSwallowed = swallowed * 2 >= empty.length;
  const why = isSwallowed
    ? 'all text went into the thinking: the reasoning parser of the server took the answer too, or the model stopped after thinking'
    : 'the server sent an empty content: the model ended at once, which a wrong chat template or stop token makes it do';
  return {
    severity: empty.length / generated.length >= 0.2 ? 'error' : 'warning',
    summary: `${plan.task}: ${countOf(empty.length, generated.length)} answers have no content; ${why}`,
    evidence: { empty: empty.length, afterThinking: swallowed, answers: generated.length, samples: exampleIds(empty) },
    advice: adviceOf(task, isSwallowed),
  };
});

function adviceOf({ run, plan }: DiagnosedTask, isSwallowed: boolean): string {
  if (!isSwallowed) return `qwen-eval doctor${baseUrlFlag(run.document.options['baseUrl'])}`;
  return (
    reasoningParserCommand(run.document) ??
    rerunCommand(run.document, plan.task, { mode: run.document.plan.mode === 'thinking' ? 'non-thinking' : 'thinking' })
  );
}

const baseUrlFlag = (urls: unknown): string => (Array.isArray(urls) ? ` --base-url ${urls.join(',')}` : '');
