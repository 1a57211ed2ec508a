import {
  formatHermesCalls,
  formatSpacedJson,
  formatXmlCalls,
  type CallToWrite,
} from '../../../text/tool-calls/format-tool-calls.ts';

const each = (calls: readonly CallToWrite[], write: (json: string) => string): string =>
  calls.map((call) => write(formatSpacedJson({ ...call }))).join('\n');

/** Calls as text in the forms that models fall into; the names are those of the `format_mismatch` codes. */
export const foreignCalls = {
  fenced: (calls) => each(calls, (json) => `\`\`\`json\n${json}\n\`\`\``),
  bare_json: (calls) => each(calls, (json) => json),
  tools_tag: (calls) => each(calls, (json) => `<tools>\n${json}\n</tools>`),
  hermes_text: formatHermesCalls,
  xml_text: formatXmlCalls,
} as const satisfies Readonly<Record<string, (calls: readonly CallToWrite[]) => string>>;

/** A form in which calls can be written down in text. */
export type ForeignForm = keyof typeof foreignCalls;

/** The form in which a prompt format writes its calls in text; null where calls have a field of their own. */
export function ownForm(format: string | null): ForeignForm | null {
  if (format === 'hermes') return 'hermes_text';
  return format === 'xml' ? 'xml_text' : null;
}

/** Forms that are foreign where calls are due in a format. */
export const foreignForms = (format: string | null): readonly ForeignForm[] =>
  (Object.keys(foreignCalls) as ForeignForm[]).filter((form) => form !== ownForm(format));
