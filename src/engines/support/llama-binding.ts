import type { GgmlType, Llama, LlamaContext, LlamaGrammar, LlamaModel, Token } from 'node-llama-cpp';
import type * as NodeLlamaCpp from 'node-llama-cpp';
import { QwenEvalError } from '../../core/errors.ts';
import type { JsonSchema } from '../../core/json.ts';
import type { DecodingContext } from './batch-decoder.ts';
import { toGrammarSchema } from './grammar-schema.ts';
import type { LlamaFacts, LlamaSettings } from './llama-protocol.ts';

/** What one look at an output row gives: the chosen token, pairs of token and probability by falling probability, the choice's probability. */
type SampleResult =
  | number
  | readonly [token: number, pairs: readonly number[] | undefined, confidence: number | undefined];

/** Configuration of a native sampler; an absent field leaves that step out of the chain. */
export interface SamplerConfig {
  readonly temperature: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  readonly seed?: number;
  readonly repeatPenalty?: number;
  readonly repeatPenaltyPresencePenalty?: number;
  readonly repeatPenaltyMaxTokens?: number;
  readonly repeatPenaltyTokens?: Uint32Array;
  readonly tokenBiasKeys?: Uint32Array;
  readonly tokenBiasValues?: Float32Array;
  readonly grammarEvaluationState?: object;
}

export interface NativeSampler {
  applyConfig(config: SamplerConfig): void;
  dispose(): void;
}

interface NativeContext extends DecodingContext {
  sampleToken(
    row: number,
    sampler: NativeSampler,
    probabilities?: boolean,
    confidence?: boolean,
  ): Promise<SampleResult>;
}

/** The native objects of node-llama-cpp that its types leave out. */
interface Internals {
  readonly context: NativeContext;
  readonly createSampler: () => NativeSampler;
}

/** A model loaded into this process, ready to decode. */
export interface LoadedLlama {
  readonly facts: LlamaFacts;
  readonly context: NativeContext;
  readonly createSampler: () => NativeSampler;
  /** State of a grammar for one generation that follows the schema. */
  readonly createGrammar: (schema: JsonSchema) => Promise<object>;
  /** Special tokens are parsed. */
  readonly tokenize: (text: string) => readonly number[];
  readonly detokenize: (tokens: readonly number[], before: readonly number[]) => string;
  /** The text of one token, special tokens included. */
  readonly tokenLabel: (token: number) => string;
  readonly isEndOfGeneration: (token: number) => boolean;
  /** Stands in for an empty context: the BOS token, else the EOS token. */
  readonly startToken: number | null;
  /** True when the tokenizer of this model puts BOS before every text. */
  readonly prependsStartToken: boolean;
  readonly dispose: () => Promise<void>;
}

type Logger = (level: 'warn' | 'error', message: string) => void;

/** A quirk of a few vocabularies that llama.cpp mends by itself. */
const harmless = /control-looking token: .* was not control-type/;

/** The first node-llama-cpp release that locks output rows while it samples. */
const firstLockingRelease = [3, 22] as const;

/**
 * Whether concurrent sequences keep their output rows apart: by a release that locks them, or by a thread pool of one.
 * Without either, texts are garbled and nothing says so.
 */
export function areSequencesIsolated(bindingVersion: string, poolSize: string | undefined): boolean {
  const [major = 0, minor = 0] = bindingVersion.split('.').map(Number);
  const [lockingMajor, lockingMinor] = firstLockingRelease;
  return major > lockingMajor || (major === lockingMajor && minor >= lockingMinor) || poolSize === '1';
}

