import { formatPercent } from '../../text/format-estimate.ts';
import { taskVerdict } from '../diagnosed-run.ts';
import { exampleIds, hasFamily, isNotable } from '../evidence.ts';
import { rerunCommand } from '../rerun-command.ts';

/** Answers that end in a loop. */
export const repetition = taskVerdict('repetition', ({ run, plan, samples }) => {
  const generated = samples.filter((sample) => !sample.isContinuation);
  const looping = generated.filter((sample) => hasFamily(sample, 'gen.repetition'));
  if (!isNotable(looping.length, generated.length, 0.03)) return null;
  const cut = looping.filter((sample) => sample.isTruncated).length;
  const isGreedy = plan.sampling.temperature === 0;
  const into = cut === 0 ? '' : `, ${cut} of them into the token limit`;
  const why = isGreedy
    ? ': greedy decoding makes this worse'
    : ': a presence penalty is the usual remedy, at some cost in quality';
  return {
    severity: looping.length / generated.length >= 0.2 ? 'error' : 'warning',
    summary: `${plan.task}: ${formatPercent(looping.length, generated.length)} of the answers end in a loop${into}${why}`,
    evidence: {
      looping: looping.length,
      answers: generated.length,
      truncated: cut,
      temperature: plan.sampling.temperature,
      samples: exampleIds(looping),
    },
    advice: isGreedy
      ? rerunCommand(run.document, plan.task, { temperature: 0.6 })
      : rerunCommand(run.document, plan.task, { presencePenalty: 1.5 }),
  };
});
