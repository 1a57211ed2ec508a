import type { ChatMessage } from '../core/message.ts';
import type { PromptVariant } from '../core/prompt-variant.ts';

const additions: Readonly<Record<PromptVariant, string | null>> = {
  plain: null,
  step_by_step: 'Think step by step before you answer.',
  plan_first:
    'First say in your own words what is asked and how you will go about it. Then do it, and answer in the form that is asked for.',
  careful:
    'Take care: check each step before the next one, and give your answer in exactly the form that is asked for.',
  brief: 'Be brief: give what is asked for and nothing else.',
};

/** A conversation's opening in the wording of a variant: its sentence stands behind the last user message. */
export function wordPrompt(messages: readonly ChatMessage[], variant: PromptVariant): readonly ChatMessage[] {
  const addition = additions[variant];
  const last = messages.findLastIndex(({ role }) => role === 'user');
  if (addition === null || last < 0) return messages;
  return messages.map((message, index) =>
    index === last ? { ...message, content: `${message.content}\n\n${addition}` } : message,
  );
}
