import { formatPercent } from '../../text/format-estimate.ts';
import { taskVerdict } from '../diagnosed-run.ts';
import { exampleIds, tally } from '../evidence.ts';
import { rerunCommand } from '../rerun-command.ts';

const fewest = 20;
/** Share of one option among the answers, and among the wrong ones, that no set of questions explains. */
const share = 0.7;

/** One option that is chosen whatever the question. */
export const oneLetterBias = taskVerdict('one_letter_bias', ({ run, plan, result, samples }) => {
  if (result.kind !== 'choice') return null;
  const answered = samples.filter((sample) => sample.score !== null && sample.choice !== null);
  if (answered.length < fewest) return null;
  const [letter, count] = tally(answered.map(({ choice }) => choice ?? ''))[0] ?? ['', 0];
  const wrong = answered.filter((sample) => (sample.score ?? 0) < 1);
  const wrongSo = wrong.filter(({ choice }) => choice === letter);
  if (count / answered.length < share || wrong.length === 0 || wrongSo.length / wrong.length < share) return null;
  return {
    severity: 'error',
    summary: `${plan.task}: ${letter} is the answer to ${formatPercent(count, answered.length)} of the questions (${count} of ${answered.length}): the options are not read`,
    evidence: {
      letter,
      count,
      answered: answered.length,
      choices: Object.fromEntries(tally(answered.map(({ choice }) => choice ?? ''))),
      samples: exampleIds(wrongSo),
    },
    advice: rerunCommand(run.document, plan.task, {
      choiceMode: plan.settings.choiceMode === 'generative' ? 'loglikelihood' : 'generative',
    }),
  };
});
