import { exitCodes } from '../../core/errors.ts';
import { diagnoseLoaded } from '../../diagnosis/diagnose-loaded.ts';
import { formatDiagnosis } from '../../reports/diagnosis.ts';
import { defineCommand } from '../command.ts';
import { findRun } from '../find-run.ts';

export default defineCommand({
  id: 'diagnose',
  summary: 'say why the scores of a run are what they are, and what to change',
  arguments: [
    {
      name: 'run',
      description: 'run id, unique prefix, path, latest, or the name of a model, preset or engine for its newest run',
      required: true,
    },
  ],
  example: 'qwen-eval diagnose latest',
  run: async ({ arguments: [reference = 'latest'], options }) => {
    const { tasks, examples, out } = options;
    const diagnosis = diagnoseLoaded(findRun(out, reference), { tasks, examples });
    return { exitCode: exitCodes.ok, document: diagnosis, text: formatDiagnosis(diagnosis) };
  },
});
