/**
 * Marks of chat templates that no answer should hold: ChatML and its kin as text, or the model speaking for the next turn. A role word
 * counts only where a template puts it: alone on its line with text below.
 */
const templateMark =
  /<\|(?:im_start|im_end|im_sep|endoftext|eot_id|start_header_id|end_header_id|user|assistant|system)\|>|<(?:start|end)_of_turn>|(?<!\w)\[\/?INST\]|<<\/?SYS>>|^(?:user|assistant|system)\r?\n(?=\S)/m;

/** True when an answer holds marks of a chat template: the template in force is not the model's, or its end is not a stop token. */
export const leaksTemplate = (answer: string): boolean =>
  (['<', '[', 'user', 'assistant', 'system'] as const).some((part) => answer.includes(part)) &&
  templateMark.test(answer);

const thinkingTag = /<\/?think(?:ing)?>|<\|(?:begin|end)_of_thought\|>/;
const thinkingHeading = /^\s*(?:Thinking Process|Thought Process|思考过程)\s*[:：]/;

/** True when thinking stands in an answer from which tagged thinking was already taken out: a stray tag, or thinking under a heading of its own. */
export const leaksThinking = (answer: string): boolean =>
  (answer.includes('<') && thinkingTag.test(answer)) || thinkingHeading.test(answer);
