import { cellText, code, tableLines } from '../markdown.ts';
import type { Section } from '../section.ts';
import { priorityNames } from '../tracked-model.ts';
import type { TrackerModel } from '../tracker.ts';

/** Every model of the registry, and those that only runs know. */
export const models: Section = {
  name: 'models',
  heading: '## Models',
  lines: ({ models: rows }) =>
    tableLines(
      ['Model', 'Name', 'Hugging Face id', 'Size', 'Context', 'Licence', 'Priority', 'Status'],
      rows.map((model) => [
        code(model.id),
        model.registered ? cellText(model.title) : 'not in the registry',
        model.hubId === null ? '–' : code(model.hubId),
        model.size === null ? '–' : cellText(model.size),
        model.contextLength === null ? '–' : String(model.contextLength),
        model.licence === null ? '–' : cellText(model.licence),
        model.priority === null ? '–' : (priorityNames[model.priority] ?? String(model.priority)),
        statusOf(model),
      ]),
    ),
};

const statusOf = ({ counts }: TrackerModel): string =>
  counts.tested === 0 ? 'pending' : `${counts.tested} of ${counts.planned} cells tested`;
