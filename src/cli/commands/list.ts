import { closest } from '../../core/closest.ts';
import { exitCodes, QwenEvalError } from '../../core/errors.ts';
import { formatTable } from '../../text/text-table.ts';
import { defineCommand, type Invocation } from '../command.ts';
import { listings } from '../listings.ts';

export default defineCommand({
  id: 'list',
  summary: 'list models, presets, tasks, engines, runs or datasets',
  arguments: [{ name: 'what', description: Object.keys(listings).join(', '), required: true }],
  example: 'qwen-eval list tasks',
  run: async (invocation: Invocation) => {
    const [what = ''] = invocation.arguments;
    const listing = listings[what];
    if (!listing) {
      const suggestion = closest(what, Object.keys(listings));
      throw new QwenEvalError('E_USAGE', `there is nothing called ${what} to list`, {
        hint: `${suggestion ? `did you mean ${suggestion}? ` : ''}choose one of ${Object.keys(listings).join(', ')}`,
      });
    }
    const rows = await listing.rows(invocation);
    const text =
      rows.length === 0
        ? listing.whenEmpty
        : formatTable(
            listing.columns.map((title) => ({ title })),
            rows.map((row) => listing.columns.map((column) => show(row[column]))),
          );
    return { exitCode: exitCodes.ok, document: { [what]: rows }, text };
  },
});

function show(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}
