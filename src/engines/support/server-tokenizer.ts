import { z } from 'zod';
import { QwenEvalError } from '../../core/errors.ts';
import type { Prompt } from '../../core/generation.ts';
import type { ApiClient } from './api-client.ts';
import { conversationFields } from './request-body.ts';

/** Servers that tokenise: vLLM and SGLang take a prompt or messages, llama.cpp takes a text. */
export type TokenizerKind = 'prompt' | 'content';

const tokensSchema = z.object({ tokens: z.array(z.int().nonnegative()) });
const renderedSchema = z.object({ prompt: z.string() });

interface Tokenizing {
  readonly client: ApiClient;
  readonly model: string;
  readonly kind: TokenizerKind;
  readonly signal: AbortSignal | undefined;
  /** Leaves out what belongs before the beginning of a text. */
  readonly continues?: boolean;
}

async function textOf(prompt: Extract<Prompt, { kind: 'messages' }>, { client, signal }: Tokenizing): Promise<string> {
  const body = conversationFields(prompt);
  const answer = await client.json({ under: 'root', path: '/apply-template', body, signal });
  return renderedSchema.parse(answer).prompt;
}

async function bodyOf(prompt: Exclude<Prompt, { kind: 'tokens' }>, work: Tokenizing): Promise<object> {
  const special = !(work.continues ?? false);
  if (work.kind === 'content') {
    const content = prompt.kind === 'text' ? prompt.text : await textOf(prompt, work);
    return { content, add_special: special, parse_special: true };
  }
  const model = work.model;
  if (prompt.kind === 'text') return { model, prompt: prompt.text, add_special_tokens: special };
  return { model, ...conversationFields(prompt), add_generation_prompt: true };
}

/** Token ids of a prompt as the server cuts it, special tokens parsed; rejects with E_ENGINE_REQUEST when the answer is none. */
export async function tokenizeOnServer(prompt: Prompt, work: Tokenizing): Promise<readonly number[]> {
  if (prompt.kind === 'tokens') return prompt.ids;
  const body = await bodyOf(prompt, work);
  const answer = await work.client.json({ under: 'root', path: '/tokenize', body, signal: work.signal });
  const parsed = tokensSchema.safeParse(answer);
  if (parsed.success) return parsed.data.tokens;
  throw new QwenEvalError('E_ENGINE_REQUEST', 'the server’s /tokenize gave no list of token ids', {
    hint: 'Check that --base-url leads to the server itself and not to a gateway.',
  });
}
