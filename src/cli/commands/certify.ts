import { exitCodes } from '../../core/errors.ts';
import { formatTable } from '../../text/text-table.ts';
import { certify } from '../../runner/certify-tasks.ts';
import { defineCommand } from '../command.ts';

export default defineCommand({
  id: 'certify',
  summary: 'feed each scorer its gold answers in many renderings, and wrong ones, and show what it accepts',
  arguments: [],
  example: 'qwen-eval certify --tasks gsm8k,arc_challenge --data-dir data',
  run: async ({ options, streams }) => {
    const certified = await certify(options, (message) => streams.err(`${message}\n`));
    const rows = certified.tasks.map((task) => [
      task.choiceMode === null ? task.task : `${task.task} (${task.choiceMode})`,
      `${task.gold.accepted}/${task.gold.total}`,
      `${task.wrong.rejected}/${task.wrong.total}`,
      task.excluded.map((excluded) => excluded.sampleId).join(', '),
      task.passed ? 'passed' : 'FAILED',
    ]);
    const table = formatTable(
      [
        { title: 'task' },
        { title: 'gold accepted', align: 'right' },
        { title: 'wrong rejected', align: 'right' },
        { title: 'excluded' },
        { title: 'certificate' },
      ],
      rows,
    );
    const failures = certified.tasks.flatMap((task) =>
      task.failures.map((failure) => `! ${task.task}: ${failure.kind} on ${failure.sampleId}: ${failure.explanation}`),
    );
    const skipped = certified.skipped.map((skip) => `! ${skip.task} was not certified: ${skip.message}`);
    // Without names the data at hand decides what is certified; a task asked for by name must be.
    const isNamed = options.tasks !== null || options.suite !== null;
    const isCertified = certified.tasks.every((task) => task.passed) && !(isNamed && certified.skipped.length > 0);
    return {
      exitCode: isCertified ? exitCodes.ok : exitCodes.environment,
      document: certified,
      text: [table, ...failures, ...skipped].join('\n'),
    };
  },
});
