import type { JsonObject } from '../../../core/json.ts';
import type { FinishReason } from '../../../core/generation.ts';
import type { ToolFormat } from '../../../core/ports/task.ts';
import type { SampleResponse } from '../../../core/response.ts';
import { textResponse } from '../../../text/assistant-turn.ts';
import {
  formatHermesCalls,
  formatSpacedJson,
  formatXmlCalls,
  toNativeCalls,
  type CallToWrite,
  type JsonWriter,
} from '../../../text/tool-calls/format-tool-calls.ts';

/** What stands around the calls of a made-up response. */
export interface CallSurroundings {
  /** Text before the calls. */
  readonly prose?: string;
  /** Thinking tags and their content, before everything. */
  readonly thinking?: string;
  /** Thinking in a field of its own. */
  readonly reasoning?: string;
  readonly finishReason?: FinishReason;
  /** How the JSON is written; left out, as the models' own templates do. */
  readonly write?: JsonWriter;
}

/** Calls as text in a prompt format; native calls have no text of their own and are written as Hermes. */
export const callText = (calls: readonly CallToWrite[], format: ToolFormat, write?: JsonWriter): string =>
  format === 'xml' ? formatXmlCalls(calls, write) : formatHermesCalls(calls, write);

/** A made-up response that makes these calls in a format, well formed. */
export function callResponse(
  calls: readonly CallToWrite[],
  format: ToolFormat,
  { prose = '', thinking = '', reasoning, finishReason, write }: CallSurroundings = {},
): SampleResponse {
  const raw = reasoning === undefined ? {} : { reasoning };
  if (format === 'native') {
    return textResponse(thinking + prose === '' ? null : thinking + prose, {
      ...raw,
      toolCalls: toNativeCalls(calls, write),
      finishReason: finishReason ?? 'tool_calls',
    });
  }
  const text = callText(calls, format, write);
  const separator = prose === '' ? '' : '\n';
  return textResponse(`${thinking}${prose}${separator}${text}`, { ...raw, finishReason: finishReason ?? 'stop' });
}

/** A made-up response in which the JSON of the first call is written by hand: the whole call in Hermes, the arguments in the tools field. */
export function spoiledResponse(
  call: CallToWrite,
  format: 'native' | 'hermes',
  spoil: (json: string) => string | null,
): SampleResponse | null {
  const json: JsonObject = format === 'native' ? call.arguments : { name: call.name, arguments: call.arguments };
  const spoiled = spoil(formatSpacedJson(json));
  if (spoiled === null) return null;
  return format === 'native'
    ? textResponse(null, {
        toolCalls: [{ id: 'call_1', name: call.name, arguments: spoiled }],
        finishReason: 'tool_calls',
      })
    : textResponse(`<tool_call>\n${spoiled}\n</tool_call>`);
}
