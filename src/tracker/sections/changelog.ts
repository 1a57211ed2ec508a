import { cellText } from '../markdown.ts';
import type { Section } from '../section.ts';

/** One line a run, newest first. */
export const changelog: Section = {
  name: 'changelog',
  heading: '## Changelog',
  lines: ({ changelog: entries }, link) =>
    entries.length === 0
      ? ['No run yet.']
      : entries.map(
          (entry) =>
            `- ${entry.at.slice(0, 10)} ${link(entry.runId)}: ${cellText(entry.model)}, ${cellText(entry.preset)}, ${entry.status}: ${entry.scores
              .map(({ task, text }) => `${task} ${cellText(text)}`)
              .join('; ')}`,
        ),
};
