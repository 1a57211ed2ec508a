import { QwenEvalError } from '../core/errors.ts';
import type { DatasetReader } from '../core/ports/dataset.ts';
import type { Judge } from '../core/ports/judge.ts';
import type { Task, TaskSettings } from '../core/ports/task.ts';
import type { JudgePlan, RunPlan } from '../core/run-plan.ts';
import { contentHash } from './content-hash.ts';
import type { JudgeIdentity, OpenJudge } from './open-judge.ts';

/** The model whose answers are rated, as far as is known. */
export type JudgedModel = Pick<RunPlan['model'], 'name' | 'sha256' | 'family'>;

/** The refusal of a judged task without a judge. Its answers are made all the same. */
export const judgeMissing = (task: string): QwenEvalError =>
  new QwenEvalError('E_JUDGE_MISSING', `${task} needs a judge to rate its answers, and none is given`, {
    hint: 'the answers are kept: rate them with `qwen-eval rescore <run> --judge-base-url URL --judge-model MODEL` (key in QE_JUDGE_API_KEY), or give the judge to the run',
  });

/** All families of the registry are Qwen's; a fine-tune that none of them has may still be named after one. */
const isQwen = (name: string, family: string | null): boolean => family !== null || /qwen|qwq|qvq/i.test(name);

/** True when judge and model are the same weights or of the Qwen family both. */
function isSameFamily(judge: JudgeIdentity, model: JudgedModel): boolean {
  return isSameModel(judge, model) || (isQwen(judge.model, judge.family) && isQwen(model.name, model.family));
}

const isSameModel = (judge: JudgeIdentity, model: JudgedModel): boolean =>
  judge.sha256 === null || model.sha256 === null ? judge.model === model.name : judge.sha256 === model.sha256;

/** Who rates a task's answers with which prompts, as the plan records it. */
export async function planJudge(
  task: Task,
  input: {
    readonly judge: OpenJudge;
    readonly model: JudgedModel;
    readonly data: DatasetReader;
    readonly settings: TaskSettings;
  },
): Promise<JudgePlan> {
  const { judge, model, data, settings } = input;
  const { source, prompts } = (await task.judgePrompts?.({ data, settings })) ?? { source: 'none', prompts: {} };
  return {
    ...judge.identity,
    prompts: { source, sha256: contentHash(prompts) },
    isSameFamily: isSameFamily(judge.identity, model),
  };
}

/** What a reader of a rating must know of its judge. */
export function judgeWarnings(task: string, judge: JudgePlan, model: JudgedModel): readonly string[] {
  const isItself = isSameModel(judge, model);
  return [
    `${task} is rated by ${judge.model}: one judge’s view, which length and the order of what it reads sway; compare only ratings of the same judge and prompts`,
    ...(isItself
      ? [`${task}: the judge is the model itself, and models prefer their own answers: ask another judge`]
      : isQwen(judge.model, judge.family)
        ? [
            `${task}: the judge is of the Qwen family, and such judges were seen to rate Qwen’s answers 0.9 of 10 higher than others do (one study, not reviewed)`,
          ]
        : []),
  ];
}

/** The judge as scorers see it. Its requests end when the signal aborts. */
export const scoringJudge = (
  judge: OpenJudge,
  input: { readonly model: JudgedModel | null; readonly signal: AbortSignal | null },
): Judge => {
  const { model, engine, sampling } = judge.identity;
  return {
    identity: `${model} on ${engine}, temperature ${sampling.temperature}`,
    isSameFamily: input.model !== null && isSameFamily(judge.identity, input.model),
    ask: (messages, signal) => judge.ask(messages, signal ?? input.signal ?? undefined),
  };
};