/** Loads the library and the model, and makes one context. Throws QwenEvalError E_ENGINE_MISSING, E_ENGINE_START or E_MODEL_FILE. */
export async function loadLlama(settings: LlamaSettings, log: Logger): Promise<LoadedLlama> {
  const library = await import('node-llama-cpp').catch((cause: unknown) => {
    throw new QwenEvalError('E_ENGINE_MISSING', `node-llama-cpp cannot be loaded: ${messageOf(cause)}.`, {
      cause,
      hint: 'Install qwen-eval again with npm, optional dependencies included.',
    });
  });
  const bindingVersion = await library.getModuleVersion();
  if (settings.sequences > 1 && !areSequencesIsolated(bindingVersion, process.env['UV_THREADPOOL_SIZE']))
    throw new QwenEvalError(
      'E_ENGINE_START',
      `node-llama-cpp ${bindingVersion} garbles concurrent sequences unless UV_THREADPOOL_SIZE=1 is set before its process starts.`,
      { hint: 'Use one sequence, or start the engine through qwen-eval, which sets it.' },
    );
  const problems = new Problems(log);
  const llama = await openLibrary(library, settings, (level, message) => problems.take(level, message.trim()));
  const model = await loadModel(llama, settings, problems);
  const context = await createContext(model, settings, problems);
  problems.passOn();
  const grammars = new Map<string, LlamaGrammar>();
  return {
    ...accessInternals(llama, model, context),
    facts: describeLoaded({ llama, model, context, settings, bindingVersion }),
    createGrammar: async (schema) => {
      const key = JSON.stringify(schema);
      const grammar = grammars.get(key) ?? (await createGrammar(llama, schema, log));
      grammars.set(key, grammar);
      return inside(new library.LlamaGrammarEvaluationState({ model, grammar }), '_state') as object;
    },
    tokenize: (text) => model.tokenize(text, true),
    detokenize: (tokens, before) => model.detokenize(tokens as Token[], false, before as Token[]),
    tokenLabel: (token) => model.detokenize([token as Token], true),
    isEndOfGeneration: (token) => model.isEogToken(token as Token),
    startToken: model.tokens.bos ?? model.tokens.eos,
    prependsStartToken: model.tokens.shouldPrependBosToken,
    dispose: () => llama.dispose(),
  };
}

/** What llama.cpp complains of. Errors are kept while the model is opened, for they explain a failure; then all is logged. */
class Problems {
  readonly #log: Logger;
  #errors: string[] | null = [];

  constructor(log: Logger) {
    this.#log = log;
  }

