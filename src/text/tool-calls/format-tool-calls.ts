import type { Json, JsonObject } from '../../core/json.ts';
import type { ToolCall } from '../../core/message.ts';

/** A call as a program holds it, before it is written in a format. */
export interface CallToWrite {
  readonly name: string;
  readonly arguments: JsonObject;
}

/** JSON with a space after each colon and comma, as the models' own templates write it. */
export function formatSpacedJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => formatSpacedJson(item)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, member]) => `${JSON.stringify(key)}: ${formatSpacedJson(member)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value);
}

/** How values are written as JSON. */
export type JsonWriter = (value: Json) => string;

/** Calls as Hermes JSON: one `<tool_call>` block a call. */
export const formatHermesCalls = (calls: readonly CallToWrite[], write: JsonWriter = formatSpacedJson): string =>
  calls
    .map(({ name, arguments: values }) => {
      const json = write({ name, arguments: values });
      return `<tool_call>\n${json}\n</tool_call>`;
    })
    .join('\n');

/** Calls as XML: one `<function=…>` in a `<tool_call>` block a call, values as text. */
export const formatXmlCalls = (calls: readonly CallToWrite[], write: JsonWriter = formatSpacedJson): string =>
  calls
    .map(({ name, arguments: values }) => {
      const parameters = Object.entries(values)
        .map(
          ([key, value]) => `<parameter=${key}>\n${typeof value === 'string' ? value : write(value)}\n</parameter>\n`,
        )
        .join('');
      return `<tool_call>\n<function=${name}>\n${parameters}</function>\n</tool_call>`;
    })
    .join('\n');

/** Calls as the `tools` field carries them, ids counted from 1. */
export const toNativeCalls = (calls: readonly CallToWrite[], write: JsonWriter = formatSpacedJson): ToolCall[] =>
  calls.map(({ name, arguments: values }, index) => ({
    id: `call_${index + 1}`,
    name,
    arguments: write(values),
  }));
