import { exitCodes } from '../../core/errors.ts';
import { compareRuns } from '../../diagnosis/compare/compare-runs.ts';
import { formatComparison } from '../../reports/comparison.ts';
import { defineCommand } from '../command.ts';
import { findRun, repeatsOf } from '../find-run.ts';

const reference = 'run id, unique prefix, path, latest, or the name of a model, preset or engine for its newest run';

export default defineCommand({
  id: 'compare',
  summary: 'compare two runs sample by sample and say which is better, tied or undecided',
  arguments: [
    { name: 'a', description: reference, required: true },
    { name: 'b', description: reference, required: true },
  ],
  example: 'qwen-eval compare balanced memory_optimized --tasks gsm8k',
  run: async ({ arguments: [a = '', b = ''], options }) => {
    const { tasks, delta, allowDifferent, out } = options;
    const runs = { a: findRun(out, a), b: findRun(out, b) };
    const comparison = compareRuns(runs.a, runs.b, {
      tasks,
      delta,
      allowDifferent: allowDifferent ?? [],
      repeats: { a: repeatsOf(out, runs.a), b: repeatsOf(out, runs.b) },
    });
    return { exitCode: exitCodes.ok, document: comparison, text: formatComparison(comparison) };
  },
});
