import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { QwenEvalError } from '../core/errors.ts';
import type { GenerationDelta, GenerationRequest, Prompt } from '../core/generation.ts';
import {
  defineEngine,
  supported,
  unsupported,
  type ContinuationRequest,
  type Engine,
  type EngineDependencies,
  type EngineDescription,
  type EngineSettings,
} from '../core/ports/engine.ts';
import type { ContinuationScore } from '../core/response.ts';
import { readGgufHeader, summarizeGguf, type GgufSummary } from './support/gguf-header.ts';
import { countCores } from './support/count-cores.ts';
import { parseEngineOptions } from './support/engine-options.ts';
import { hashFile } from './support/hash-file.ts';
import type { CallMessage } from './support/llama-process.ts';
import type { LlamaPrompt, LlamaSettings } from './support/llama-protocol.ts';
import { LlamaSupervisor, type CallDeadlines } from './support/llama-supervisor.ts';

const engineId = 'llama-cpp';

const optionsSchema = z.strictObject({
  /** False is the CPU; the others need the GPU package of node-llama-cpp to be installed. */
  gpu: z.union([z.literal(false), z.enum(['auto', 'metal', 'cuda', 'vulkan'])]).default(false),
  flashAttention: z.boolean().default(true),
});

const exactCacheTypes = ['f32', 'f16', 'bf16'];
const cacheTypes = [...exactCacheTypes, 'q8_0', 'q5_1', 'q5_0', 'q4_1', 'q4_0', 'iq4_nl'];
const defaultBatchSize = 512;

const builtInModel = fileURLToPath(new URL('../../data/built-in-model.gguf', import.meta.url));

const noDeadlines: CallDeadlines = { firstByteMs: null, idleMs: null, totalMs: null };

/** A step of a model below this is over before a second thread has joined, and on a busy machine threads wait for each other. */
const singleThreadParameters = 20e6;

function resolveSettings(settings: EngineSettings): Omit<LlamaSettings, 'threads' | 'threadsAreExact'> {
  const { gpu, flashAttention } = parseEngineOptions(engineId, optionsSchema, settings.engineOptions);
  if (settings.baseUrls.length > 0)
    throw invalid('The embedded engine has no URL.', 'Leave --base-url out, or take --engine openai-compatible.');
  if (Object.keys(settings.extraBody).length > 0)
    throw invalid('The embedded engine takes no extra request fields.', 'Leave the extra body out.');
  const kvCacheType = settings.kvCacheType?.toLowerCase() ?? 'f16';
  if (!cacheTypes.includes(kvCacheType))
    throw invalid(`The KV cache cannot have type ${kvCacheType}.`, `Take one of ${cacheTypes.join(', ')}.`);
  if (!flashAttention && !exactCacheTypes.includes(kvCacheType))
    throw invalid(`A KV cache of type ${kvCacheType} needs flash attention.`, 'Leave flashAttention on, or take f16.');
  return {
    modelPath: settings.model === null ? builtInModel : resolve(settings.model),
    sequences: settings.sequences,
    contextLength: settings.contextLength,
    batchSize: settings.batchSize ?? defaultBatchSize,
    flashAttention,
    kvCacheType,
    gpu,
  };
}

const invalid = (message: string, hint: string): QwenEvalError =>
  new QwenEvalError('E_OPTION_INVALID', message, { hint });

const messagesAreRendered = 'the chat template of the file is rendered before the engine is asked';

function toLlamaPrompt(prompt: Prompt): LlamaPrompt {
  if (prompt.kind !== 'messages') return prompt;
  throw new QwenEvalError('E_CAPABILITY', `The embedded engine takes no messages: ${messagesAreRendered}.`, {
    hint: 'Render the chat template of describe() and send text or token ids.',
  });
}

class LlamaCppEngine implements Engine {
  readonly #settings: LlamaSettings;
  readonly #deadlines: CallDeadlines;
  readonly #summary: GgufSummary;
  readonly #supervisor: LlamaSupervisor;
  readonly #random: () => number;

  constructor(parts: {
    readonly settings: LlamaSettings;
    readonly deadlines: CallDeadlines;
    readonly summary: GgufSummary;
    readonly supervisor: LlamaSupervisor;
    readonly random: () => number;
  }) {
    this.#settings = parts.settings;
    this.#deadlines = parts.deadlines;
    this.#summary = parts.summary;
    this.#supervisor = parts.supervisor;
    this.#random = parts.random;
  }

