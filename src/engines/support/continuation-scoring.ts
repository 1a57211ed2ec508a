import { z } from 'zod';
import { QwenEvalError } from '../../core/errors.ts';
import type { Prompt } from '../../core/generation.ts';
import type { ContinuationScore } from '../../core/response.ts';
import type { ApiClient } from './api-client.ts';
import { continuationStart, moveWhiteSpace } from './continuation-tokens.ts';

/** How a server is made to tell the log-probabilities of a text that it is given. */
export type ScoringMethod = 'echo' | 'prompt_logprobs' | 'forced_by_grammar' | 'forced_by_bias';

/** Token ids of a text; `continues` leaves out what a tokenizer puts before the beginning of a text. */
export type Encode = (
  text: string,
  options: { readonly continues: boolean; readonly signal: AbortSignal | undefined },
) => Promise<readonly number[]>;

export interface Scoring {
  readonly client: ApiClient;
  readonly model: string;
  readonly method: ScoringMethod;
  /** Text of the token that stands for an empty context; null when the server does not tell. */
  readonly startText: string | null;
  /** Null where the server has no tokenizer endpoint or takes no ids. */
  readonly encode: Encode | null;
}

interface Token {
  readonly logProbability: number | null;
  readonly isGreedy: boolean | null;
}

/** The tokens of context and continuation together; `ids` null where only the text is known. */
interface Piece {
  readonly text: string;
  /** Characters of `text` (code points) that belong to the context. */
  readonly contextLength: number;
  readonly ids: readonly number[] | null;
  /** First token of the continuation; meaningless without ids. */
  readonly start: number;
}

const unusable = (reason: string): QwenEvalError =>
  new QwenEvalError('E_ENGINE_REQUEST', `no log-probabilities of given text: ${reason}`, {
    hint: 'Use --choice-mode generative with this server.',
  });

const lengthOf = (text: string): number => Array.from(text).length;

function scoreOf(text: string, tokens: readonly Token[]): ContinuationScore {
  let sum: number | null = 0;
  let isGreedy: boolean | null = true;
  for (const token of tokens) {
    sum = sum === null || token.logProbability === null ? null : sum + token.logProbability;
    isGreedy = isGreedy === false || token.isGreedy === false ? false : isGreedy && token.isGreedy;
  }
  return {
    text,
    logProbability: tokens.length === 0 ? null : sum,
    tokenCount: tokens.length,
    isGreedy: tokens.length === 0 ? null : isGreedy,
  };
}

const echoSchema = z.object({
  choices: z
    .array(
      z.object({
        logprobs: z.object({
          tokens: z.array(z.string()),
          token_logprobs: z.array(z.number().nullable()),
          top_logprobs: z.array(z.record(z.string(), z.number()).nullable()).nullish(),
          text_offset: z.array(z.number()).nullish(),
        }),
      }),
    )
    .min(1),
});

/** Where the continuation begins among echoed tokens when only text is known: the first token that reaches into it. */
function startByOffset(offsets: readonly number[], tokens: readonly string[], contextLength: number): number {
  const first = offsets[0] ?? 0;
  return tokens.findIndex((token, index) => (offsets[index] ?? 0) - first + lengthOf(token) > contextLength);
}

async function scoreByEcho(scoring: Scoring, piece: Piece, signal?: AbortSignal): Promise<readonly Token[]> {
  const answer = await scoring.client.json({
    under: 'api',
    path: '/completions',
    body: {
      model: scoring.model,
      prompt: piece.ids ?? piece.text,
      echo: true,
      logprobs: 1,
      max_tokens: 1,
      temperature: 0,
    },
    signal,
  });
  const parsed = echoSchema.safeParse(answer);
  const logprobs = parsed.data?.choices[0]?.logprobs;
  if (logprobs === undefined) throw unusable('completions ignore echo and logprobs');
  const { tokens, token_logprobs: values, top_logprobs: tops, text_offset: offsets } = logprobs;
  let start = piece.start;
  let end = piece.ids?.length ?? tokens.length;
  if (piece.ids === null) {
    const total = lengthOf(piece.text);
    const first = offsets?.[0] ?? 0;
    end = offsets ? offsets.filter((offset) => offset - first < total).length : 0;
    start = offsets ? startByOffset(offsets, tokens, piece.contextLength) : -1;
    if (tokens.slice(0, end).join('') !== piece.text)
      throw unusable('completions ignore echo, or echo other tokens than those of the prompt');
  }
  if (values.length < end || start < 0) throw unusable('completions ignore echo');
  return values.slice(start, end).map((logProbability, offset) => {
    const others = Object.values(tops?.[start + offset] ?? {});
    const isGreedy = logProbability === null || others.length === 0 ? null : logProbability >= Math.max(...others);
    return { logProbability, isGreedy };
  });
}

const promptLogprobsSchema = z.object({
  choices: z
    .array(
      z.object({
        prompt_logprobs: z.array(
          z.record(z.string(), z.object({ logprob: z.number(), rank: z.number().nullish() })).nullable(),
        ),
      }),
    )
    .min(1),
});

