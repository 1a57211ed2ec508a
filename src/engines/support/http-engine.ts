import type { GenerationDelta, GenerationRequest, Prompt } from '../../core/generation.ts';
import {
  unsupported,
  type Capabilities,
  type ContinuationRequest,
  type Engine,
  type EngineDependencies,
  type EngineDescription,
  type EngineSettings,
} from '../../core/ports/engine.ts';
import type { ContinuationScore } from '../../core/response.ts';
import { openApiClient, type ApiClient } from './api-client.ts';
import { probeCapabilities, type Probed } from './capability-probe.ts';
import { closedEngineError } from './closed-engine-error.ts';
import { scoreContinuations } from './continuation-scoring.ts';
import { generationBody } from './request-body.ts';
import { observedSettings } from './observed-settings.ts';
import { requireCapability } from './require-capability.ts';
import {
  chooseServedModel,
  loadServerFacts,
  servedChatTemplate,
  servedContextLength,
  servedModelFacts,
  type ServerFacts,
} from './server-facts.ts';
import { tokenizeOnServer } from './server-tokenizer.ts';

/** What is known about the server once it was asked. */
interface Known {
  readonly facts: ServerFacts;
  readonly model: string;
  readonly probed: Probed;
}

const notProbed = unsupported('probing is switched off by the engine option "probe"');

const unprobed: Probed = {
  tokenizer: null,
  scoring: null,
  capabilities: {
    messages: { supported: true },
    text: { supported: true },
    tokens: notProbed,
    tools: { supported: true },
    jsonSchema: { supported: true },
    continuationLogProbabilities: notProbed,
    tokenLogProbabilities: notProbed,
    tokenize: notProbed,
    stop: { supported: true },
    seed: { supported: true },
  },
};

function descriptionOf(id: string, { facts, model, probed }: Known, settings: EngineSettings): EngineDescription {
  const { props } = facts;
  return {
    engine: id,
    version: facts.version,
    model: {
      name: model,
      root: facts.models.find((served) => served.id === model)?.root ?? props?.model_path ?? null,
      sha256: null,
      facts: servedModelFacts(facts, model),
    },
    servedModels: facts.models.map((served) => served.id),
    contextLength: servedContextLength(facts, model) ?? settings.contextLength,
    capabilities: probed.capabilities,
    chatTemplate: servedChatTemplate(facts),
    parallelRequests: props?.total_slots ?? null,
    metricsUrl: facts.metricsUrl,
    processId: null,
    settings: probed.scoring === null ? {} : { continuationScoring: probed.scoring.method },
    observed: observedSettings(facts, model),
  };
}

/** How an engine that speaks HTTP is opened. */
interface HttpEngineParts {
  /** Of the engine that composes it. */
  readonly id: string;
  /** False declares without small requests what every such server should have. */
  readonly probe: boolean;
  readonly settings: EngineSettings;
  readonly dependencies: EngineDependencies;
}

/** A server with the OpenAI endpoints, asked over HTTP: what it can do is found out by small real requests. */
export class HttpEngine implements Engine {
  readonly #id: string;
  readonly #client: ApiClient;
  readonly #naming: Pick<EngineDependencies, 'isSameModel'>;
  readonly #settings: EngineSettings;
  readonly #probe: boolean;
  #known: Promise<Known> | null = null;
  #schemaField: 'response_format' | 'json_schema' = 'response_format';
  #closed = false;

  constructor({ id, probe, settings, dependencies }: HttpEngineParts) {
    this.#id = id;
    this.#settings = settings;
    this.#probe = probe;
    this.#client = openApiClient(settings, dependencies);
    this.#naming = dependencies.isSameModel ? { isSameModel: dependencies.isSameModel } : {};
  }

  async describe(signal?: AbortSignal): Promise<EngineDescription> {
    return descriptionOf(this.#id, await this.#ask(signal), this.#settings);
  }

  /** Nothing is sent before the answer is read. */
  generate(request: GenerationRequest, signal?: AbortSignal): AsyncIterable<GenerationDelta> {
    return {
      [Symbol.asyncIterator]: () => {
        if (this.#closed) throw closedEngineError(this.#id);
        const path = request.prompt.kind === 'messages' ? '/chat/completions' : '/completions';
        const options = { extraBody: this.#settings.extraBody, schemaField: this.#schemaField };
        return this.#client.stream(path, generationBody(request, options), signal);
      },
    };
  }

  async scoreContinuations(request: ContinuationRequest, signal?: AbortSignal): Promise<readonly ContinuationScore[]> {
    const capabilities = await this.#need('scoring continuations', 'continuationLogProbabilities', signal);
    return capabilities.scoring === null ? [] : scoreContinuations(capabilities.scoring, request, signal);
  }

  async tokenize(prompt: Prompt, signal?: AbortSignal): Promise<readonly number[]> {
    const { tokenizer: kind } = await this.#need('tokenising', 'tokenize', signal);
    const { model } = await this.#ask(signal);
    return kind === null ? [] : tokenizeOnServer(prompt, { client: this.#client, model, kind, signal });
  }

  /** The JSON of an endpoint of the server's own; null when it has none. */
  async askServer(path: string, signal?: AbortSignal): Promise<unknown> {
    if (this.#closed) throw closedEngineError(this.#id);
    const answer = await this.#client.json({ under: 'root', path, signal }).catch(() => null);
    signal?.throwIfAborted();
    return answer;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#client.close();
  }

  async #need(action: string, name: keyof Capabilities, signal?: AbortSignal): Promise<Probed> {
    const { probed } = await this.#ask(signal);
    requireCapability(action, probed.capabilities[name]);
    return probed;
  }

  /** Asks the server once; a failure is not kept, so that the next call asks again. */
  async #ask(signal: AbortSignal | undefined): Promise<Known> {
    if (this.#closed) throw closedEngineError(this.#id);
    this.#known ??= this.#learn(signal);
    try {
      return await this.#known;
    } catch (error) {
      this.#known = null;
      throw error;
    }
  }

  async #learn(signal: AbortSignal | undefined): Promise<Known> {
    const client = this.#client;
    const facts = await loadServerFacts(client, this.#settings.deadlines, signal);
    client.setServedModels(facts.models.map((served) => served.id));
    const model = chooseServedModel(facts, this.#settings.model, {
      ...this.#naming,
      url: client.endpoints[0]?.base.shown ?? '',
    });
    const isLlamaCpp = facts.props !== null;
    if (isLlamaCpp) this.#schemaField = 'json_schema';
    const { extraBody } = this.#settings;
    const startText = facts.props?.bos_token || facts.props?.eos_token || null;
    const probed = this.#probe
      ? await probeCapabilities({ client, model, isLlamaCpp, startText, extraBody, signal })
      : unprobed;
    return { facts, model, probed };
  }
}