  async describe(): Promise<EngineDescription> {
    const { modelPath, sequences, flashAttention, kvCacheType } = this.#settings;
    const { facts, processId } = this.#supervisor;
    const { chatTemplate, ...header } = this.#summary;
    const name = basename(modelPath).replace(/\.gguf$/i, '');
    return {
      engine: engineId,
      version: `node-llama-cpp ${facts.bindingVersion}, llama.cpp ${facts.llamaCppRelease}`,
      model: { name, root: modelPath, sha256: await hashFile(modelPath), facts: { ...header } },
      servedModels: [name],
      contextLength: facts.contextLength,
      capabilities: {
        messages: unsupported(messagesAreRendered),
        text: supported,
        tokens: supported,
        tools: unsupported('tools are written into the prompt by the chat template, and calls are read from the text'),
        jsonSchema: supported,
        continuationLogProbabilities: supported,
        tokenLogProbabilities: supported,
        tokenize: supported,
        stop: supported,
        seed: supported,
      },
      chatTemplate:
        chatTemplate === null ? null : { source: chatTemplate, bosToken: facts.bosToken, eosToken: facts.eosToken },
      parallelRequests: sequences,
      metricsUrl: null,
      processId,
      settings: {
        sequences,
        contextLength: facts.contextLength,
        batchSize: facts.batchSize,
        threads: facts.threads,
        flashAttention,
        kvCacheType,
        gpu: facts.gpu,
        samplingDefaults: 'greedy; top-k, top-p, min-p and penalties off',
        penaltyWindow: 'whole output; for the repetition penalty the prompt too',
      },
    };
  }

  async *generate(request: GenerationRequest, signal?: AbortSignal): AsyncGenerator<GenerationDelta, void, undefined> {
    if (request.extraBody && Object.keys(request.extraBody).length > 0)
      throw new QwenEvalError('E_ENGINE_REQUEST', 'The embedded engine takes no extra request fields.', {
        hint: 'Leave the extra body out.',
      });
    const { maxTokens, stop, sampling, responseFormat, topLogProbabilities } = request;
    const call = {
      prompt: toLlamaPrompt(request.prompt),
      maxTokens,
      stop,
      sampling: { ...sampling, seed: sampling.seed ?? Math.floor(this.#random() * 2 ** 32) },
      responseFormat,
      topLogProbabilities: topLogProbabilities ?? null,
    };
    const build = (id: number): CallMessage => ({ kind: 'generate', id, call });
    const events = this.#supervisor.call({ build, deadlines: this.#deadlines, signal });
    for await (const { event, atMs } of events)
      if (event.kind !== 'scores' && event.kind !== 'ids' && event.kind !== 'error') yield { ...event, atMs };
  }

  async scoreContinuations(request: ContinuationRequest, signal?: AbortSignal): Promise<readonly ContinuationScore[]> {
    const call = { context: toLlamaPrompt(request.context), continuations: request.continuations };
    const build = (id: number): CallMessage => ({ kind: 'score', id, call });
    return (await this.#supervisor.answer('scores', { build, deadlines: this.#deadlines, signal })).scores;
  }

  async tokenize(prompt: Prompt, signal?: AbortSignal): Promise<readonly number[]> {
    const text = toLlamaPrompt(prompt);
    const build = (id: number): CallMessage => ({ kind: 'tokenize', id, prompt: text });
    return (await this.#supervisor.answer('ids', { build, deadlines: noDeadlines, signal })).ids;
  }

  close(): Promise<void> {
    return this.#supervisor.close();
  }
}

async function open(settings: EngineSettings, dependencies: EngineDependencies): Promise<Engine> {
  const resolved = resolveSettings(settings);
  if (settings.model === null && !existsSync(builtInModel))
    throw new QwenEvalError('E_MODEL_FILE', 'The built-in model is missing.', { hint: 'Install qwen-eval again.' });
  const header = await readGgufHeader(resolved.modelPath);
  const parts = header.metadata.get('split.count');
  if (typeof parts === 'number' && parts > 1)
    throw new QwenEvalError('E_MODEL_FILE', `${resolved.modelPath} is one of ${parts} parts of a model.`, {
      hint: 'Join the parts first (llama-gguf-split --merge), so that one sha256 names the weights.',
    });
  const summary = summarizeGguf(header);
  const { contextLength } = resolved;
  if (contextLength !== null && summary.contextLength !== null && contextLength > summary.contextLength)
    throw invalid(
      `A context of ${contextLength} tokens is longer than the ${summary.contextLength} the model was trained on.`,
      `Set --max-model-len to ${summary.contextLength} at most.`,
    );
  const llamaSettings = {
    ...resolved,
    threads: settings.threads ?? (summary.parameters < singleThreadParameters ? 1 : countCores()),
    threadsAreExact: settings.threads !== null,
  };
  const supervisor = await LlamaSupervisor.start(llamaSettings, dependencies);
  return new LlamaCppEngine({
    settings: llamaSettings,
    deadlines: settings.deadlines,
    summary,
    supervisor,
    random: dependencies.random,
  });
}

export default defineEngine({
  id: engineId,
  title: 'llama.cpp inside qwen-eval: a GGUF file, no server',
  local: true,
  usesGpu: false,
  modelSource: 'gguf-file',
  optionsSchema,
  open,
});
