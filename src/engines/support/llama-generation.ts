import { QwenEvalError } from '../../core/errors.ts';
import type { TokenLogProbability } from '../../core/generation.ts';
import type { ContinuationScore } from '../../core/response.ts';
import type { BatchDecoder, Sequence } from './batch-decoder.ts';
import type { LoadedLlama, NativeSampler } from './llama-binding.ts';
import type { CallEvent, GenerateCall, LlamaPrompt, ScoreCall } from './llama-protocol.ts';
import { StopFilter } from './stop-filter.ts';
import { samplerConfig, TokenReader, type RowProbabilities } from './token-reader.ts';
import { TokenText } from './token-text.ts';

/** What a request needs of the process that serves it. */
export interface LlamaServices {
  readonly llama: LoadedLlama;
  readonly decoder: BatchDecoder;
}

/** Token ids of a prompt. Throws QwenEvalError E_ENGINE_REQUEST for ids outside the vocabulary. */
export function promptTokens(llama: LoadedLlama, prompt: LlamaPrompt): readonly number[] {
  if (prompt.kind === 'tokens') {
    const { vocabularySize } = llama.facts;
    const wrong = prompt.ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabularySize);
    if (wrong !== undefined)
      throw new QwenEvalError('E_ENGINE_REQUEST', `Token id ${wrong} is outside the vocabulary of ${vocabularySize}.`, {
        hint: 'Send ids of the tokenizer of the loaded model.',
      });
    return prompt.ids;
  }
  const tokens = llama.tokenize(prompt.text);
  const { startToken } = llama;
  const isComplete = !llama.prependsStartToken || startToken === null || tokens[0] === startToken;
  return isComplete ? tokens : [startToken, ...tokens];
}

/** Generates for one request and reports as it goes; the last event is `finish`. Rejects with the signal's reason when it aborts. */
export async function generateText(
  services: LlamaServices,
  call: GenerateCall,
  { signal, emit }: { readonly signal: AbortSignal; readonly emit: (event: CallEvent) => void },
): Promise<void> {
  const { llama, decoder } = services;
  const prompt = promptTokens(llama, call.prompt);
  if (prompt.length === 0 || call.maxTokens < 1)
    throw new QwenEvalError('E_ENGINE_REQUEST', 'The prompt or the output limit has no token.', {
      hint: 'Send at least one token and ask for at least one (--max-tokens).',
    });
  refuseUnfit(llama, prompt.length + 1);
  const grammarSchema = schemaOf(call);
  const grammar = grammarSchema === null ? undefined : await llama.createGrammar(grammarSchema);
  const sequence = await decoder.acquire(prompt, signal);
  const sampler = llama.createSampler();
  const reader = call.topLogProbabilities === null ? null : new TokenReader(llama);
  try {
    emit({ kind: 'open' });
    sampler.applyConfig({
      ...samplerConfig({ sampling: call.sampling, prompt, maxTokens: call.maxTokens }),
      ...(grammar === undefined ? {} : { grammarEvaluationState: grammar }),
    });
    await new Generation({ llama, call, sequence, sampler, reader, prompt, signal, emit }).run();
  } finally {
    sampler.dispose();
    reader?.dispose();
    sequence.release();
  }
}

function schemaOf({ responseFormat }: GenerateCall): Parameters<LoadedLlama['createGrammar']>[0] | null {
  if (responseFormat.kind === 'text') return null;
  return responseFormat.kind === 'json_object' ? { type: 'object' } : responseFormat.schema;
}

interface GenerationParts {
  readonly llama: LoadedLlama;
  readonly call: GenerateCall;
  readonly sequence: Sequence;
  readonly sampler: NativeSampler;
  readonly reader: TokenReader | null;
  readonly prompt: readonly number[];
  readonly signal: AbortSignal;
  readonly emit: (event: CallEvent) => void;
}

class Generation {
  readonly #parts: GenerationParts;
  readonly #text: TokenText;
  readonly #filter: StopFilter;
  #generated = 0;

