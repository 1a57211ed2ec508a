import type { ExitCode } from '../../core/errors.ts';
import { formatResult } from '../../reports/console.ts';
import { run } from '../../runner/run.ts';
import { defineCommand } from '../command.ts';
import { downloadProgress } from '../download-progress.ts';
import { watchRun, type WatchedRun } from '../watch-run.ts';

export default defineCommand({
  id: 'run',
  summary: 'evaluate a model on tasks',
  arguments: [],
  example: 'qwen-eval run --base-url http://localhost:8000/v1 --tasks gsm8k,arc_challenge --limit 100',
  run: async ({ options, streams, control }) => {
    const modes = options.mode === 'both' ? (['non-thinking', 'thinking'] as const) : [options.mode];
    const onDownload = downloadProgress(streams, () => performance.now());
    const runs: WatchedRun[] = [];
    for (const mode of modes) {
      if (control.drain.aborted) break;
      runs.push(await watchRun(run({ ...options, mode }, { control, onDownload }), { options, streams }));
    }
    const results = runs.map((watched) => watched.result);
    return {
      exitCode: worstOf(runs.map((watched) => watched.exitCode)),
      document: results.length === 1 ? results[0] : { runs: results },
      text: runs
        .map((watched) => `${formatResult(watched.result)}\n\nrun directory: ${watched.directory}`)
        .join('\n\n'),
    };
  },
});

const worstOf = (codes: readonly ExitCode[]): ExitCode =>
  codes.reduce<ExitCode>((worst, code) => (code > worst ? code : worst), 0);
