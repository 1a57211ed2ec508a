import type { z } from 'zod';
import type { GenerationDelta, GenerationRequest, Prompt } from '../generation.ts';
import type { Json } from '../json.ts';
import type { ContinuationScore } from '../response.ts';

/** Either supported, or not with the reason that is shown to the user. */
export type Capability = { readonly supported: true } | { readonly supported: false; readonly reason: string };

/** What an engine can do. The contract suite tests what is declared and lists each skip with its reason. */
export interface Capabilities {
  /** Takes `messages` and applies the chat template itself. When not, the runner renders the template and sends text. */
  readonly messages: Capability;
  /** Takes rendered text. */
  readonly text: Capability;
  /** Takes token ids. */
  readonly tokens: Capability;
  /** Has a `tools` field and returns parsed tool calls. */
  readonly tools: Capability;
  readonly jsonSchema: Capability;
  /** Gives log-probabilities of continuations that the caller supplies. */
  readonly continuationLogProbabilities: Capability;
  /** Gives log-probabilities of the generated tokens. */
  readonly tokenLogProbabilities: Capability;
  readonly tokenize: Capability;
  readonly stop: Capability;
  readonly seed: Capability;
}

/** What the weights say of themselves; null where unknown. */
export interface ModelIdentity {
  /** The name requests carry. */
  readonly name: string;
  /** Path or hub id behind the served name. */
  readonly root: string | null;
  /** Of the weights file; null for a remote server. */
  readonly sha256: string | null;
  /** Header facts: architecture, file type, `general.name`, `general.finetune`, quantisation … */
  readonly facts: Readonly<Record<string, Json>>;
}

/** The chat template as the runner needs it to render prompts for an engine that takes text. */
export interface ChatTemplate {
  readonly source: string;
  readonly bosToken: string | null;
  readonly eosToken: string | null;
}

/** Who answers: recorded in run.json and part of the run's identity. */
export interface EngineDescription {
  readonly engine: string;
  readonly version: string | null;
  readonly model: ModelIdentity;
  /** Names the server lists; empty where it has no list. */
  readonly servedModels: readonly string[];
  /** Tokens of prompt and output together; null when unknown. */
  readonly contextLength: number | null;
  readonly capabilities: Capabilities;
  readonly chatTemplate: ChatTemplate | null;
  /** More requests in flight than this only queue; null when unknown. */
  readonly parallelRequests: number | null;
  /** Prometheus endpoint; null when there is none. */
  readonly metricsUrl: string | null;
  /** Root of the engine's process tree on this machine; null for a remote one. */
  readonly processId: number | null;
  /** Engine settings that can change an answer (flash attention, KV type, threads …). */
  readonly settings: Readonly<Record<string, Json>>;
  /** Left out by engines that do not log it. */
  readonly memory?: EngineMemory;
  /** Left out by engines that were not started as a program. */
  readonly installation?: EngineInstallation;
  /** Left out by engines whose settings are qwen-eval's own. */
  readonly observed?: ObservedSettings;
}

/** Memory that an engine says it took, by its own log; null where it did not say. */
export interface EngineMemory {
  /** What the sizes are of: each accelerator, or all devices together. */
  readonly scope: 'accelerator' | 'all';
  readonly weightsBytes: number | null;
  readonly kvCacheBytes: number | null;
  readonly kvCacheTokens: number | null;
  /** Requests of full context that fit the KV cache together. */
  readonly maximumConcurrency: number | null;
  /** Peak of activations or compute buffers. */
  readonly activationBytes: number | null;
  /** Captured graphs. */
  readonly graphBytes: number | null;
  /** Log lines that the numbers were read off. */
  readonly evidence: readonly string[];
}

/** The program of an engine that qwen-eval starts, as it was found on this machine. */
export interface EngineInstallation {
  /** Program and first arguments. */
  readonly command: readonly string[];
  readonly version: string | null;
  /** Flags that its help lists; null when it was not asked. */
  readonly flags: readonly string[] | null;
}

