import { isEstimated } from '../../core/estimate.ts';
import { groupBy } from '../../core/group-by.ts';
import { formatBytes } from '../../text/format-bytes.ts';
import { formatDifference } from '../../text/format-difference.ts';
import type { Place } from '../compare/tracker-comparison.ts';
import { measuredMemoryText, throughputText } from '../deployment-figures.ts';
import type { TrackerCell } from '../tracker-cell.ts';
import { listed, type QuestionFacts, type ResearchQuestion } from './research-question.ts';

const topic = 'Does size pay?';

/** Questions about model size and memory. */
export const sizeQuestions: readonly ResearchQuestion[] = [
  {
    topic,
    question: 'How does quality grow with the size of the model?',
    answer: ({ comparisons }) => {
      const pairs = comparisons.filter(({ kind }) => kind === 'model');
      const tasks = pairs.flatMap((pair) =>
        pair.tasks.filter(({ difference }) => isEstimated(difference)).map((task) => ({ pair, task })),
      );
      if (tasks.length === 0) return { open: 'two models tested on the same samples under the same preset' };
      const named = tasks.map(
        ({ pair, task }) =>
          `${task.task}, ${pair.b.model} → ${pair.a.model} (${pair.a.preset}): ${formatDifference(task.metric, task.difference)}`,
      );
      return { text: listed(named), runIds: [...new Set(tasks.flatMap(({ task }) => [task.runs.a, task.runs.b]))] };
    },
  },
  {
    topic,
    question: 'Which is the smallest model that is as good as the best, by category of tasks?',
    answer: (facts) => {
      const rows = groupBy(sizedCells(facts), ({ category }) => category).flatMap(([category, cells]) => {
        const found = smallestAsGood(cells);
        return found === null ? [] : [{ ...found, text: `${category}: ${found.text}` }];
      });
      if (rows.length === 0) return { open: 'two models of known size tested on the same task' };
      return {
        text: listed(rows.map(({ text }) => text)),
        runIds: [...new Set(rows.flatMap(({ runIds }) => runIds))],
      };
    },
  },
  {
    topic,
    question: 'What does memory buy?',
    answer: (facts) => {
      const known = facts.deployments.filter((deployment) => measuredMemoryText(deployment) !== null);
      if (known.length < 2)
        return { open: 'two runs on this machine or a managed server: memory elsewhere is not measured' };
      const costs = known.map(
        (one) => `${one.model}, ${one.preset}: ${measuredMemoryText(one)}, throughput ${throughputText(one)}`,
      );
      const trades = tradeTexts(facts);
      return {
        text: [listed(costs), ...(trades.length === 0 ? [] : [listed(trades)])].join('; '),
        runIds: known.map(({ runId }) => runId),
      };
    },
  },
];

/** Tasks whose difference is named beside a difference of memory. */
const namedTasks = 3;

/** What presets of a model gain and lose by the memory they take. */
const tradeTexts = ({ comparisons, deployments }: QuestionFacts): readonly string[] =>
  comparisons.flatMap(({ kind, a, b, tasks }) => {
    const bytesOf = ({ model, preset }: Place): number | null => {
      const measured = deployments.find((one) => one.model === model && one.preset === preset)?.figures.measured;
      return measured === undefined || 'unavailable' in measured ? null : measured.bytes;
    };
    const [mine, others] = [bytesOf(a), bytesOf(b)];
    const known = tasks.filter(({ difference }) => isEstimated(difference));
    if (kind !== 'preset' || mine === null || others === null || known.length === 0) return [];
    const named = known
      .slice(0, namedTasks)
      .map(({ task, metric, difference }) => `${task} ${formatDifference(metric, difference)}`);
    const mode = a.mode === '' || a.mode === 'unspecified' ? '' : `, ${a.mode}`;
    const change = `${mine < others ? '−' : '+'}${formatBytes(Math.abs(mine - others))}`;
    return [`${a.model}${mode}, ${a.preset} against ${b.preset}: ${change} for ${named.join(', ')}`];
  });

interface SizedCell {
  readonly cell: TrackerCell;
  readonly category: string;
  readonly parameters: number;
}

const sizedCells = ({ tested, models, tasks }: QuestionFacts): readonly SizedCell[] =>
  tested.flatMap((cell) => {
    const parameters = models.get(cell.model)?.parameters ?? null;
    const category = tasks.get(cell.task)?.category;
    return parameters === null || category === undefined ? [] : [{ cell, category, parameters }];
  });

/** The smallest model whose interval reaches the best score of a task, over the category's most tested task. */
function smallestAsGood(
  cells: readonly SizedCell[],
): { readonly text: string; readonly runIds: readonly string[] } | null {
  const [widest] = groupBy(
    cells,
    ({ cell }) => `${cell.task}\u0000${cell.headline}\u0000${cell.choiceMode ?? ''}`,
  ).toSorted(([, a], [, b]) => modelCount(b) - modelCount(a));
  if (widest === undefined || modelCount(widest[1]) < 2) return null;
  const scored = widest[1].flatMap((one) =>
    isEstimated(one.cell.estimate) ? [{ ...one, estimate: one.cell.estimate }] : [],
  );
  const best = scored.toSorted((a, b) => b.estimate.value - a.estimate.value)[0];
  const smallest = scored
    .filter(({ estimate }) => best !== undefined && estimate.high >= best.estimate.value)
    .toSorted((a, b) => a.parameters - b.parameters)[0];
  if (best === undefined || smallest === undefined) return null;
  const task = best.cell.task;
  const text =
    smallest.cell.model === best.cell.model
      ? `${best.cell.model} (no smaller one reaches it on ${task})`
      : `${smallest.cell.model}, whose interval reaches ${best.cell.model} on ${task}`;
  return { text, runIds: [smallest.cell.runId ?? '', best.cell.runId ?? ''] };
}

const modelCount = (cells: readonly SizedCell[]): number => new Set(cells.map(({ cell }) => cell.model)).size;
