import { defaultRetryPolicy } from '../scheduling/retry-policy.ts';
import type { SampleContext } from './ask-model.ts';
import type { PreparedRun } from './prepared-run.ts';

/** What every request of a run shares, as its plan and options have it. */
export const plannedContext = ({
  engine,
  description,
  plan,
  options,
}: PreparedRun): Pick<
  SampleContext,
  'engine' | 'description' | 'model' | 'templateArguments' | 'extraBody' | 'keepsThinking' | 'retryPolicy'
> => ({
  engine,
  description,
  model: description.model.name,
  templateArguments: plan.thinking.templateArguments,
  extraBody: { ...plan.thinking.requestFields, ...options.extraBody },
  keepsThinking: plan.thinking.keepsThinking,
  retryPolicy: { ...defaultRetryPolicy, retries: options.retries },
});
