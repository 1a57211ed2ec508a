import { groupBy } from '../../core/group-by.ts';
import { cellText, joinParts } from '../markdown.ts';
import type { AnsweredQuestion } from '../questions/research-question.ts';
import type { RunLinks } from '../run-links.ts';
import type { Section } from '../section.ts';

/** Research questions, each answered from the runs or marked open with what it needs. */
export const questions: Section = {
  name: 'questions',
  heading: '## Research questions',
  lines: ({ questions: answered }, link) =>
    joinParts(
      groupBy(answered, ({ topic }) => topic).flatMap(([topic, group]) => [
        [`### ${cellText(topic)}`],
        group.map((question) => questionLine(question, link)),
      ]),
    ),
};

/** Runs that are linked of each answer. */
const linkedRuns = 4;

function questionLine({ question, answer, needs, runIds }: AnsweredQuestion, link: RunLinks): string {
  if (answer === null) return `- **${cellText(question)}** open: needs ${cellText(needs ?? '')}`;
  const more = runIds.length > linkedRuns ? ` and ${runIds.length - linkedRuns} more` : '';
  const runs = runIds.length === 0 ? '' : ` (${runIds.slice(0, linkedRuns).map(link).join(', ')}${more})`;
  return `- **${cellText(question)}** ${cellText(answer)}${runs}`;
}
