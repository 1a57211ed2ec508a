import type { SampleRecord } from '../../src/core/sample-record.ts';

/** A record of one streamed request: first token after 100 ms, the answer's `tokens` in the second after it. */
export const recordOf = (request: {
  readonly startMs: number;
  readonly tokens: number | null;
  readonly score?: number;
}): SampleRecord => ({
  task: 'timed',
  sampleId: `at/${request.startMs}`,
  epoch: 0,
  category: null,
  cluster: null,
  request: { kind: 'chat', messages: [{ role: 'user', content: 'go on' }] },
  response: 'so on',
  reasoning: null,
  thinking: 'none',
  toolCalls: [],
  finishReason: 'stop',
  usage: { promptTokens: 10, completionTokens: request.tokens, reasoningTokens: null, cachedPromptTokens: null },
  timings: {
    startedAt: new Date(request.startMs).toISOString(),
    latencyMs: 1100,
    timeToFirstChunkMs: 100,
    timeToFirstTokenMs: 100,
    timeToFirstContentMs: 100,
    meanGapMs: 10,
    maxGapMs: 20,
    chunks: 100,
  },
  turns: null,
  transcript: null,
  continuations: null,
  extraction: null,
  score: request.score ?? 1,
  measures: {},
  unscored: null,
  code: null,
  codes: [],
  explanation: null,
  attempts: 1,
  seed: null,
});
