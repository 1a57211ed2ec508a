import type { Verdict } from '../../core/result-document.ts';
import type { DiagnosedRun, VerdictKind } from '../diagnosed-run.ts';
import { countOf, exampleIds, isNotable } from '../evidence.ts';
import { rerunCommand } from '../rerun-command.ts';
import type { SampleFacts } from '../sample-facts.ts';
import { serverRendersChat } from '../server-advice.ts';

const id = 'mode_not_honoured';
/** A thinking model may answer a trifle at once; more than this share of unthought answers is the server. */
const silentShare = 0.2;

const thought = new Set(['paired', 'close_only', 'unclosed', 'field', 'field_only']);

/** Answers that were generated at all. */
const generated = (run: DiagnosedRun): readonly SampleFacts[] =>
  [...run.samples.values()].flat().filter((sample) => !sample.isContinuation && sample.finishReason !== 'error');

function verdict(run: DiagnosedRun, against: readonly SampleFacts[], total: number): Verdict {
  const { document, result } = run;
  const wanted = document.plan.mode;
  const did = wanted === 'thinking' ? 'hold no thinking' : 'hold thinking';
  return {
    id,
    severity: 'error',
    summary: `the mode is not honoured: ${countOf(against.length, total)} answers ${did} although ${wanted} was asked for; the scores are not those of ${wanted} mode`,
    evidence: {
      asked: wanted,
      against: against.length,
      answers: total,
      observed: Object.fromEntries(result.tasks.map((task) => [task.task, task.observedThinking])),
      samples: exampleIds(against),
    },
    advice: adviceOf(run, wanted),
  };
}

/** The other way to switch a server; where the template was rendered here the model itself does not obey. */
function adviceOf({ document }: DiagnosedRun, wanted: string): string {
  if (!serverRendersChat(document))
    return rerunCommand(document, null, { mode: wanted === 'thinking' ? 'non-thinking' : 'thinking' });
  const isByTemplate = Object.keys(document.plan.thinking.templateArguments).length > 0;
  return rerunCommand(document, null, { mode: wanted, modeSwitch: isByTemplate ? 'top-level' : 'template' });
}

/** Answers that think although they should not, or the other way round. */
export const modeNotHonoured: VerdictKind = {
  id,
  judge: (run) => {
    const { mode } = run.document.plan;
    if (mode === 'unspecified') return [];
    const answers = generated(run);
    const isThinking = mode === 'thinking';
    const against = answers.filter((sample) => thought.has(sample.thinking) !== isThinking);
    return isNotable(against.length, answers.length, isThinking ? silentShare : undefined)
      ? [verdict(run, against, answers.length)]
      : [];
  },
};
