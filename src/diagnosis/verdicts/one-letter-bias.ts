import type { TaskPlan } from '../../core/run-plan.ts';
import { formatPercent } from '../../text/format-estimate.ts';
import { taskVerdict, type DiagnosedRun } from '../diagnosed-run.ts';
import { exampleIds, isMissed, tally } from '../evidence.ts';
import { otherChoiceMode } from '../other-choice-mode.ts';
import { rerunCommand } from '../rerun-command.ts';
import type { SampleFacts } from '../sample-facts.ts';

const fewest = 20;
/** Share of one option among the answers, and among the wrong ones, that no set of questions explains. */
const share = 0.7;

const hasChoice = (sample: SampleFacts): sample is SampleFacts & { readonly choice: string } =>
  sample.score !== null && sample.choice !== null;

/** One option that is chosen whatever the question. */
export const oneLetterBias = taskVerdict('one_letter_bias', ({ run, plan, result, samples }) => {
  if (result.kind !== 'choice') return null;
  const answered = samples.filter(hasChoice);
  if (answered.length < fewest) return null;
  const choices = tally(answered.map(({ choice }) => choice));
  const [letter, count] = choices[0] as readonly [string, number];
  const wrong = answered.filter(isMissed);
  const wrongSo = wrong.filter(({ choice }) => choice === letter);
  if (count / answered.length < share || wrong.length === 0 || wrongSo.length / wrong.length < share) return null;
  return {
    severity: 'error',
    summary: `${plan.task}: ${letter} is the answer to ${formatPercent(count, answered.length)} of the questions (${count} of ${answered.length}): the options are not read`,
    evidence: {
      letter,
      count,
      answered: answered.length,
      choices: Object.fromEntries(choices),
      samples: exampleIds(wrongSo),
    },
    advice: adviceOf(run, plan),
  };
});

/** The other way to ask, where the engine has it. */
function adviceOf({ document }: DiagnosedRun, { task, settings }: TaskPlan): string {
  const choiceMode = otherChoiceMode(document, settings.choiceMode);
  return choiceMode === null
    ? `qwen-eval diagnose ${document.runId} --tasks ${task} --examples 10`
    : rerunCommand(document, task, { choiceMode });
}
