import { QwenEvalError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { promptVariants } from '../../core/prompt-variant.ts';
import type { RunPlan, TaskPlan } from '../../core/run-plan.ts';
import type { Task } from '../../core/ports/task.ts';
import type { Rng } from '../../stats/rng.ts';
import { completeOptions, type RunOptions } from '../run.ts';
import { canAskAgain } from '../workflow.ts';

/** Options that are searched among. */
const dimensions = [
  'promptVariant',
  'toolFormat',
  'numFewshot',
  'temperature',
  'topP',
  'topK',
  'minP',
  'presencePenalty',
  'repetitionPenalty',
  'mode',
  'reasoningEffort',
  'maxTokens',
  'answerRetries',
  'selfCheck',
] as const satisfies readonly (keyof RunOptions)[];

type Dimension = (typeof dimensions)[number];

/** Option values that differ from those of the run without changes; empty for that run. */
export type Changes = Readonly<Partial<Record<Dimension, string | number | boolean>>>;

/** Values to try by option. */
export type SearchSpace = readonly { readonly dimension: Dimension; readonly values: readonly Changes[Dimension][] }[];

/** `temperature 0, selfCheck true`; `no change` for none. */
export const describeChanges = (changes: Changes): string =>
  Object.keys(changes).length === 0
    ? 'no change'
    : Object.entries(changes)
        .map(([option, value]) => `${option} ${value}`)
        .join(', ');

/** Reads a space that a user gave. Throws E_OPTION_INVALID for an option that is not searched among and for values it does not take. */
export function parseSearchSpace(given: JsonObject): SearchSpace {
  return Object.entries(given).map(([name, values]) => {
    const dimension = dimensions.find((known) => known === name);
    if (dimension === undefined) {
      throw new QwenEvalError('E_OPTION_INVALID', `--space names ${name}, which is not searched among`, {
        hint: `options to search among: ${dimensions.join(', ')}`,
      });
    }
    if (!Array.isArray(values) || values.length === 0) {
      throw new QwenEvalError('E_OPTION_INVALID', `--space gives ${name} no list of values`, {
        hint: 'for example --space \'{"temperature": [0, 0.7]}\'',
      });
    }
    for (const value of values) completeOptions({ [dimension]: value });
    return { dimension, values: values as readonly Changes[Dimension][] };
  });
}

/** The run without changes, as planned. */
export interface Baseline {
  readonly task: Task;
  readonly plan: RunPlan;
  readonly taskPlan: TaskPlan;
  /** True when examples can be put before the question. */
  readonly takesShots: boolean;
}

/** What is worth trying on a task; values that the model or engine has not are found out when they are tried. */
export function defaultSearchSpace({ task, plan, taskPlan, takesShots }: Baseline): SearchSpace {
  const { settings, sampling, workflow } = taskPlan;
  const asksInWords = settings.choiceMode === null || settings.choiceMode === 'generative';
  const modes = plan.mode === 'unspecified' ? [] : [plan.mode === 'thinking' ? 'non-thinking' : 'thinking'];
  const space: Record<string, readonly Changes[Dimension][]> = {
    promptVariant: asksInWords ? without(promptVariants, workflow?.promptVariant ?? 'plain') : [],
    toolFormat: settings.toolFormat === null ? [] : without(['native', 'hermes', 'xml'], settings.toolFormat),
    numFewshot: takesShots ? without([0, 2, 5], settings.fewShot) : [],
    temperature: asksInWords ? without([0, 0.3, 0.7], sampling.temperature) : [],
    mode: asksInWords ? modes : [],
    maxTokens: asksInWords ? [Math.ceil(settings.maxTokens / 2), settings.maxTokens * 2] : [],
    answerRetries: asksInWords && canAskAgain(task) && !workflow?.answerRetries ? [1] : [],
    selfCheck: asksInWords && canAskAgain(task) && !workflow?.selfCheck ? [true] : [],
  };
  return dimensions.flatMap((dimension) => {
    const values = space[dimension] ?? [];
    return values.length === 0 ? [] : [{ dimension, values }];
  });
}

const without = <T>(values: readonly T[], taken: unknown): readonly T[] => values.filter((value) => value !== taken);

/** Changes to try: each single one first (a random part of them when there are too many), then random pairs and triples. */
export function drawCandidates(space: SearchSpace, { count, rng }: { readonly count: number; readonly rng: Rng }) {
  const single = space.flatMap(({ dimension, values }) => values.map((value): Changes => ({ [dimension]: value })));
  if (single.length >= count) return single.length === count ? single : rng.sample(single, count);
  const drawn = new Map(single.map((changes) => [describeChanges(changes), changes]));
  // A small space may have fewer combinations than are asked for.
  for (let attempt = 0; attempt < count * 20 && drawn.size < count && space.length > 1; attempt++) {
    const chosen = rng.sample(space, Math.min(space.length, rng.integer(2, 3)));
    const changes = Object.fromEntries(
      dimensions.flatMap((dimension) => {
        const axis = chosen.find((candidate) => candidate.dimension === dimension);
        return axis ? [[dimension, rng.pick(axis.values)]] : [];
      }),
    ) as Changes;
    drawn.set(describeChanges(changes), changes);
  }
  return [...drawn.values()];
}

/** The changes of two candidates together; null when both change the same thing. */
export function joinChanges(a: Changes, b: Changes): Changes | null {
  if (Object.keys(a).some((dimension) => dimension in b)) return null;
  const joined = { ...a, ...b };
  return Object.fromEntries(
    dimensions.flatMap((dimension) => (dimension in joined ? [[dimension, joined[dimension]]] : [])),
  );
}
