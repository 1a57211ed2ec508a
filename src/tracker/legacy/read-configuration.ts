import type { Json } from '../../core/json.ts';
import type { LegacyResult } from './legacy-tracker.ts';
import type { DocumentLine } from './parse-markdown.ts';

/** Keys and values of a fenced JSON object, each with its line; empty for other code. */
export function readConfiguration(block: {
  readonly language: string;
  readonly lines: readonly DocumentLine[];
}): LegacyResult['configuration'] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(block.lines.map(({ text }) => text).join('\n'));
  } catch {
    return [];
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return [];
  return Object.entries(parsed as Readonly<Record<string, Json>>).map(([key, value]) => ({
    key,
    value,
    line: block.lines.find(({ text }) => text.includes(`"${key}"`))?.line ?? block.lines[0]?.line ?? 1,
  }));
}
