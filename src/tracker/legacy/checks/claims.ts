import { compareVersions } from '../../../presets/compare-versions.ts';
import { vllmFlags } from '../../../presets/flags/vllm.ts';
import type { LegacyFinding } from '../legacy-tracker.ts';
import type { LegacyCheck } from './legacy-check.ts';

/** Settings that the stated engine does not have, and quantised weights that are said to be missing and are not. */
export const checkClaims: LegacyCheck = (legacy, context) => [
  ...goneFlags(legacy.presets, context.lines),
  ...missingQuantizations(legacy, context),
];

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();

const versionOf = (lines: readonly string[]): string | null =>
  lines.map((line) => /\bvLLM v?(\d+\.\d+(?:\.\d+)?)/i.exec(line)?.[1]).find((found) => found !== undefined) ?? null;

function goneFlags(presets: Parameters<LegacyCheck>[0]['presets'], lines: readonly string[]): readonly LegacyFinding[] {
  const version = versionOf(lines);
  if (version === null) return [];
  const gone = vllmFlags.rows.flatMap(({ flag, removed }) =>
    removed !== undefined && (compareVersions(version, removed) ?? -1) >= 0
      ? [{ flag, removed, words: plain(flag).replace(/^(?:use|enable) /, '') }]
      : [],
  );
  return presets.flatMap(({ values }) =>
    values.flatMap(({ text, line }) =>
      gone
        .filter(({ words }) => plain(text).includes(words))
        .map(({ flag, removed }): LegacyFinding => ({
          id: 'legacy.flag_gone',
          severity: 'warning',
          quote: text,
          explanation: `vLLM ${version} refuses to start with ${flag}, which is gone since ${removed}: the preset cannot have run as it is described`,
          lines: [line],
          cells: [],
        })),
    ),
  );
}

function missingQuantizations(
  { notes, models }: Parameters<LegacyCheck>[0],
  facts: Parameters<LegacyCheck>[1],
): readonly LegacyFinding[] {
  const rows = models.flatMap(({ registryId }) => facts.models.find(({ id }) => id === registryId) ?? []);
  return notes.flatMap(({ items }) =>
    items.flatMap(({ text, line }) => {
      const method = /\b(AWQ|GPTQ|FP8)\b.*\bnot available\b/i.exec(text)?.[1]?.toLowerCase();
      if (method === undefined) return [];
      const there = rows.flatMap(
        ({ repositories }) => repositories.find(({ quantization }) => quantization.startsWith(method)) ?? [],
      );
      if (there.length === 0) return [];
      return [
        {
          id: 'legacy.quantization_exists',
          severity: 'info',
          quote: text,
          explanation: `there are such weights: ${there.map(({ hubId }) => hubId).join(', ')}`,
          lines: [line],
          cells: [],
        } satisfies LegacyFinding,
      ];
    }),
  );
}
