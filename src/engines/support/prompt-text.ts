import { QwenEvalError } from '../../core/errors.ts';
import type { Prompt } from '../../core/generation.ts';

/** The words of a prompt as one text, messages one below the other; throws E_CAPABILITY for token ids. */
export function promptText(prompt: Prompt): string {
  if (prompt.kind === 'text') return prompt.text;
  if (prompt.kind === 'messages') return prompt.messages.map((message) => message.content).join('\n');
  throw new QwenEvalError('E_CAPABILITY', 'this engine cannot read token ids', { hint: 'Send text or messages.' });
}
