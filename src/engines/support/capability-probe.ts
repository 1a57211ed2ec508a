import { z } from 'zod';
import { isQwenEvalError, QwenEvalError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { supported, unsupported, type Capabilities, type Capability } from '../../core/ports/engine.ts';
import type { ContinuationScore } from '../../core/response.ts';
import type { ApiClient } from './api-client.ts';
import { scoreContinuations, type Encode, type Scoring, type ScoringMethod } from './continuation-scoring.ts';
import { tokenizeOnServer, type TokenizerKind } from './server-tokenizer.ts';

/** Begins every prompt that is sent to find out what a server can do. */
export const probeText = 'Capability probe: the capital of France is';

const probeContinuations = [' Paris', ' seven', ' a xylophone bridge'];

export interface Probing {
  readonly client: ApiClient;
  readonly model: string;
  readonly isLlamaCpp: boolean;
  /** Text of the token that begins a text; null when the server does not tell. */
  readonly startText: string | null;
  readonly extraBody: Readonly<Record<string, Json>>;
  readonly signal: AbortSignal | undefined;
}

/** What a server turned out to be able to do. */
export interface Probed {
  readonly capabilities: Capabilities;
  readonly tokenizer: TokenizerKind | null;
  readonly scoring: Scoring | null;
}

type Outcome<Value> = { readonly value: Value } | { readonly reason: string; readonly error: QwenEvalError | null };

/** Runs a probe; a refusal becomes its reason, and only a refused key or an abort ends the probing. */
async function attempt<Value>(work: () => Promise<Value>, signal: AbortSignal | undefined): Promise<Outcome<Value>> {
  try {
    return { value: await work() };
  } catch (error) {
    signal?.throwIfAborted();
    if (!isQwenEvalError(error) || error.code === 'E_ENGINE_AUTH') throw error;
    return { reason: error.message, error };
  }
}

const choiceSchema = z.object({
  choices: z.array(
    z.object({ message: z.object({ content: z.string().nullish() }).nullish(), logprobs: z.unknown().optional() }),
  ),
});

type Choice = z.infer<typeof choiceSchema>['choices'][number];

function chat({ client, model, extraBody, signal }: Probing, fields: object): Promise<Outcome<Choice | undefined>> {
  const messages = [{ role: 'user', content: probeText }];
  const body = { model, messages, max_tokens: 1, temperature: 0, ...fields, ...extraBody, stream: false };
  return attempt(async () => {
    const answer = await client.json({ under: 'api', path: '/chat/completions', body, signal });
    return choiceSchema.safeParse(answer).data?.choices[0];
  }, signal);
}

const capabilityOf = (outcome: Outcome<unknown>, what: string): Capability =>
  'value' in outcome ? supported : unsupported(`${what}: ${outcome.reason}`);

interface ChatProbe {
  readonly plain: Outcome<unknown>;
  readonly tokenLogProbabilities: Capability;
}

async function probeChat(probing: Probing): Promise<ChatProbe> {
  const withLogprobs = await chat(probing, { logprobs: true, top_logprobs: 2 });
  if ('value' in withLogprobs) {
    const given = withLogprobs.value?.logprobs;
    const missing = given === null || given === undefined;
    return {
      plain: withLogprobs,
      tokenLogProbabilities: missing ? unsupported('chat completions ignore logprobs') : supported,
    };
  }
  // Asking again helps only where the fields were refused, not where the server fails or stays silent.
  const plain = withLogprobs.error?.retryable === true ? withLogprobs : await chat(probing, {});
  return {
    plain,
    tokenLogProbabilities: unsupported(`chat completions refuse logprobs: ${withLogprobs.reason}`),
  };
}

const probeTool = {
  type: 'function',
  function: { name: 'probe', description: 'Does nothing', parameters: { type: 'object', properties: {} } },
};

async function probeTools(probing: Probing): Promise<Capability> {
  return capabilityOf(await chat(probing, { tools: [probeTool], tool_choice: 'auto' }), 'tools were refused');
}

const probeSchema = {
  type: 'object',
  properties: { probe: { enum: ['ok'] } },
  required: ['probe'],
  additionalProperties: false,
};

async function probeJsonSchema(probing: Probing): Promise<Capability> {
  const outcome = await chat(probing, {
    max_tokens: 16,
    response_format: { type: 'json_schema', json_schema: { name: 'probe', schema: probeSchema } },
    chat_template_kwargs: { enable_thinking: false },
  });
  if (!('value' in outcome)) return unsupported(`response_format was refused: ${outcome.reason}`);
  const text = outcome.value?.message?.content?.trim() ?? '';
  const ignored = text !== '' && !text.startsWith('{');
  return ignored ? unsupported('response_format is ignored: the answer does not begin as the schema asks') : supported;
}

async function probeTokenizer(probing: Probing): Promise<Outcome<TokenizerKind>> {
  const { client, model, signal } = probing;
  const kind: TokenizerKind = probing.isLlamaCpp ? 'content' : 'prompt';
  const prompt = { kind: 'text' as const, text: probeText };
  const outcome = await attempt(() => tokenizeOnServer(prompt, { client, model, kind, signal }), signal);
  if (!('value' in outcome)) return outcome;
  return outcome.value.length > 0 ? { value: kind } : { reason: '/tokenize gave no ids', error: null };
}

/** Why log-probabilities are not to be believed; null when they look real. */
export function chanceReason(scores: readonly ContinuationScore[]): string | null {
  const values = scores.map((score) => score.logProbability);
  if (values.some((value) => value === null)) return 'log-probabilities are missing';
  const numbers = values.filter((value) => value !== null);
  if (numbers.every((value) => value === 0)) return 'all log-probabilities are 0';
  if (numbers.some((value) => value > 0)) return 'log-probabilities above 0';
  const perToken = scores.map((score) => (score.logProbability ?? 0) / (score.tokenCount ?? 1));
  const spread = Math.max(...perToken) - Math.min(...perToken);
  return spread < 1e-6 ? 'log-probabilities are the same for every text' : null;
}

interface ScoringProbe {
  readonly scoring: Scoring | null;
  readonly reason: string;
  /** Whether completions took text, and token ids; null when not tried. */
  readonly takesText: Outcome<unknown>;
  readonly takesTokens: Outcome<unknown> | null;
}

function completion({ client, model, extraBody, signal }: Probing, prompt: Json): Promise<Outcome<unknown>> {
  const body = { model, prompt, max_tokens: 1, temperature: 0, ...extraBody, stream: false };
  return attempt(() => client.json({ under: 'api', path: '/completions', body, signal }), signal);
}

/** Tries each way to get log-probabilities until one gives values that are not chance. */
async function probeScoring(probing: Probing, encode: Encode | null): Promise<ScoringProbe> {
  const { client, model, signal } = probing;
  const takesText = await completion(probing, probeText);
  if (!('value' in takesText)) return { scoring: null, reason: takesText.reason, takesText, takesTokens: null };
  const ids = encode === null ? null : await encode(probeText, { continues: false, signal });
  const takesTokens = ids === null ? null : await completion(probing, ids);
  const usable = takesTokens !== null && 'value' in takesTokens ? encode : null;
  const order: readonly ScoringMethod[] = probing.isLlamaCpp
    ? ['forced_by_grammar', 'forced_by_bias']
    : ['echo', 'prompt_logprobs'];
  const reasons: string[] = [];
  for (const method of order) {
    const scoring: Scoring = { client, model, method, encode: usable, startText: probing.startText };
    const request = { context: { kind: 'text' as const, text: probeText }, continuations: probeContinuations };
    const outcome = await attempt(() => scoreContinuations(scoring, request, signal), signal);
    const reason = 'value' in outcome ? chanceReason(outcome.value) : outcome.reason;
    if (reason === null) return { scoring, reason: '', takesText, takesTokens };
    reasons.push(`${method.replaceAll('_', ' ')}: ${reason}`);
  }
  return { scoring: null, reason: reasons.join('; '), takesText, takesTokens };
}

/** The failure of a server that answers neither endpoint: its own error, since that says most. */
const neitherError = (plain: Outcome<unknown>, reason: string): QwenEvalError =>
  ('error' in plain ? plain.error : null) ??
  new QwenEvalError('E_ENGINE_REQUEST', `the server answers neither chat completions nor completions: ${reason}`, {
    hint: 'Check --base-url and the server’s log.',
  });

/** Finds out by small real requests what a server can do; what it refuses, ignores or answers with chance values is unsupported, with the reason. */
export async function probeCapabilities(probing: Probing): Promise<Probed> {
  const { client, model } = probing;
  const tokenizer = await probeTokenizer(probing);
  const kind = 'value' in tokenizer ? tokenizer.value : null;
  const encode: Encode | null =
    kind === null
      ? null
      : (text, { continues, signal }) =>
          tokenizeOnServer({ kind: 'text', text }, { client, model, kind, continues, signal });
  const [chatting, tools, jsonSchema, scored] = await Promise.all([
    probeChat(probing),
    probeTools(probing),
    probeJsonSchema(probing),
    probeScoring(probing, encode),
  ]);
  const { scoring, takesText, takesTokens } = scored;
  const messages = capabilityOf(chatting.plain, 'chat completions were refused');
  const text = capabilityOf(takesText, 'completions were refused');
  if (!messages.supported && !text.supported) throw neitherError(chatting.plain, messages.reason);
  return {
    tokenizer: kind,
    scoring,
    capabilities: {
      messages,
      text,
      tokenLogProbabilities: chatting.tokenLogProbabilities,
      tokens:
        takesTokens === null
          ? unsupported('without /tokenize there are no ids to try completions with')
          : capabilityOf(takesTokens, 'completions refuse token ids'),
      tools,
      jsonSchema,
      continuationLogProbabilities: scoring === null ? unsupported(scored.reason) : supported,
      tokenize: capabilityOf(tokenizer, 'the server does not tokenise'),
      stop: supported,
      seed: supported,
    },
  };
}
