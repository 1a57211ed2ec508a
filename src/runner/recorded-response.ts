import type { SampleResponse } from '../core/response.ts';
import type { SampleRecord } from '../core/sample-record.ts';
import { assistantTurn, continuationResponse, sampleResponse } from '../text/assistant-turn.ts';

/** The response of a recorded sample as its scorer saw it: what `rescore` scores again. */
export function recordedResponse(record: SampleRecord): SampleResponse {
  if (record.continuations !== null) return continuationResponse(record.continuations);
  const prompt = record.request.kind === 'chat' ? (record.request.prompt ?? '') : '';
  const templateOpened = prompt.lastIndexOf('<think>') > prompt.lastIndexOf('</think>');
  const raw = record.turns ?? [
    {
      text: record.response,
      reasoning: record.reasoning,
      toolCalls: record.toolCalls,
      finishReason: record.finishReason,
      usage: record.usage,
    },
  ];
  return sampleResponse(
    raw.map((turn) => assistantTurn({ ...turn, templateOpened })),
    record.transcript,
  );
}
