import type { SeenRequest } from './openai-server.ts';
import type { TinyLanguageModel } from './tiny-language-model.ts';
import type { TokenDictionary } from './token-dictionary.ts';

/** Parts of an answer that a test can fix. */
export interface ReplyFields {
  readonly text: string | null;
  readonly reasoning: string;
  /** Field that carries the reasoning. */
  readonly reasoningField: 'reasoning' | 'reasoning_content';
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly finishReason: string;
  /** False leaves the usage chunk out; an object is sent as it is. */
  readonly usage: false | Readonly<Record<string, unknown>>;
  /** Model the answer says it is from. */
  readonly model: string;
  /** Log-probabilities that are all 0. */
  readonly zeroLogProbabilities: boolean;
  /** Tokens a chunk. */
  readonly bundle: number;
}

export interface ReplyContext {
  readonly model: TinyLanguageModel;
  readonly dictionary: TokenDictionary;
  readonly replyTokens: number;
  readonly echo: 'values' | 'constant' | 'refused' | 'ignored' | 'promptLogprobs';
}

type Reply =
  | { readonly kind: 'frames'; readonly frames: readonly string[] }
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown };

type Fields = Readonly<Record<string, unknown>>;

interface Token {
  readonly token: string;
  readonly logProbability: number;
  readonly top: readonly { readonly token: string; readonly logProbability: number }[];
}

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** The prompt of a request as one text: `prompt` as text or ids, or the messages one below the other. */
export function promptText(body: Fields, dictionary: TokenDictionary): string {
  const prompt = body['prompt'];
  if (typeof prompt === 'string') return prompt;
  if (Array.isArray(prompt)) return dictionary.decode(prompt as number[]);
  const messages = Array.isArray(body['messages']) ? (body['messages'] as Fields[]) : [];
  return messages.map((message) => `${String(message['role'])}: ${String(message['content'] ?? '')}\n`).join('');
}

const numberOf = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);

function stopsOf(body: Fields): readonly string[] {
  const stop = body['stop'];
  return typeof stop === 'string' ? [stop] : Array.isArray(stop) ? (stop as string[]) : [];
}

/** The smallest instance of the schema parts that the tests use. */
function instanceOf(schema: unknown): unknown {
  if (!isObject(schema)) return null;
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  if ('const' in schema) return schema['const'];
  switch (schema['type']) {
    case 'object':
      return Object.fromEntries(
        Object.entries(isObject(schema['properties']) ? schema['properties'] : {}).map(([name, member]) => [
          name,
          instanceOf(member),
        ]),
      );
    case 'array':
      return [];
    case 'string':
      return 'text';
    case 'boolean':
      return true;
    default:
      return 1;
  }
}

function schemaText(body: Fields): string | null {
  if (body['json_schema'] !== undefined) return JSON.stringify(instanceOf(body['json_schema']));
  const format = body['response_format'];
  if (!isObject(format) || format['type'] === 'text') return null;
  const wrapper = format['json_schema'];
  return JSON.stringify(isObject(wrapper) ? instanceOf(wrapper['schema']) : {});
}

/** A call of the first tool, when tools are offered and the request asks for one. */
function wantedCalls(seen: SeenRequest): ReplyFields['toolCalls'] {
  const tools = seen.body['tools'];
  const asked = seen.body['tool_choice'] === 'required' || seen.prompt.includes('use the tool');
  if (!Array.isArray(tools) || seen.body['tool_choice'] === 'none' || !asked) return [];
  const definition = (tools[0] as { function: { name: string; parameters: unknown } }).function;
  return [{ id: 'call_1', name: definition.name, arguments: JSON.stringify(instanceOf(definition.parameters) ?? {}) }];
}

interface Generated {
  readonly tokens: readonly Token[];
  readonly finishReason: string;
}

function tokenAfter(text: string, piece: string, context: ReplyContext, top: number): Token {
  return {
    token: piece,
    logProbability: context.model.logProbability(text, piece),
    top: top > 0 ? context.model.likeliest(text, top) : [],
  };
}

/** The tokens of the first `length` characters. */
function cutTokens(tokens: readonly Token[], length: number): Token[] {
  const kept: Token[] = [];
  let left = length;
  for (const token of tokens) {
    if (left <= 0) break;
    kept.push({ ...token, token: token.token.slice(0, left) });
    left -= token.token.length;
  }
  return kept;
}

