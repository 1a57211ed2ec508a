import { exitCodes } from '../../core/errors.ts';
import { formatTable } from '../../text/text-table.ts';
import { checkSystem } from '../../runner/check-system.ts';
import { defineCommand } from '../command.ts';

export default defineCommand({
  id: 'doctor',
  summary: 'check this machine: Node, engine, sandbox, disk, network, data, each with how to mend it',
  arguments: [],
  example: 'qwen-eval doctor --data-dir data',
  run: async ({ options }) => {
    const checks = await checkSystem(options);
    const table = formatTable(
      [{ title: '' }, { title: 'check' }, { title: 'found' }],
      checks.map((check) => [check.status, check.id, check.message]),
    );
    const hints = checks.flatMap((check) => (check.hint === null ? [] : [`${check.id}: ${check.hint}`]));
    return {
      exitCode: checks.some((check) => check.status === 'error') ? exitCodes.environment : exitCodes.ok,
      document: { checks },
      text: hints.length === 0 ? table : `${table}\n\n${hints.join('\n')}`,
    };
  },
});
