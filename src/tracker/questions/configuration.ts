import { isEstimated } from '../../core/estimate.ts';
import { groupBy } from '../../core/group-by.ts';
import { formatDifference } from '../../text/format-difference.ts';
import { limitText } from '../deployment-figures.ts';
import type { MatrixRow } from '../recommend/category-matrix.ts';
import { listed, type ResearchQuestion } from './research-question.ts';

const topic = 'Which configuration?';

const runsOfRow = ({ entries }: MatrixRow): readonly string[] => entries.flatMap(({ runIds }) => runIds);

/** Questions about presets, modes and bottlenecks. */
export const configurationQuestions: readonly ResearchQuestion[] = [
  {
    topic,
    question: 'Which preset works best for each category of tasks?',
    answer: ({ matrix }) => {
      const judged = matrix.filter(({ verdict }) => verdict.kind !== 'not enough data');
      if (judged.length === 0)
        return { open: 'two presets of a model tested on the same task with 30 samples or more' };
      const named = judged.map(({ model, category, verdict }) => {
        const answer = verdict.preset === null ? verdict.kind : verdict.preset;
        return `${model}, ${category}: ${answer} (${verdict.reason})`;
      });
      return {
        text: listed(named),
        runIds: [...new Set(judged.flatMap(runsOfRow))],
      };
    },
  },
  {
    topic,
    question: 'Would a configuration for each category beat one preset for all?',
    answer: ({ matrix }) => {
      const byModel = groupBy(
        matrix.filter(({ verdict }) => verdict.kind !== 'not enough data'),
        ({ model, mode }) => `${model}\u0000${mode}`,
      );
      const judged = byModel.filter(([, rows]) => rows.length > 1);
      if (judged.length === 0) return { open: 'two categories of tasks in which presets of a model can be judged' };
      const named = judged.map(([, rows]) => {
        const winners = new Set(rows.flatMap(({ verdict }) => verdict.preset ?? []));
        const open = rows.filter(({ verdict }) => verdict.kind === 'undecided').length;
        const answer =
          winners.size > 1
            ? `yes: ${[...winners].join(' and ')} each win a category`
            : open > 0
              ? `not seen: no two presets win, ${open} of ${rows.length} categories are undecided`
              : 'no: no two presets win a category';
        return `${rows[0]?.model}: ${answer}`;
      });
      return {
        text: listed(named),
        runIds: [...new Set(judged.flatMap(([, rows]) => rows.flatMap(runsOfRow)))],
      };
    },
  },
  {
    topic,
    question: 'What are the bottlenecks of the current setup?',
    answer: ({ deployments }) => {
      const known = deployments.flatMap((one) => {
        const text = limitText(one);
        return text === null ? [] : [{ one, text }];
      });
      if (known.length === 0) return { open: 'a run with telemetry' };
      return {
        text: listed(known.map(({ one, text }) => `${one.model}, ${one.preset}: ${text}`)),
        runIds: known.map(({ one }) => one.runId),
      };
    },
  },
  {
    topic,
    question: 'Does thinking pay?',
    answer: ({ comparisons }) => {
      const tasks = comparisons
        .filter(({ kind }) => kind === 'mode')
        .flatMap((pair) =>
          pair.tasks.filter(({ difference }) => isEstimated(difference)).map((task) => ({ pair, task })),
        );
      if (tasks.length === 0) return { open: 'a run with --mode both' };
      return {
        text: listed(
          tasks.map(
            ({ pair, task }) =>
              `${pair.a.model}, ${pair.a.preset}, ${task.task}: ${formatDifference(task.metric, task.difference)}`,
          ),
        ),
        runIds: [...new Set(tasks.flatMap(({ task }) => [task.runs.a, task.runs.b]))],
      };
    },
  },
];