  constructor(parts: GenerationParts) {
    this.#parts = parts;
    this.#text = new TokenText(parts.llama.detokenize);
    this.#filter = new StopFilter(parts.call.stop);
  }

  async run(): Promise<void> {
    const { llama, call, sequence, prompt, signal } = this.#parts;
    let position = sequence.reused;
    let next = prompt.slice(position);
    for (;;) {
      const token = await this.#advance(position, next);
      // A decode that was under way when the request was cancelled still ends; nothing may follow it.
      signal.throwIfAborted();
      position += next.length;
      this.#generated++;
      if (llama.isEndOfGeneration(token)) return this.#finish('stop', 'eos');
      this.#give(this.#filter.push(this.#text.push(token)));
      if (this.#filter.stopped) return this.#finish('stop', 'stop');
      if (this.#generated >= call.maxTokens) return this.#finish('length', 'max_tokens');
      if (position + 1 >= llama.facts.contextLength) return this.#finish('length', 'context');
      next = [token];
    }
  }

  async #advance(position: number, tokens: readonly number[]): Promise<number> {
    const { llama, sequence, sampler, reader, call, emit } = this.#parts;
    let token = -1;
    let logProbability: TokenLogProbability | null = null;
    await sequence.evaluate({
      position,
      tokens,
      readAt: [tokens.length - 1],
      read: async (row) => {
        const result = await llama.context.sampleToken(row, sampler);
        token = typeof result === 'number' ? result : result[0];
        if (reader && token >= 0) logProbability = await reader.describe(row, token, call.topLogProbabilities ?? 0);
      },
    });
    if (token < 0)
      throw new QwenEvalError('E_ENGINE_SERVER', 'llama.cpp found no token that the sampling settings allow.', {
        hint: 'Loosen the JSON schema or the sampling settings.',
      });
    if (logProbability) emit({ kind: 'log_probabilities', tokens: [logProbability] });
    return token;
  }

  #give(text: string): void {
    if (text !== '') this.#parts.emit({ kind: 'content', text });
  }

  #finish(reason: 'stop' | 'length', rawReason: string): void {
    if (!this.#filter.stopped) this.#give(this.#filter.push(this.#text.flush()) + this.#filter.flush());
    const { prompt, sequence, emit } = this.#parts;
    emit({
      kind: 'finish',
      reason: this.#filter.stopped ? 'stop' : reason,
      rawReason: this.#filter.stopped ? 'stop' : rawReason,
      usage: {
        promptTokens: prompt.length,
        completionTokens: this.#generated,
        reasoningTokens: null,
        cachedPromptTokens: sequence.reused,
      },
    });
  }
}

function refuseUnfit(llama: LoadedLlama, needed: number): void {
  const { contextLength } = llama.facts;
  if (needed <= contextLength) return;
  throw new QwenEvalError(
    'E_CONTEXT_EXCEEDED',
    `The prompt needs ${needed} tokens and the context of a sequence has ${contextLength}.`,
    { hint: 'Raise --max-model-len, or use fewer few-shot examples.', details: { needed, contextLength } },
  );
}

/**
 * Log-probabilities of continuations after one context, which is evaluated once. Text is tokenised together with each continuation; what
 * a continuation shares with the tokens of the context alone is not counted. An empty context stands for the BOS (else EOS) token.
 */
