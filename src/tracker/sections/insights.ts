import { cellText } from '../markdown.ts';
import type { Section } from '../section.ts';

/** What the runs show, a sentence each with its estimate and links to the runs. */
export const insights: Section = {
  name: 'insights',
  heading: '## Key insights',
  lines: ({ insights: found }, link) =>
    found.length === 0
      ? ['Nothing to say yet: insights come from complete runs.']
      : found.map(({ text, runIds }) => `- ${cellText(text)} (${runIds.map(link).join(', ')})`),
};
