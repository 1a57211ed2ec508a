import { exitCodes } from '../../core/errors.ts';
import { formatOptimization } from '../../reports/optimization.ts';
import { optimize } from '../../runner/optimize/optimize.ts';
import { defineCommand } from '../command.ts';
import { downloadProgress } from '../download-progress.ts';

/** Samples of the last round of the search when no limit is given. */
const searchSamples = 64;

export default defineCommand({
  id: 'optimize',
  summary: 'search for a better way of asking a task, and confirm it on fresh samples',
  arguments: [{ name: 'task', description: 'task id', required: true }],
  example: 'qwen-eval optimize synthetic_arithmetic --candidates 8 --limit 32 --confirm 100',
  run: async ({ arguments: [task = ''], options, streams, control }) => {
    const { limit, candidates, confirm, space, budgetMinutes, budgetTokens } = options;
    const found = await optimize(
      {
        task,
        options,
        searchSamples: limit ?? searchSamples,
        confirmSamples: confirm,
        candidates,
        space,
        budget: { seconds: budgetMinutes === null ? null : budgetMinutes * 60, outputTokens: budgetTokens },
        onProgress: (message) => streams.err(`${message}\n`),
      },
      { control, onDownload: downloadProgress(streams, () => performance.now()) },
    );
    return { exitCode: exitCodes.ok, document: found, text: formatOptimization(found) };
  },
});
