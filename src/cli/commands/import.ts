import { exitCodes, QwenEvalError } from '../../core/errors.ts';
import { findSources } from '../../importers/support/find-sources.ts';
import type { ImportOutcome } from '../../importers/support/importer.ts';
import { importerIds, loadImporter } from '../../importers/support/load-importer.ts';
import { defineCommand } from '../command.ts';
import { keepTracker } from '../keep-tracker.ts';

export default defineCommand({
  id: 'import',
  summary: 'read the logs of another tool, or an old tracker document, and say what they are worth',
  arguments: [
    {
      name: 'source',
      description: `files or folders; before them the kind where it is not to be guessed: ${importerIds().join(', ')}`,
      required: true,
      variadic: true,
    },
  ],
  example: 'qwen-eval import lm-eval results/samples_gsm8k_2026-01-21.jsonl --data-dir data',
  run: async ({ arguments: given, options, streams }) => {
    const [first = '', ...rest] = given;
    const kinds = importerIds();
    const isKind = kinds.includes(first);
    const paths = isKind ? rest : given;
    if (paths.length === 0)
      throw new QwenEvalError('E_USAGE', `import ${first} needs a file or a folder`, {
        hint: 'for example `qwen-eval import lm-eval results/`',
      });
    const importers = await Promise.all((isKind ? [first] : kinds).map(loadImporter));
    const outcomes: ImportOutcome[] = [];
    for (const [importer, files] of findSources(paths, importers))
      outcomes.push(await importer.run({ files, options, runtime: {} }));
    await keepTracker(options, streams);
    return {
      exitCode: exitCodes.ok,
      document: documentOf(outcomes),
      text: outcomes.map(({ text }) => text).join('\n\n'),
    };
  },
});

const documentOf = (outcomes: readonly ImportOutcome[]) => ({
  imported: {
    runs: [...new Set(outcomes.flatMap(({ runs }) => runs))],
    records: outcomes.reduce((sum, { records }) => sum + records, 0),
  },
  findings: outcomes.flatMap(({ findings }) => findings),
  ...mergedDetails(outcomes.map(({ details }) => details)),
});

/** Members of several importers under one name: lists are joined, else the last one stands. */
function mergedDetails(all: readonly Readonly<Record<string, unknown>>[]): Readonly<Record<string, unknown>> {
  const merged: Record<string, unknown> = {};
  for (const [name, value] of all.flatMap((details) => Object.entries(details))) {
    const before = merged[name];
    merged[name] =
      Array.isArray(before) && Array.isArray(value) ? [...(before as unknown[]), ...(value as unknown[])] : value;
  }
  return merged;
}
