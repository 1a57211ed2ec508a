import { cellText } from '../markdown.ts';
import type { Section } from '../section.ts';

/** What the current results leave to gain. */
export const opportunities: Section = {
  name: 'opportunities',
  heading: '## Optimisation opportunities',
  lines: ({ opportunities: found }, link) =>
    found.length === 0
      ? ['None that the runs show.']
      : found.map(
          ({ text, advice, runIds }) => `- ${cellText(text)} → ${cellText(advice)} (${runIds.map(link).join(', ')})`,
        ),
};
