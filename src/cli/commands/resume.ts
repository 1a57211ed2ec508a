import { formatResult } from '../../reports/console.ts';
import { resume } from '../../runner/run.ts';
import { defineCommand } from '../command.ts';
import { engineProgress } from '../engine-progress.ts';
import { givenOptions } from '../given-options.ts';
import { watchRun } from '../watch-run.ts';

export default defineCommand({
  id: 'resume',
  summary: 'do what an interrupted run left undone',
  arguments: [{ name: 'run', description: 'run id, unique prefix, path, or latest', required: true }],
  example: 'qwen-eval resume latest',
  run: async (invocation) => {
    const { control, streams } = invocation;
    const onProgress = engineProgress(streams, () => performance.now());
    const [reference = 'latest'] = invocation.arguments;
    const watched = await watchRun(resume(reference, givenOptions(invocation), { control, onProgress }), invocation);
    return {
      exitCode: watched.exitCode,
      document: watched.result,
      text: `${formatResult(watched.result)}\n\nrun directory: ${watched.directory}`,
    };
  },
});
