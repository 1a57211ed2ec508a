import { exitCodes } from '../../core/errors.ts';
import { formatTable } from '../../text/text-table.ts';
import type { Tracker } from '../../tracker/tracker.ts';
import type { CellStatus } from '../../tracker/tracker-cell.ts';
import { updateTracker } from '../../tracker/update-tracker.ts';
import { defineCommand } from '../command.ts';
import { trackerPath } from '../keep-tracker.ts';
import { trackerCatalogue } from '../tracker-catalogue.ts';

export default defineCommand({
  id: 'track',
  summary: 'bring the tracker document up to date from all runs',
  arguments: [],
  example: 'qwen-eval track --tracker TRACKER.md',
  run: async ({ options }) => {
    const path = trackerPath(options);
    const { tracker, changed, findings } = updateTracker({
      path,
      out: options.out,
      catalogue: await trackerCatalogue(options),
    });
    return {
      exitCode: exitCodes.ok,
      document: { path, changed, ...tracker, findings },
      text: [
        path === null ? 'no tracker document: --tracker none' : `${path}: ${changed ? 'updated' : 'already current'}`,
        '',
        statusTable(tracker),
        ...findings.map((finding) => `! ${finding.explanation}`),
      ].join('\n'),
    };
  },
});

const shownStatuses: readonly CellStatus[] = ['tested', 're-evaluate', 'incomplete', 'failed', 'refused', 'pending'];

function statusTable({ cells }: Tracker): string {
  const places = [
    ...new Set(cells.filter((cell) => cell.runId !== null).map((cell) => `${cell.model}\u0000${cell.preset}`)),
  ];
  const rows = places.map((place) => {
    const [model = '', preset = ''] = place.split('\u0000');
    const own = cells.filter((cell) => cell.model === model && cell.preset === preset);
    return [
      model,
      preset,
      ...shownStatuses.map((status) => String(own.filter((cell) => cell.status === status).length)),
    ];
  });
  return formatTable(
    [{ title: 'model' }, { title: 'preset' }, ...shownStatuses.map((title) => ({ title, align: 'right' as const }))],
    rows,
  );
}
