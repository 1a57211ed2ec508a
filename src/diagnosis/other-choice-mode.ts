import type { RunDocument } from '../core/run-document.ts';
import type { TaskPlan } from '../core/run-plan.ts';
import { isCapable } from './server-advice.ts';

type ChoiceMode = TaskPlan['settings']['choiceMode'];

/** The other way to choose among options that the run's engine has; null where there is none. */
export function otherChoiceMode(document: Pick<RunDocument, 'engine'>, mode: ChoiceMode): ChoiceMode {
  if (mode === null) return null;
  if (mode !== 'generative') return 'generative';
  return isCapable(document, 'continuationLogProbabilities') ? 'loglikelihood' : null;
}