async function scoreByPromptLogprobs(scoring: Scoring, piece: Piece, signal?: AbortSignal): Promise<readonly Token[]> {
  if (piece.ids === null) throw unusable('prompt_logprobs need token ids, and the server has no /tokenize');
  const { ids, start } = piece;
  const body = { model: scoring.model, prompt: ids, prompt_logprobs: 0, max_tokens: 1, temperature: 0 };
  const answer = await scoring.client.json({ under: 'api', path: '/completions', body, signal });
  const values = promptLogprobsSchema.safeParse(answer).data?.choices[0]?.prompt_logprobs;
  if (values?.length !== ids.length) throw unusable('completions ignore prompt_logprobs');
  return ids.slice(start).map((id, offset) => {
    const entry = values[start + offset]?.[String(id)];
    if (entry === undefined) return { logProbability: null, isGreedy: null };
    const { rank } = entry;
    return { logProbability: entry.logprob, isGreedy: rank === null || rank === undefined ? null : rank === 1 };
  });
}

const forcedSchema = z.object({
  completion_probabilities: z.array(
    z.object({
      id: z.int(),
      logprob: z.number(),
      top_logprobs: z.array(z.object({ id: z.int(), logprob: z.number() })),
    }),
  ),
});

/** llama.cpp writes a probability of 0 as the smallest float. */
const smallestLogProbability = -1e30;

async function forceTokens(
  scoring: Scoring,
  request: { readonly prompt: readonly number[]; readonly tokens: readonly number[]; readonly force: object },
  signal?: AbortSignal,
): Promise<readonly Token[]> {
  const answer = await scoring.client.json({
    under: 'root',
    path: '/completion',
    body: {
      prompt: request.prompt,
      n_predict: request.tokens.length,
      n_probs: 1,
      temperature: 0,
      cache_prompt: true,
      response_fields: ['completion_probabilities'],
      ...request.force,
    },
    signal,
  });
  const given = forcedSchema.safeParse(answer).data?.completion_probabilities;
  if (given === undefined || request.tokens.some((id, index) => given[index]?.id !== id))
    throw unusable('/completion did not generate the tokens that it was made to');
  return request.tokens.map((id, index) => {
    const entry = given[index];
    if (entry === undefined || entry.logprob <= smallestLogProbability)
      return { logProbability: null, isGreedy: false };
    return { logProbability: entry.logprob, isGreedy: entry.top_logprobs[0]?.id === id };
  });
}

/**
 * llama.cpp reports the raw log-probability of the sampled token, before grammar and bias: forcing the sampling along the continuation
 * gives its exact log-probabilities. A grammar of token ids forces all in one request; servers without it take one biased token a request.
 */
async function scoreByForce(scoring: Scoring, piece: Piece, signal?: AbortSignal): Promise<readonly Token[]> {
  if (piece.ids === null) throw unusable('forced tokens need /tokenize');
  const prompt = piece.ids.slice(0, piece.start);
  const tokens = piece.ids.slice(piece.start);
  if (scoring.method === 'forced_by_grammar') {
    const grammar = `root ::= ${tokens.map((id) => `<[${id}]>`).join(' ')}`;
    return forceTokens(scoring, { prompt, tokens, force: { grammar } }, signal);
  }
  const scored: Token[] = [];
  for (const [index, id] of tokens.entries()) {
    const before = [...prompt, ...tokens.slice(0, index)];
    const force = { logit_bias: [[id, 1e4]] };
    scored.push(...(await forceTokens(scoring, { prompt: before, tokens: [id], force }, signal)));
  }
  return scored;
}

const methods = {
  echo: scoreByEcho,
  prompt_logprobs: scoreByPromptLogprobs,
  forced_by_grammar: scoreByForce,
  forced_by_bias: scoreByForce,
} as const satisfies Record<ScoringMethod, unknown>;

async function pieceOf(
  scoring: Scoring,
  context: Prompt,
  work: { readonly continuation: string; readonly signal: AbortSignal | undefined },
): Promise<Piece> {
  const { encode } = scoring;
  const { signal } = work;
  if (context.kind === 'messages')
    throw new QwenEvalError('E_CAPABILITY', 'continuations are scored after text or token ids, not after messages', {
      hint: 'Render the chat template first.',
    });
  if (context.kind === 'tokens') {
    if (encode === null) throw unusable('the server has no /tokenize');
    const ids = [...context.ids, ...(await encode(work.continuation, { continues: true, signal }))];
    return { text: '', contextLength: 0, ids, start: context.ids.length };
  }
  if (context.text === '' && scoring.startText === null) throw unusable('there is no context to score after');
  const [before, after] = moveWhiteSpace(context.text || (scoring.startText ?? ''), work.continuation);
  const text = before + after;
  const contextLength = lengthOf(before);
  if (encode === null) return { text, contextLength, ids: null, start: 0 };
  const options = { continues: false, signal };
  const [contextIds, ids] = await Promise.all([encode(before, options), encode(text, options)]);
  return { text, contextLength, ids, start: continuationStart(contextIds, ids) };
}

/**
 * Log-probabilities of continuations after the same context. Forced tokens go one after the other so that llama.cpp keeps the prefix in
 * its slot; the other methods go together. Throws E_ENGINE_REQUEST when the server's answer does not fit what was asked.
 */
export async function scoreContinuations(
  scoring: Scoring,
  request: { readonly context: Prompt; readonly continuations: readonly string[] },
  signal?: AbortSignal,
): Promise<readonly ContinuationScore[]> {
  const score = async (continuation: string): Promise<ContinuationScore> => {
    if (continuation === '') return scoreOf(continuation, []);
    const piece = await pieceOf(scoring, request.context, { continuation, signal });
    return scoreOf(continuation, await methods[scoring.method](scoring, piece, signal));
  };
  if (scoring.method === 'echo' || scoring.method === 'prompt_logprobs')
    return Promise.all(request.continuations.map(score));
  const scores: ContinuationScore[] = [];
  for (const continuation of request.continuations) scores.push(await score(continuation));
  return scores;
}
