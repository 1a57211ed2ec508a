import { isEstimated } from '../../core/estimate.ts';
import { groupBy } from '../../core/group-by.ts';
import { independentDifference } from '../../stats/independent-difference.ts';
import { meanOfIndependent } from '../../stats/mean-of-independent.ts';
import { formatDifference } from '../../text/format-difference.ts';
import { cellName, type TrackerCell } from '../tracker-cell.ts';
import { listed, resultOf, runsOf, type QuestionFacts, type ResearchQuestion } from './research-question.ts';

const topic = 'What is strong, what is weak, and why?';

/** Failure codes that are named of a cell. */
const namedCodes = 3;

/** Questions about what models can and cannot do. */
export const taskQuestions: readonly ResearchQuestion[] = [
  {
    topic,
    question: 'In which category is a model strongest, in which weakest, and what is behind it?',
    answer: (facts) => {
      const rows = groupBy(facts.tested, (cell) => `${cell.model}\u0000${cell.preset}\u0000${cell.mode ?? ''}`).flatMap(
        ([, cells]) => strengths(cells, facts),
      );
      if (rows.length === 0) return { open: 'a model tested in two categories under one preset' };
      return {
        text: listed(rows.map(({ text }) => text)),
        runIds: [...new Set(rows.flatMap(({ runIds }) => runIds))],
      };
    },
  },
  {
    topic,
    question: 'What would raise the accuracy of tool calls?',
    answer: (facts) => {
      const cells = facts.tested.filter((cell) => facts.tasks.get(cell.task)?.needs.includes('tools'));
      const lossy = cells.filter((cell) => Object.keys(resultOf(cell, facts)?.counts.byCode ?? {}).length > 0);
      if (cells.length === 0) return { open: 'a run of a task with tools' };
      if (lossy.length === 0) return { text: 'nothing is lost: every call was right', runIds: runsOf(cells) };
      return {
        text: listed(lossy.map((cell) => `${cellName(cell)}: ${codesText(cell, facts)}`)),
        runIds: runsOf(lossy),
      };
    },
  },
  {
    topic,
    question: 'Which change of the prompt helps?',
    answer: (facts) => {
      const variants = facts.tested.flatMap((cell) =>
        cell.history
          .filter(
            ({ differences, status }) =>
              status === 'tested' && differences.length > 0 && differences.every(({ part }) => promptParts.has(part)),
          )
          .map((entry) => ({ cell, entry })),
      );
      if (variants.length === 0)
        return { open: 'runs of one model and task that differ only in --num-fewshot, --tool-format or --choice-mode' };
      return {
        text: listed(
          variants.map(({ cell, entry }) => {
            const changes = entry.differences
              .map(({ part, before, after }) => `${part} ${before} → ${after}`)
              .join(', ');
            const gain = independentDifference(cell.estimate, entry.estimate);
            return `${cell.model}, ${cell.task}, ${changes}: ${formatDifference(cell.headline, gain)} (not paired)`;
          }),
        ),
        runIds: [...new Set(variants.flatMap(({ cell, entry }) => [cell.runId ?? '', entry.runId]))],
      };
    },
  },
];

/** Parts of a result's identity that are the prompt. */
const promptParts: ReadonlySet<string> = new Set(['shots', 'tool format', 'choice mode', 'task settings']);

const codesText = (cell: TrackerCell, facts: QuestionFacts): string =>
  Object.entries(resultOf(cell, facts)?.counts.byCode ?? {})
    .slice(0, namedCodes)
    .map(([code, count]) => `${count} ${code}`)
    .join(', ');

/** The strongest and weakest category of one place with the difference of their means. */
function strengths(
  cells: readonly TrackerCell[],
  facts: QuestionFacts,
): readonly { readonly text: string; readonly runIds: readonly string[] }[] {
  const shares = cells.filter(({ headline, estimate }) => headline !== 'rating' && isEstimated(estimate));
  const categories = groupBy(shares, (cell) => facts.tasks.get(cell.task)?.category ?? '')
    .filter(([category]) => category !== '')
    .flatMap(([category, own]) => {
      const mean = meanOfIndependent(own.map(({ estimate }) => estimate));
      return isEstimated(mean) ? [{ category, own, mean }] : [];
    })
    .toSorted((a, b) => b.mean.value - a.mean.value);
  const [best, worst] = [categories[0], categories.at(-1)];
  if (best === undefined || worst === undefined || best === worst) return [];
  const lossy = worst.own.find((cell) => codesText(cell, facts) !== '');
  const why = lossy === undefined ? '' : `; ${lossy.task} misses for ${codesText(lossy, facts)}`;
  const difference = independentDifference(best.mean, worst.mean);
  const isOpen = isEstimated(difference) && difference.low <= 0;
  const gap = `${formatDifference('accuracy', difference)}${isOpen ? ' (not told apart)' : ''}`;
  const [first] = cells;
  const mode = first?.mode == null || first.mode === 'unspecified' ? '' : `, ${first.mode}`;
  return [
    {
      text: `${first?.model}, ${first?.preset}${mode}: ${best.category} over ${worst.category} by ${gap}${why}`,
      runIds: runsOf([...best.own, ...worst.own]),
    },
  ];
}
