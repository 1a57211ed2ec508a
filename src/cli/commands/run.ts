import type { Options } from '../../config/options.ts';
import { isQwenEvalError, type ExitCode } from '../../core/errors.ts';
import { compareRuns, type RunComparison } from '../../diagnosis/compare/compare-runs.ts';
import { formatVerdicts } from '../../reports/comparison.ts';
import { formatResult } from '../../reports/console.ts';
import { asksBuiltInModel } from '../../runner/resolve-target.ts';
import { run } from '../../runner/run.ts';
import { defineCommand, type CommandStreams } from '../command.ts';
import { downloadProgress } from '../download-progress.ts';
import { engineProgress } from '../engine-progress.ts';
import { findRun } from '../find-run.ts';
import { watchRun, type WatchedRun } from '../watch-run.ts';

export default defineCommand({
  id: 'run',
  summary: 'evaluate a model on tasks',
  arguments: [],
  example: 'qwen-eval run --base-url http://localhost:8000/v1 --tasks gsm8k,arc_challenge --limit 100',
  run: async ({ options, streams, control }) => {
    const onDownload = downloadProgress(streams, () => performance.now());
    const onProgress = engineProgress(streams, () => performance.now());
    const runs: WatchedRun[] = [];
    for (const mode of modesOf(options)) {
      if (control.drain.aborted) break;
      runs.push(await watchRun(run({ ...options, mode }, { control, onDownload, onProgress }), { options, streams }));
    }
    const comparison = compareModes(runs, { options, streams });
    const results = runs.map((watched) => watched.result);
    return {
      exitCode: worstOf(runs.map((watched) => watched.exitCode)),
      document: results.length === 1 ? results[0] : { runs: results, comparison },
      text: [
        ...runs.map((watched) => `${formatResult(watched.result)}\n\nrun directory: ${watched.directory}`),
        ...(comparison === null ? [] : [`thinking compared with non-thinking\n${formatVerdicts(comparison)}`]),
      ].join('\n\n'),
    };
  },
});

/** The built-in model runs in both modes unless one is named, so that the first run shows what a comparison looks like. */
function modesOf(options: Options): readonly (Options['mode'] & ('thinking' | 'non-thinking'))[] | readonly [null] {
  const mode = options.mode ?? (asksBuiltInModel(options) ? 'both' : null);
  return mode === null ? [null] : mode === 'both' ? ['non-thinking', 'thinking'] : [mode];
}

/** Null unless both modes ran to their end. What cannot be compared is said and no error: the runs stand. */
function compareModes(
  runs: readonly WatchedRun[],
  { options, streams }: { readonly options: Options; readonly streams: CommandStreams },
): RunComparison | null {
  const [nonThinking, thinking] = runs;
  if (!nonThinking || !thinking || runs.some(({ result }) => result.status !== 'complete')) return null;
  try {
    return compareRuns(findRun(options.out, thinking.result.runId), findRun(options.out, nonThinking.result.runId), {
      tasks: null,
      delta: options.delta,
      allowDifferent: [],
    });
  } catch (error) {
    if (!isQwenEvalError(error)) throw error;
    streams.err(`warning: the modes are not compared: ${error.message}\n`);
    return null;
  }
}

const worstOf = (codes: readonly ExitCode[]): ExitCode =>
  codes.reduce<ExitCode>((worst, code) => (code > worst ? code : worst), 0);
