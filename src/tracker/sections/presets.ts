import { cellText, code, tableLines } from '../markdown.ts';
import type { Section } from '../section.ts';

/** The presets and their values. */
export const presets: Section = {
  name: 'presets',
  heading: '## Configuration presets',
  lines: ({ presets: rows }) => {
    const keys = [...new Set(rows.flatMap((preset) => Object.keys(preset.values)))];
    return tableLines(
      ['Preset', 'Focus', ...keys.map(cellText)],
      rows.map((preset) => [
        code(preset.id),
        cellText(preset.title),
        ...keys.map((key) => cellText(preset.values[key] ?? '–')),
      ]),
    );
  },
};
