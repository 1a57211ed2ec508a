import { exitCodes } from '../../core/errors.ts';
import { formatResult } from '../../reports/console.ts';
import { formatTable } from '../../text/text-table.ts';
import { rescore, type ChangedVerdict } from '../../runner/rescore.ts';
import { defineCommand } from '../command.ts';
import { keepTracker } from '../keep-tracker.ts';

export default defineCommand({
  id: 'rescore',
  summary:
    'score the recorded answers of a run again, without the model; rate judged ones with the judge that is named',
  arguments: [{ name: 'run', description: 'run id, unique prefix, path, or latest', required: true }],
  example: 'qwen-eval rescore latest',
  run: async ({ arguments: [reference = 'latest'], options, streams }) => {
    const { result, directory, changed, failures } = await rescore(reference, options);
    await keepTracker(options, streams);
    if (failures.size > 0)
      streams.err(
        `some answers could not be scored now; score them again with \`qwen-eval rescore ${result.runId}\`\n`,
      );
    return {
      exitCode:
        failures.size > 0
          ? exitCodes.incomplete
          : result.tasks.some((task) => task.refused !== null)
            ? exitCodes.environment
            : exitCodes.ok,
      document: { ...result, changed },
      text: `${formatResult(result)}\n\n${formatChanges(changed)}\nrun directory: ${directory}`,
    };
  },
});

const shownChanges = 20;

function formatChanges(changed: readonly ChangedVerdict[]): string {
  if (changed.length === 0) return 'no verdict changed';
  const rows = changed
    .slice(0, shownChanges)
    .map((change) => [
      change.task,
      change.sampleId,
      String(change.before ?? 'unscored'),
      String(change.after ?? 'unscored'),
      change.code ?? '',
    ]);
  const more = changed.length > shownChanges ? `\n… and ${changed.length - shownChanges} more` : '';
  return `${changed.length} verdicts changed:\n${formatTable([{ title: 'task' }, { title: 'sample' }, { title: 'before' }, { title: 'after' }, { title: 'code' }], rows)}${more}`;
}
