import { z } from 'zod';
import { isQwenEvalError, QwenEvalError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { ChatTemplate, EngineDependencies } from '../../core/ports/engine.ts';
import type { ApiClient } from './api-client.ts';
import type { Endpoint } from './endpoint-pool.ts';
import type { Deadlines } from './http-exchange.ts';
import { serverInfoSchema, type ServerInfo } from './server-info.ts';

const modelSchema = z.object({
  id: z.string(),
  root: z.string().nullish(),
  owned_by: z.string().nullish(),
  max_model_len: z.int().positive().nullish(),
  meta: z.record(z.string(), z.json()).nullish(),
});
const modelListSchema = z.object({ data: z.array(modelSchema) });

/** What llama.cpp's server says of itself. */
const propsSchema = z.object({
  default_generation_settings: z.object({ n_ctx: z.int().positive().optional() }),
  total_slots: z.int().positive().optional(),
  model_path: z.string().optional(),
  model_ftype: z.string().optional(),
  chat_template: z.string().optional(),
  bos_token: z.string().optional(),
  eos_token: z.string().optional(),
  build_info: z.string().optional(),
});

const versionSchema = z.object({ version: z.string() });

export type ServedModel = z.infer<typeof modelSchema>;

/** What the servers say of themselves; null where they say nothing. */
export interface ServerFacts {
  /** Every model that all endpoints list; empty where there is no list. */
  readonly models: readonly ServedModel[];
  /** `vllm`, `sglang`, `llamacpp` … as the model list says. */
  readonly software: string | null;
  readonly version: string | null;
  readonly props: z.infer<typeof propsSchema> | null;
  readonly metricsUrl: string | null;
  /** The metrics as they were when the server was asked. */
  readonly metricsPage: string | null;
  /** Arguments that SGLang tells of. */
  readonly serverInfo: ServerInfo | null;
}

const quick: Deadlines = { connectMs: 5000, firstByteMs: 5000, idleMs: 5000, totalMs: 10_000 };

/** Waits for the model list no longer than the user lets any request wait, and never longer than half a minute. */
function listDeadlines(own: Deadlines): Deadlines {
  const atMost = (ms: number | null): number => Math.min(ms ?? 30_000, 30_000);
  return {
    connectMs: atMost(own.connectMs),
    firstByteMs: atMost(own.firstByteMs),
    idleMs: atMost(own.idleMs),
    totalMs: atMost(own.totalMs),
  };
}

interface Asking {
  readonly client: ApiClient;
  readonly deadlines: Deadlines;
  readonly signal: AbortSignal | undefined;
}

async function listModels({ client, deadlines, signal }: Asking, endpoint: Endpoint): Promise<readonly ServedModel[]> {
  let value: unknown;
  try {
    const path = '/models';
    value = await client.json({ under: 'api', path, signal, endpoint, deadlines: listDeadlines(deadlines) });
  } catch (error) {
    // A server without a list is no fault: the model must then be named.
    if (isQwenEvalError(error) && error.details['status'] === 404) return [];
    throw error;
  }
  const parsed = modelListSchema.safeParse(value);
  if (parsed.success) return parsed.data.data;
  throw new QwenEvalError('E_ENGINE_REQUEST', `${endpoint.base.shown}/models is no list of models`, {
    hint: 'Check that --base-url leads to an OpenAI-compatible server; it usually ends in /v1.',
  });
}

/** An answer that only some servers have; null when it is not there or not readable. */
async function optional<Value>(
  { client, signal }: Asking,
  where: { readonly path: string; readonly endpoint: Endpoint },
  schema: z.ZodType<Value>,
): Promise<Value | null> {
  const value = await client
    .json({ under: 'root', path: where.path, endpoint: where.endpoint, deadlines: quick, signal })
    .catch(() => null);
  signal?.throwIfAborted();
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

async function metricsOf(
  { client, signal }: Asking,
  endpoint: Endpoint,
): Promise<{ readonly url: string; readonly page: string } | null> {
  const text = await client
    .text({ under: 'root', path: '/metrics', endpoint, deadlines: quick, signal })
    .catch(() => null);
  const looksLikeMetrics = text !== null && /^(?:# (?:HELP|TYPE) |[a-zA-Z_:][\w:]*[ {])/mu.test(text.slice(0, 4096));
  return text !== null && looksLikeMetrics
    ? { url: `${endpoint.base.origin}${endpoint.base.rootPath}/metrics`, page: text }
    : null;
}

/** Reads the model lists of all endpoints and what the first one tells beside; an endpoint that does not answer is left to the pool unless none does. */
export async function loadServerFacts(
  client: ApiClient,
  deadlines: Deadlines,
  signal: AbortSignal | undefined,
): Promise<ServerFacts> {
  const asking: Asking = { client, deadlines, signal };
  const lists = await Promise.allSettled(client.endpoints.map((endpoint) => listModels(asking, endpoint)));
  signal?.throwIfAborted();
  const answered = client.endpoints.flatMap((endpoint, index) => {
    const list = lists[index];
    return list?.status === 'fulfilled' ? [{ endpoint, models: list.value }] : [];
  });
  const [first] = answered;
  if (first === undefined) throw (lists[0] as PromiseRejectedResult).reason;
  const { endpoint } = first;
  const [props, version, otherVersion, serverInfo, metrics] = await Promise.all([
    optional(asking, { path: '/props', endpoint }, propsSchema),
    optional(asking, { path: '/version', endpoint }, versionSchema),
    optional(asking, { path: '/api/version', endpoint }, versionSchema),
    optional(asking, { path: '/get_server_info', endpoint }, serverInfoSchema),
    metricsOf(asking, endpoint),
  ]);
  const models = first.models.filter(({ id }) =>
    answered.every((other) => other.models.some((model) => model.id === id)),
  );
  return {
    models,
    // Ollama gives its models another owner.
    software: otherVersion === null ? (first.models[0]?.owned_by ?? null) : 'ollama',
    version: version?.version ?? props?.build_info ?? otherVersion?.version ?? null,
    props,
    metricsUrl: metrics?.url ?? null,
    metricsPage: metrics?.page ?? null,
    serverInfo,
  };
}

/** The name requests carry: the one asked for when the server lists it or has no list, the only one listed that means the same weights, else the only one listed. Throws E_MODEL_UNKNOWN with the list. */
export function chooseServedModel(
  facts: ServerFacts,
  wanted: string | null,
  { url, isSameModel = () => false }: { readonly url: string } & Pick<EngineDependencies, 'isSameModel'>,
): string {
  const names = facts.models.map(({ id }) => id);
  const list = names.join(', ');
  if (wanted !== null) {
    if (names.length === 0 || names.includes(wanted)) return wanted;
    const [same, ...others] = names.filter((name) => isSameModel(wanted, name));
    if (same !== undefined && others.length === 0) return same;
    throw new QwenEvalError('E_MODEL_UNKNOWN', `${url} does not serve ${wanted}`, {
      hint: `It serves: ${list}. Choose one with --model.`,
      details: { servedModels: names },
    });
  }
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  throw new QwenEvalError(
    'E_MODEL_UNKNOWN',
    names.length === 0 ? `${url} has no list of its models` : `${url} serves ${names.length} models`,
    {
      hint: names.length === 0 ? 'Name the model with --model.' : `Choose one with --model: ${list}.`,
      details: { servedModels: names },
    },
  );
}

/** The chat template a server shows; null when it shows none. */
export function servedChatTemplate(facts: ServerFacts): ChatTemplate | null {
  const source = facts.props?.chat_template;
  if (source === undefined || source === '') return null;
  return {
    source,
    bosToken: facts.props?.bos_token ?? null,
    eosToken: facts.props?.eos_token ?? null,
  };
}

/** Tokens of prompt and output together that one request may have; null when the server does not say. */
export function servedContextLength(facts: ServerFacts, model: string): number | null {
  const listed = facts.models.find(({ id }) => id === model);
  const slot = facts.props?.default_generation_settings.n_ctx;
  return listed?.max_model_len ?? slot ?? null;
}

/** Facts about the weights that the server tells, for the model's identity. */
export function servedModelFacts(facts: ServerFacts, model: string): Readonly<Record<string, Json>> {
  const listed = facts.models.find(({ id }) => id === model);
  // The context is a setting of the server, not a fact about the weights.
  const { n_ctx: _context, ...meta } = listed?.meta ?? {};
  return {
    ...(facts.software === null ? {} : { servedBy: facts.software }),
    ...(facts.props?.model_ftype === undefined ? {} : { fileType: facts.props.model_ftype }),
    ...(Object.keys(meta).length === 0 ? {} : { meta }),
  };
}
