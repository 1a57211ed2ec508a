import { performance } from 'node:perf_hooks';
import type { GenerationRequest } from '../../src/core/generation.ts';
import type { EngineDependencies, EngineSettings } from '../../src/core/ports/engine.ts';
import { greedySampling } from '../../src/core/sampling.ts';

/** Engine settings with nothing set but what is given. */
export const engineSettings = (changes: Partial<EngineSettings> = {}): EngineSettings => ({
  model: null,
  baseUrls: [],
  apiKey: null,
  sequences: 8,
  contextLength: null,
  threads: null,
  batchSize: null,
  kvCacheType: null,
  extraBody: {},
  deadlines: { connectMs: 30_000, firstByteMs: 60_000, idleMs: 60_000, totalMs: 120_000 },
  engineOptions: {},
  ...changes,
});

/** One line that an engine logged. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

/** What an engine may use, with its log kept. */
export function engineDependencies(): EngineDependencies & { readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  return {
    nowMs: () => performance.now(),
    random: () => 0.5,
    log: (level, message, fields) => void lines.push({ level, message, fields }),
    lines,
  };
}

/** A greedy request for a text prompt. */
export const textRequest = (text: string, changes: Partial<GenerationRequest> = {}): GenerationRequest => ({
  model: 'tiny',
  prompt: { kind: 'text', text },
  maxTokens: 24,
  stop: [],
  sampling: greedySampling,
  responseFormat: { kind: 'text' },
  ...changes,
});

/** A greedy request for one user message. */
export const chatRequest = (content: string, changes: Partial<GenerationRequest> = {}): GenerationRequest =>
  textRequest('', { prompt: { kind: 'messages', messages: [{ role: 'user', content }] }, ...changes });