/** Generates until the reply length, the limit or a stop text; a stop text is cut off. */
function generateTokens(seen: SeenRequest, fixed: string | undefined, context: ReplyContext): Generated {
  const { body, prompt } = seen;
  const limit = numberOf(body['max_tokens'], numberOf(body['max_completion_tokens'], 16));
  const stops = stopsOf(body);
  const top = numberOf(body['top_logprobs'], typeof body['logprobs'] === 'number' ? body['logprobs'] : 0);
  const given = fixed === undefined ? null : context.model.pieces(fixed);
  const length = given?.length ?? context.replyTokens;
  const tokens: Token[] = [];
  let text = '';
  while (tokens.length < length) {
    if (tokens.length >= limit) return { tokens, finishReason: 'length' };
    const piece =
      given?.[tokens.length] ??
      context.model.next(prompt + text, numberOf(body['temperature'], 1), numberOf(body['seed'], seen.index));
    tokens.push(tokenAfter(prompt + text, piece, context, top));
    text += piece;
    const end = Math.min(...stops.map((stop) => text.indexOf(stop)).filter((index) => index >= 0));
    if (Number.isFinite(end)) return { tokens: cutTokens(tokens, end), finishReason: 'stop' };
  }
  return { tokens, finishReason: 'stop' };
}

const chatLogprobs = (tokens: readonly Token[]): unknown => ({
  content: tokens.map(({ token, logProbability, top }) => ({
    token,
    logprob: logProbability,
    top_logprobs: top.map((other) => ({ token: other.token, logprob: other.logProbability })),
  })),
});

const completionLogprobs = (tokens: readonly Token[]): unknown => ({
  tokens: tokens.map(({ token }) => token),
  token_logprobs: tokens.map(({ logProbability }) => logProbability),
  top_logprobs: tokens.map(({ top }) => Object.fromEntries(top.map((other) => [other.token, other.logProbability]))),
});

const frame = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;

function toolFrames(calls: ReplyFields['toolCalls'], wrap: (delta: Fields) => unknown): string[] {
  return calls.flatMap((call, index) => {
    const third = Math.ceil(call.arguments.length / 3);
    const parts = [0, 1, 2].map((part) => call.arguments.slice(part * third, (part + 1) * third));
    return [
      frame(
        wrap({
          tool_calls: [{ index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }],
        }),
      ),
      ...parts.map((part) => frame(wrap({ tool_calls: [{ index, function: { arguments: part } }] }))),
    ];
  });
}

interface Parts {
  readonly seen: SeenRequest;
  readonly fields: Partial<ReplyFields>;
  readonly generated: Generated;
  readonly calls: ReplyFields['toolCalls'];
  readonly usage: Fields | null;
}

function frames({ seen, fields, generated, calls, usage }: Parts): string[] {
  const chat = seen.path.endsWith('/chat/completions');
  const head = {
    id: 'gen-1',
    object: chat ? 'chat.completion.chunk' : 'text_completion',
    created: 0,
    model: fields.model ?? 'tiny',
  };
  const chunk = (members: Fields) => ({ ...head, choices: [{ index: 0, finish_reason: null, ...members }] });
  const delta = (members: Fields) => chunk({ delta: members });
  const wantsLogprobs = seen.body['logprobs'] !== undefined && seen.body['logprobs'] !== false;
  const size = fields.bundle ?? 1;
  const content: string[] = [];
  for (let start = 0; start < generated.tokens.length; start += size) {
    const part = generated.tokens.slice(start, start + size);
    const text = part.map(({ token }) => token).join('');
    const logprobs = wantsLogprobs ? { logprobs: chat ? chatLogprobs(part) : completionLogprobs(part) } : {};
    content.push(frame(chunk(chat ? { delta: { content: text }, ...logprobs } : { text, ...logprobs })));
  }
  const finishReason = fields.finishReason ?? (calls.length > 0 ? 'tool_calls' : generated.finishReason);
  const reasoning = fields.reasoning?.match(/.{1,8}/gsu) ?? [];
  return [
    frame(chat ? delta({ role: 'assistant', content: fields.text === null ? null : '' }) : chunk({ text: '' })),
    ...reasoning.map((part) => frame(delta({ [fields.reasoningField ?? 'reasoning_content']: part }))),
    ...content,
    ...toolFrames(calls, delta),
    frame(chunk(chat ? { delta: {}, finish_reason: finishReason } : { text: '', finish_reason: finishReason })),
    ...(usage === null ? [] : [frame({ ...head, choices: [], usage })]),
    'data: [DONE]\n\n',
  ];
}

