import { QwenEvalError } from '../../core/errors.ts';
import type { ResultDocument } from '../../core/result-document.ts';
import { hasOwnUnit } from '../../text/format-estimate.ts';

/** The least that a metric of a task must reach. */
export interface Threshold {
  readonly task: string;
  readonly metric: string;
  /** In the unit of the metric: shares in [0,1], ratings, counts and lengths as they are. */
  readonly least: number;
}

const invalid = (text: string, what: string, hint: string): QwenEvalError =>
  new QwenEvalError('E_OPTION_INVALID', `--min ${text}: ${what}`, { hint });

/** Reads `gsm8k=0.7`, `gsm8k=70%` or `ifeval.instruction_strict=0.8` against the tasks of a result. Throws E_OPTION_INVALID, or E_TASK_UNKNOWN with the tasks there are. */
export function parseThreshold(text: string, result: ResultDocument): Threshold {
  const shape = /^([\w-]+)(?:\.([\w@^-]+))?\s*=\s*(\d*\.?\d+)(%?)$/.exec(text.trim());
  if (!shape) throw invalid(text, 'not of the form task=value', 'for example --min gsm8k=0.7,mmlu=65%');
  const [, name = '', metricName, number = '', percent] = shape;
  const task = result.tasks.find((candidate) => candidate.task === name);
  if (!task)
    throw new QwenEvalError('E_TASK_UNKNOWN', `run ${result.runId} has no task ${name}`, {
      hint: `it has ${result.tasks.map((candidate) => candidate.task).join(', ')}`,
    });
  const metric = metricName ?? task.headline;
  if (!(metric in task.metrics))
    throw invalid(text, `${name} has no metric ${metric}`, `it has ${Object.keys(task.metrics).join(', ')}`);
  const least = Number(number) / (percent === '%' ? 100 : 1);
  const highest = metric === 'rating' ? 10 : hasOwnUnit(metric) ? Infinity : 1;
  if (least > highest)
    throw invalid(text, `${least} is more than ${metric} can be`, `give a value up to ${highest}, or a percentage`);
  return { task: name, metric, least };
}
