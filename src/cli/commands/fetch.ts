import { exitCodes } from '../../core/errors.ts';
import { fetchThing, type Fetched } from '../../runner/fetch.ts';
import { defineCommand } from '../command.ts';
import { downloadProgress, formatBytes } from '../download-progress.ts';

export default defineCommand({
  id: 'fetch',
  summary: 'bring model files (GGUF) or the data of tasks to this machine, verified',
  arguments: [
    { name: 'names', description: 'models, owner/repository/file.gguf, or tasks', required: true, variadic: true },
  ],
  example: 'qwen-eval fetch qwen3_0_6b gsm8k',
  run: async ({ arguments: names, options, streams }) => {
    const onDownload = downloadProgress(streams, () => performance.now());
    const fetched: Fetched[] = [];
    for (const name of names) fetched.push(await fetchThing(name, options, onDownload));
    const lines = fetched.flatMap(({ id, files }) =>
      files.length === 0
        ? [`${id} needs no files`]
        : files.map((file) => `${id}: ${file.path} (${formatBytes(file.sizeBytes)})`),
    );
    return { exitCode: exitCodes.ok, document: { fetched }, text: lines.join('\n') };
  },
});
