import type { KnownIssue } from '../known-issues/known-issue.ts';
import type { MatchedIssue, RecurringVerdict } from '../known-issues/match-issues.ts';
import { cellText, code, joinParts } from '../markdown.ts';
import type { RunLinks } from '../run-links.ts';
import type { Section } from '../section.ts';

/** Known faults of the engines that runs were made with, and verdicts that recur. */
export const knownIssues: Section = {
  name: 'known-issues',
  heading: '## Known issues',
  lines: ({ knownIssues: issues, recurringVerdicts }, link) => {
    if (issues.length === 0 && recurringVerdicts.length === 0) return ['None that fits a run.'];
    return joinParts([
      issues.length === 0 ? [] : ['**Of the engines**', '', ...issues.map((issue) => issueLine(issue, link))],
      recurringVerdicts.length === 0
        ? []
        : ['**Found in two runs or more**', '', ...recurringVerdicts.map((verdict) => verdictLine(verdict, link))],
    ]);
  },
};

/** Runs that are linked of each issue. */
const linkedRuns = 3;

function runsText(runIds: readonly string[], link: RunLinks): string {
  const more = runIds.length > linkedRuns ? ` and ${runIds.length - linkedRuns} more` : '';
  return `${runIds.slice(0, linkedRuns).map(link).join(', ')}${more}`;
}

function versionText({ since, before }: KnownIssue): string {
  if (since !== undefined && before !== undefined) return ` ${since} to before ${before}`;
  if (since !== undefined) return ` since ${since}`;
  return before === undefined ? '' : ` before ${before}`;
}

function issueLine(issue: MatchedIssue, link: RunLinks): string {
  const { software, statement, advice, source, date, runIds, possibleRunIds } = issue;
  const fits = [
    ...(runIds.length === 0 ? [] : [`fits ${runsText(runIds, link)}`]),
    ...(possibleRunIds.length === 0 ? [] : [`may fit ${runsText(possibleRunIds, link)}: version not known`]),
  ];
  return `- ${cellText(software.join(', '))}${versionText(issue)}: ${cellText(statement)} → ${cellText(advice)} (${cellText(source)}, ${date}; ${fits.join('; ')})`;
}

function verdictLine(verdict: RecurringVerdict, link: RunLinks): string {
  const { id, severity, tasks, summary, advice, places, runIds } = verdict;
  const where = [...(tasks.length === 0 ? [] : [tasks.join(', ')]), ...places].join('; ');
  return `- ${severity} ${code(id)} in ${runIds.length} runs (${cellText(where)}: ${runsText(runIds, link)}); in the newest: ${cellText(summary)} → ${cellText(advice)}`;
}