/** How an engine that qwen-eval starts is started. */
export interface EngineLaunch {
  readonly installation: EngineInstallation;
  /** Flags of the preset and the user's own; model, host and port are the engine's to add. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Deployment settings that a running server lets be seen; null where it does not. */
export interface ObservedSettings {
  readonly gpuMemoryFraction: number | null;
  readonly sequences: number | null;
  readonly contextLength: number | null;
  readonly prefixCaching: boolean | null;
  readonly kvCacheType: string | null;
}

/** Asks for the log-probability of each continuation after the same context. */
export interface ContinuationRequest {
  readonly model: string;
  readonly context: Prompt;
  readonly continuations: readonly string[];
}

/**
 * A model that answers. Failures are thrown as QwenEvalError: E_ENGINE_RATE_LIMIT (details.retryAfterMs), E_ENGINE_UNREACHABLE,
 * E_ENGINE_TIMEOUT, E_ENGINE_STREAM (dropped or garbled after the start), E_ENGINE_SERVER, E_ENGINE_AUTH, E_ENGINE_REQUEST,
 * E_CONTEXT_EXCEEDED, E_ENGINE_CRASHED; `retryable` says whether the same request may be sent again.
 */
export interface Engine {
  describe(signal?: AbortSignal): Promise<EngineDescription>;
  /** Streams one generation. The last delta is `finish`; a stream that ends without it is an error. Aborting the signal frees the slot. */
  generate(request: GenerationRequest, signal?: AbortSignal): AsyncIterable<GenerationDelta>;
  scoreContinuations(request: ContinuationRequest, signal?: AbortSignal): Promise<readonly ContinuationScore[]>;
  /** Token ids of a prompt, special tokens parsed. */
  tokenize(prompt: Prompt, signal?: AbortSignal): Promise<readonly number[]>;
  /** Writes what the engine logged so far, and from now on, into a file; left out by engines that log nothing. */
  logTo?(path: string): void;
  close(): Promise<void>;
}

/** What every engine is opened with; each takes what it needs and refuses what it cannot honour. */
export interface EngineSettings {
  /** Model name, hub id or file path as resolved by the plan. */
  readonly model: string | null;
  readonly baseUrls: readonly string[];
  /** From the environment only, never from a file. */
  readonly apiKey: string | null;
  readonly sequences: number;
  readonly contextLength: number | null;
  readonly threads: number | null;
  readonly batchSize: number | null;
  /** Type of the KV cache entries, e.g. `f16`, `q8_0`; null for the engine's default. */
  readonly kvCacheType: string | null;
  readonly extraBody: Readonly<Record<string, Json>>;
  /** Deadlines in milliseconds: until the connection stands, until the first byte, between two chunks, in all. Null is none. */
  readonly deadlines: {
    readonly connectMs: number | null;
    readonly firstByteMs: number | null;
    readonly idleMs: number | null;
    readonly totalMs: number | null;
  };
  /** Engine-specific settings, parsed by the engine's own schema. */
  readonly engineOptions: Readonly<Record<string, Json>>;
  /** For an engine that is to be started; left out for one that runs already or has no program. */
  readonly launch?: EngineLaunch;
}

/** What an engine may use of the outside world. */
export interface EngineDependencies {
  /** Monotonic clock in milliseconds. */
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly log: (
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    fields?: Readonly<Record<string, unknown>>,
  ) => void;
  /** Told what an engine that takes long to start is doing, the last time when it answers or has failed. */
  readonly onProgress?: (text: string, isLast: boolean) => void;
  /** Gives up a start. */
  readonly signal?: AbortSignal;
  /** True when two names mean the same weights, e.g. a registry id and a hub id. */
  readonly isSameModel?: (one: string, other: string) => boolean;
}

export interface EnginePlugin {
  /** Equals the file name. */
  readonly id: string;
  readonly title: string;
  /** True when the engine runs in this process tree and competes for this machine's cores. */
  readonly local: boolean;
  /** False when the engine computes on the processor alone, so that no graphics card is measured for it; left out, it may use one. */
  readonly usesGpu?: boolean;
  /** True when answers come from a file, so that there is nothing to find out about who gives them. */
  readonly isSimulated?: true;
  /** What `model` of the settings must be: a GGUF file on this machine, or a hub id or folder; left out, the name as typed. */
  readonly modelSource?: 'gguf-file' | 'hub';
  /** Schema of `engineOptions`. */
  readonly optionsSchema: z.ZodType;
  /** Address of a server that runs already, when none is given; left out by engines that need one given or start their own. */
  readonly defaultBaseUrl?: () => string;
  /** Finds the program of an engine that qwen-eval starts; left out by the others. Throws E_ENGINE_MISSING with what to install. */
  readonly locate?: (engineOptions: EngineSettings['engineOptions']) => Promise<EngineInstallation>;
  readonly open: (settings: EngineSettings, dependencies: EngineDependencies) => Promise<Engine>;
}

/** Declares an engine; the default export of a file in src/engines/. */
export const defineEngine = (plugin: EnginePlugin): EnginePlugin => plugin;

/** A supported capability. */
export const supported: Capability = { supported: true };

/** An unsupported capability with its reason. */
export const unsupported = (reason: string): Capability => ({ supported: false, reason });