/** Completions with `echo`: log-probabilities of the prompt's own tokens, the first one unknown. */
function echoReply(seen: SeenRequest, context: ReplyContext): Reply {
  if (context.echo === 'refused')
    return { kind: 'json', status: 400, body: { error: { message: 'echo is not supported' } } };
  const parts = context.model.pieces(seen.prompt);
  const offsets: number[] = [];
  const values: (number | null)[] = [];
  const tops: (Fields | null)[] = [];
  let text = '';
  for (const piece of parts) {
    offsets.push(Array.from(text).length);
    values.push(text === '' ? null : context.echo === 'constant' ? -1.5 : context.model.logProbability(text, piece));
    const [best] = context.model.likeliest(text, 1);
    tops.push(text === '' || best === undefined ? null : { [best.token]: best.logProbability });
    text += piece;
  }
  const logprobs = { tokens: parts, token_logprobs: values, top_logprobs: tops, text_offset: offsets };
  const choice = { index: 0, text: seen.prompt, logprobs, finish_reason: 'length' };
  const usage = { prompt_tokens: parts.length, completion_tokens: 0, total_tokens: parts.length };
  return {
    kind: 'json',
    status: 200,
    body: { id: 'gen-1', object: 'text_completion', model: 'tiny', choices: [choice], usage },
  };
}

/** Completions with `prompt_logprobs`: a map from token id to log-probability and rank for each token of the prompt. */
function promptLogprobsReply(seen: SeenRequest, context: ReplyContext): Reply {
  let text = '';
  const values = context.model.pieces(seen.prompt).map((piece) => {
    const logprob = context.model.logProbability(text, piece);
    const [best] = context.model.likeliest(text, 1);
    const entry = { logprob, rank: best && logprob >= best.logProbability ? 1 : 2, decoded_token: piece };
    const value = text === '' ? null : { [String(context.dictionary.encode(piece)[0])]: entry };
    text += piece;
    return value;
  });
  const choice = { index: 0, text: '', logprobs: null, finish_reason: 'length', prompt_logprobs: values };
  return { kind: 'json', status: 200, body: { id: 'gen-1', object: 'text_completion', choices: [choice] } };
}

const withoutLogProbability = (token: Token): Token => ({
  ...token,
  logProbability: 0,
  top: token.top.map((other) => ({ ...other, logProbability: 0 })),
});

/** The whole answer to a request. */
export function answerTo(seen: SeenRequest, fields: Partial<ReplyFields>, context: ReplyContext): Reply {
  if (seen.body['echo'] === true && !['ignored', 'promptLogprobs'].includes(context.echo))
    return echoReply(seen, context);
  if (seen.body['prompt_logprobs'] !== undefined && context.echo === 'promptLogprobs')
    return promptLogprobsReply(seen, context);
  const calls = fields.toolCalls ?? wantedCalls(seen);
  const fixed = fields.text === null || calls.length > 0 ? '' : (fields.text ?? schemaText(seen.body) ?? undefined);
  const generated = generateTokens(seen, fixed, context);
  const tokens = fields.zeroLogProbabilities ? generated.tokens.map(withoutLogProbability) : generated.tokens;
  const promptTokens = context.model.pieces(seen.prompt).length;
  const completionTokens = generated.tokens.length;
  const counted = {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
  const usage = fields.usage === false ? null : (fields.usage ?? counted);
  if (seen.body['stream'] === true) {
    const options = seen.body['stream_options'];
    const wantsUsage = isObject(options) && options['include_usage'] === true;
    const parts = { seen, fields, generated: { ...generated, tokens }, calls, usage: wantsUsage ? usage : null };
    return { kind: 'frames', frames: frames(parts) };
  }
  const text = fields.text === null ? null : generated.tokens.map(({ token }) => token).join('');
  const chat = seen.path.endsWith('/chat/completions');
  const logprobs = seen.body['logprobs'] ? (chat ? chatLogprobs : completionLogprobs)(generated.tokens) : null;
  const finish = { index: 0, finish_reason: fields.finishReason ?? generated.finishReason, logprobs };
  const message = {
    role: 'assistant',
    content: text,
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map((call) => ({
            id: call.id,
            type: 'function',
            function: { name: call.name, arguments: call.arguments },
          })),
        }),
  };
  const choice = chat ? { ...finish, message } : { ...finish, text };
  return {
    kind: 'json',
    status: 200,
    body: { id: 'gen-1', model: 'tiny', choices: [choice], ...(usage === null ? {} : { usage }) },
  };
}
