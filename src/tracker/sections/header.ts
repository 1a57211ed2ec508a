import { cellText } from '../markdown.ts';
import type { Section } from '../section.ts';

/** When, by what and where the newest run was made. */
export const header: Section = {
  name: 'header',
  heading: '# Qwen evaluation tracker',
  lines: ({ header: facts }, link) => [
    `- **Last updated:** ${facts.updated === null ? 'no run yet' : `${facts.updated.slice(0, 16).replace('T', ' ')} UTC by run ${link(facts.runId ?? '')}`}`,
    `- **Framework version:** qwen-eval ${cellText(facts.frameworkVersion)}`,
    `- **Environment:** ${facts.environment === null ? 'not known before the first run' : cellText(facts.environment)}`,
    `- **Runs:** ${facts.runs.total}, of which ${facts.runs.complete} complete`,
    '',
    'The text between the markers is generated from the run directories; everything else is yours and is kept.',
  ],
};