export async function scoreContinuations(
  services: LlamaServices,
  call: ScoreCall,
  signal: AbortSignal,
): Promise<readonly ContinuationScore[]> {
  const { llama, decoder } = services;
  const plan = planScoring(llama, call);
  for (const { tokens } of plan.continuations) refuseUnfit(llama, tokens.length);
  const sequence = await decoder.acquire(plan.prefix, signal);
  const reader = new TokenReader(llama);
  try {
    const first: (TokenScore | null)[] = [];
    await sequence.evaluate({
      position: sequence.reused,
      tokens: plan.prefix.slice(sequence.reused),
      readAt: [plan.prefix.length - sequence.reused - 1],
      read: async (row) => {
        const probabilities = await reader.read(row);
        for (const { tokens } of plan.continuations) {
          const token = tokens[plan.prefix.length];
          first.push(token === undefined ? null : await scoreToken(probabilities, token));
        }
      },
    });
    const scores: ContinuationScore[] = [];
    for (const [index, continuation] of plan.continuations.entries()) {
      signal.throwIfAborted();
      const rest = await scoreRest({ sequence, reader, tokens: continuation.tokens, from: plan.prefix.length });
      const all = [...(first[index] ? [first[index]] : []), ...rest];
      scores.push(summarize(continuation.text, all.slice(continuation.scoredFrom - plan.prefix.length)));
    }
    return scores;
  } finally {
    reader.dispose();
    sequence.release();
  }
}

interface ScoringPlan {
  /** What all continuations share; at least one token. */
  readonly prefix: readonly number[];
  readonly continuations: readonly {
    readonly text: string;
    /** Prefix and continuation. */
    readonly tokens: readonly number[];
    /** Index of the first token that counts. */
    readonly scoredFrom: number;
  }[];
}

function planScoring(
  llama: LoadedLlama,
  { context, continuations }: ScoreCall,
  start: readonly number[] = [],
): ScoringPlan {
  const contextTokens = [...start, ...promptTokens(llama, context)];
  const planned = continuations.map((text) => {
    const tokens =
      context.kind === 'text'
        ? [...start, ...promptTokens(llama, { kind: 'text', text: context.text + text })]
        : [...contextTokens, ...llama.tokenize(text)];
    let scoredFrom = 0;
    while (scoredFrom < contextTokens.length && tokens[scoredFrom] === contextTokens[scoredFrom]) scoredFrom++;
    return { text, tokens, scoredFrom };
  });
  const shared = Math.min(contextTokens.length, ...planned.map(({ scoredFrom }) => scoredFrom));
  if (shared > 0) return { prefix: contextTokens.slice(0, shared), continuations: planned };
  if (start.length > 0 || llama.startToken === null)
    throw new QwenEvalError('E_ENGINE_REQUEST', 'There is no context to score a continuation after.', {
      hint: 'Send a context of at least one token; this model has no start token to stand in for it.',
    });
  return planScoring(llama, { context, continuations }, [llama.startToken]);
}

interface TokenScore {
  readonly logProbability: number | null;
  readonly isBest: boolean;
}

const scoreToken = async (probabilities: RowProbabilities, token: number): Promise<TokenScore> => ({
  logProbability: await probabilities.of(token),
  isBest: probabilities.best === token,
});

/** Scores the tokens after `from`; the token at `from` was scored with the prefix. */
async function scoreRest(options: {
  readonly sequence: Sequence;
  readonly reader: TokenReader;
  readonly tokens: readonly number[];
  readonly from: number;
}): Promise<readonly TokenScore[]> {
  const { sequence, reader, tokens, from } = options;
  const given = tokens.slice(from, -1);
  const scores: TokenScore[] = [];
  if (given.length === 0) return scores;
  await sequence.evaluate({
    position: from,
    tokens: given,
    readAt: [...given.keys()],
    read: async (row, index) => {
      scores.push(await scoreToken(await reader.read(row), tokens[from + index + 1] ?? 0));
    },
  });
  return scores;
}

function summarize(text: string, scores: readonly TokenScore[]): ContinuationScore {
  if (scores.length === 0) return { text, logProbability: null, tokenCount: 0, isGreedy: null };
  const sum = scores.reduce<number | null>(
    (total, { logProbability }) => (total === null || logProbability === null ? null : total + logProbability),
    0,
  );
  return { text, logProbability: sum, tokenCount: scores.length, isGreedy: scores.every(({ isBest }) => isBest) };
}
