import { referenceScores, valueOf } from '../diagnosis/reference/reference-scores.ts';
import { modelRegistry } from '../presets/model-registry.ts';
import { presets } from '../presets/presets.ts';
import { loadAllTasks } from '../runner/load-plugin.ts';
import { suites } from '../runner/suites.ts';
import type { Finding } from '../tracker/finding.ts';
import type { PublishedScore } from '../tracker/legacy/checks/legacy-check.ts';
import { writeLegacy } from '../tracker/legacy/legacy-files.ts';
import type { LegacyFinding, LegacyTracker } from '../tracker/legacy/legacy-tracker.ts';
import { readLegacy, type LegacyContext } from '../tracker/legacy/read-legacy.ts';
import { defineImporter, type ImportOutcome } from './support/importer.ts';

/** The official score of a model as published, without thinking, on a task. */
function publishedScore(modelId: string, taskId: string): PublishedScore | null {
  const hubId = modelRegistry().find(({ id }) => id === modelId)?.hubId;
  const row = referenceScores().find(
    (score) =>
      score.hubId === hubId &&
      score.task === taskId &&
      score.tier !== 'third_party' &&
      score.quantization === null &&
      score.mode !== 'thinking',
  );
  return row === undefined ? null : { value: valueOf(row), setting: row.setting, source: row.source };
}

async function legacyContext(): Promise<LegacyContext> {
  const tasks = await loadAllTasks();
  const named = new Set([...(suites['tracker'] ?? []).map(({ task }) => task), ...tasks.map(({ id }) => id)]);
  return {
    presets: presets.map(({ id }) => id),
    models: modelRegistry(),
    tasks: new Map(
      [...named].map((id) => {
        const task = tasks.find((one) => one.id === id);
        const headline = task?.metrics[0].id ?? 'accuracy';
        return [
          id,
          {
            id,
            headline,
            chanceLevel: task?.chanceLevel ?? null,
          },
        ];
      }),
    ),
    published: publishedScore,
  };
}

/** The document names a line in front of what it says, so that a reader finds the place. */
const findingOf = ({
  id,
  severity,
  quote,
  explanation,
  lines,
}: LegacyFinding): Finding & { readonly lines: readonly number[] } => ({
  id,
  severity,
  quote,
  explanation,
  lines,
});

function textOf({
  path,
  legacy,
  changed,
}: {
  readonly path: string;
  readonly legacy: LegacyTracker;
  readonly changed: boolean;
}): string {
  const { source, models, results, numbers, findings } = legacy;
  const scores = results.reduce((sum, result) => sum + result.scores.length, 0);
  return [
    `${source.name}: ${models.length} models, ${results.length} results with ${scores} scores, ${numbers.length} numbers → ${path}${changed ? '' : ' (already current)'}`,
    'Reported earlier, not verified: nothing of it is evidence, and every score is planned for re-evaluation.',
    '',
    ...findings.map(({ severity, quote, explanation, lines }) => {
      const where = lines.length === 0 ? '' : `line ${lines.join(', ')}: `;
      return `${severity.padEnd(7)} ${where}${quote}\n        ${explanation}`;
    }),
  ].join('\n');
}

/** True for a Markdown document that calls itself a tracker and is not one of ours. */
const isOldTracker = (path: string, head: string): boolean =>
  path.endsWith('.md') && /^#\s.*tracker/im.test(head) && !head.includes('<!-- qwen-eval:');

export default defineImporter({
  id: 'tracker',
  title: 'an old tracker document in Markdown',
  recognises: ({ path, head }) => isOldTracker(path, head),
  run: async ({ files, options }): Promise<ImportOutcome> => {
    const context = await legacyContext();
    const imported = files.map((file) => {
      const legacy = readLegacy(file, context);
      return { legacy, ...writeLegacy(options.out, legacy) };
    });
    return {
      runs: [],
      records: imported.reduce((sum, { legacy }) => sum + legacy.numbers.length, 0),
      findings: imported.flatMap(({ legacy }) => legacy.findings.map(findingOf)),
      details: {
        legacy: imported.map(({ path, changed, legacy }) => ({
          path,
          changed,
          source: legacy.source,
          models: legacy.models.length,
          results: legacy.results.length,
          numbers: legacy.numbers.length,
        })),
      },
      text: imported.map(textOf).join('\n\n'),
    };
  },
});