  take(level: string, message: string): void {
    if (harmless.test(message)) return;
    if (level === 'warn') this.#log('warn', message);
    else if (this.#errors) this.#errors.push(message);
    else this.#log('error', message);
  }

  passOn(): void {
    for (const message of this.#errors ?? []) this.#log('warn', message);
    this.#errors = null;
  }

  /** A failure with the last of what was complained of. */
  explain(cause: unknown): string {
    return [...new Set([messageOf(cause), ...(this.#errors ?? []).slice(-3)])].join('; ');
  }
}

async function openLibrary(
  library: Pick<typeof NodeLlamaCpp, 'getLlama' | 'LlamaLogLevel'>,
  settings: LlamaSettings,
  logger: (level: string, message: string) => void,
): Promise<Llama> {
  const { gpu } = settings;
  const logLevel = library.LlamaLogLevel.warn;
  try {
    return await library.getLlama({ gpu, build: 'never', skipDownload: true, progressLogs: false, logLevel, logger });
  } catch (cause) {
    const platform = `${process.platform}-${process.arch}`;
    throw new QwenEvalError('E_ENGINE_MISSING', `No llama.cpp binary runs on ${platform}: ${messageOf(cause)}`, {
      cause,
      hint:
        gpu === false
          ? 'Install qwen-eval with its optional dependencies (npm without --omit=optional), or use --base-url with a server.'
          : 'Install the @node-llama-cpp package for this GPU, or leave the gpu engine option out to run on the CPU.',
    });
  }
}

async function loadModel(llama: Llama, settings: LlamaSettings, problems: Problems): Promise<LlamaModel> {
  try {
    return await llama.loadModel({ modelPath: settings.modelPath, defaultContextSwaFullCache: true });
  } catch (cause) {
    const reason = problems.explain(cause);
    if (isOutOfMemory(cause, reason)) throw outOfMemory(settings, reason);
    throw new QwenEvalError('E_MODEL_FILE', `llama.cpp cannot load ${settings.modelPath}: ${reason}.`, {
      cause,
      hint: 'Check the file with its published sha256; a newer architecture needs a newer qwen-eval or a server (--base-url).',
    });
  }
}

async function createContext(model: LlamaModel, settings: LlamaSettings, problems: Problems): Promise<LlamaContext> {
  const { sequences, batchSize, flashAttention, threads } = settings;
  const cacheType = settings.kvCacheType.toUpperCase() as keyof typeof GgmlType;
  try {
    return await model.createContext({
      sequences,
      contextSize: settings.contextLength ?? Math.min(model.trainContextSize, defaultContextLength),
      batchSize,
      flashAttention,
      threads: settings.threadsAreExact ? threads : Math.min(threads, model.llama.cpuMathCores),
      experimentalKvCacheKeyType: cacheType,
      experimentalKvCacheValueType: cacheType,
      failedCreationRemedy: false,
    });
  } catch (cause) {
    const reason = problems.explain(cause);
    if (isOutOfMemory(cause, reason)) throw outOfMemory(settings, reason);
    throw new QwenEvalError('E_ENGINE_START', `llama.cpp refuses these settings for this model: ${reason}.`, {
      cause,
      hint: 'Leave the type of the KV cache and the engine options at their defaults.',
    });
  }
}

const defaultContextLength = 4096;

const isOutOfMemory = (cause: unknown, reason: string): boolean =>
  (cause instanceof Error && cause.name === 'InsufficientMemoryError') || /too large for|memory|alloc/i.test(reason);

const outOfMemory = (settings: LlamaSettings, reason: string): QwenEvalError =>
  new QwenEvalError(
    'E_ENGINE_START',
    `The model does not fit with ${settings.sequences} sequences of ${settings.contextLength ?? 'default'} tokens: ${reason}.`,
    { hint: 'Lower --max-model-len or take --preset memory_optimized, or use a smaller quantisation.' },
  );

function describeLoaded(loaded: {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  readonly settings: LlamaSettings;
  readonly bindingVersion: string;
}): LlamaFacts {
  const { llama, model, context, bindingVersion } = loaded;
  const { bosString, eosString } = model.tokens;
  return {
    bindingVersion,
    llamaCppRelease: llama.llamaCppRelease.release,
    contextLength: context.contextSize,
    batchSize: context.batchSize,
    threads: context.idealThreads,
    gpu: llama.gpu,
    vocabularySize: [...model.iterateAllTokens()].length,
    bosToken: bosString,
    eosToken: eosString,
  };
}

/** The library ends its grammars with four line breaks that an answer must then contain; ours end with the answer. */
const grammarTail = / "(?:\\n){4}" \[\\n\]\*(?=\n|$)/;

async function createGrammar(llama: Llama, schema: JsonSchema, log: Logger): Promise<LlamaGrammar> {
  const { schema: translated, unenforced } = toGrammarSchema(schema);
  if (unenforced.length > 0) log('warn', `The grammar of a JSON schema cannot enforce ${unenforced.join(', ')}.`);
  const { grammar } = await llama.createGrammarForJsonSchema(translated as never);
  return llama.createGrammar({ grammar: grammar.replace(grammarTail, '') });
}

const contextMethods = [
  'initBatch',
  'addToBatch',
  'decodeBatch',
  'sampleToken',
  'removeTokenCellsFromSequence',
  'disposeSequence',
] as const;

/**
 * The native context and sampler behind the library's classes. Its own evaluation loop decodes partial batches and cannot read two
 * log-probabilities from one row; the version is pinned and bundled, and a release that moved these parts is refused here.
 */
function accessInternals(llama: Llama, model: LlamaModel, context: LlamaContext): Internals {
  const native = inside(context, '_ctx') as NativeContext | undefined;
  const nativeModel = inside(model, '_model') as object | undefined;
  const bindings = inside(llama, '_bindings') as { readonly AddonSampler?: SamplerClass } | undefined;
  const Sampler = bindings?.AddonSampler;
  if (!native || !nativeModel || !Sampler || contextMethods.some((method) => typeof native[method] !== 'function'))
    throw new QwenEvalError(
      'E_ENGINE_START',
      'This release of node-llama-cpp has another inside than the pinned one.',
      {
        hint: 'Install qwen-eval again so that it uses its own copy of node-llama-cpp.',
      },
    );
  return { context: native, createSampler: () => new Sampler(nativeModel) };
}

type SamplerClass = new (model: object) => NativeSampler;

/** A property that the types of the library leave out. */
const inside = (owner: object, property: string): unknown => (owner as Readonly<Record<string, unknown>>)[property];

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
