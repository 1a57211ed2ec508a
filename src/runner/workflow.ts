import type { Options } from '../config/options.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { RenderedPrompt, DialogueStep, Task, TaskSettings } from '../core/ports/task.ts';
import type { ScoringServices } from '../core/ports/scorer.ts';
import type { AssistantTurn } from '../core/response.ts';
import type { TaskPlan, Workflow } from '../core/run-plan.ts';
import type { Sample } from '../core/sample.ts';
import { wordPrompt } from '../prompt/word-prompt.ts';
import { sampleResponse } from '../text/assistant-turn.ts';
import { scoreResponse } from './score-response.ts';

type WorkflowOptions = Pick<Options, 'promptVariant' | 'selfCheck' | 'answerRetries'>;

/** True when an answer may be asked for again: a task that holds conversations or offers tools goes on in its own way. */
export const canAskAgain = (task: Pick<Task, 'openDialogue' | 'needs'>): boolean =>
  task.openDialogue === undefined && !task.needs.includes('tools');

/** What stands around a task's question, as the plan records it; nothing where nothing does. Throws E_CAPABILITY when the task leaves no room for it. */
export function planWorkflow(
  task: Task,
  { options, settings }: { readonly options: WorkflowOptions; readonly settings: TaskSettings },
): { readonly workflow?: Workflow } {
  const { promptVariant, selfCheck, answerRetries } = options;
  const asksAgain = selfCheck || answerRetries > 0;
  if (promptVariant === 'plain' && !asksAgain) return {};
  if (settings.choiceMode !== null && settings.choiceMode !== 'generative') {
    throw new QwenEvalError('E_CAPABILITY', `${task.id} by log-probabilities has no prompt variants and no retries`, {
      hint: 'use --choice-mode generative, or leave --prompt-variant, --self-check and --answer-retries out',
    });
  }
  if (asksAgain && !canAskAgain(task)) {
    throw new QwenEvalError('E_CAPABILITY', `${task.id} holds its own conversation: no answer is asked for again`, {
      hint: 'leave --self-check and --answer-retries out',
    });
  }
  return { workflow: { promptVariant, selfCheck, answerRetries } };
}

/** A task's prompt in the wording of its workflow. */
export const wordedPrompt = (rendered: RenderedPrompt, { workflow }: TaskPlan): RenderedPrompt =>
  rendered.kind === 'chat' && workflow
    ? { ...rendered, messages: wordPrompt(rendered.messages, workflow.promptVariant) }
    : rendered;

const checkRequest =
  'Check your answer: go through the question once more, look for mistakes, and then give your final answer in the same form as before.';
const retryRequest =
  'No answer could be read from that in the form that was asked for. Give your answer again, in that form.';

/** Causes that are seen on an answer alone, without knowing what is right. */
const unreadable = /^(?:extract\.|json(?:\.|$)|gen\.empty|format_mismatch|code\.syntax)/;

/** What follows an answer by the workflow. */
export interface WorkflowDialogue {
  next(turn: AssistantTurn): Promise<DialogueStep>;
}

/** Opens the part of a conversation that the workflow adds: a reminder while nothing can be read from an answer, then the check. */
export function openWorkflow(
  work: { readonly task: Task; readonly plan: TaskPlan; readonly sample: Sample },
  services: ScoringServices,
): WorkflowDialogue | null {
  const { workflow, settings } = work.plan;
  if (!workflow || (!workflow.selfCheck && workflow.answerRetries === 0)) return null;
  let retries = workflow.answerRetries;
  let isChecked = !workflow.selfCheck;
  const ask = (content: string): DialogueStep => ({ kind: 'continue', messages: [{ role: 'user', content }] });
  return {
    async next(turn) {
      if (retries > 0) {
        const { code } = await scoreResponse({ ...work, settings, response: sampleResponse([turn]), services });
        if (code !== null && unreadable.test(code)) {
          retries -= 1;
          return ask(retryRequest);
        }
      }
      if (isChecked) return { kind: 'end', reason: 'the workflow is over' };
      isChecked = true;
      return ask(checkRequest);
    },
  };
}
