import type { Options } from '../config/options.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { DatasetReader } from '../core/ports/dataset.ts';
import type { Task, TaskSettings } from '../core/ports/task.ts';
import type { SampleResponse } from '../core/response.ts';
import type { Sample } from '../core/sample.ts';
import { openUserFile } from '../datasets/open-user-file.ts';
import { assistantTurn, sampleResponse, textResponse } from '../text/assistant-turn.ts';
import type { OutsideResponse } from './outside-responses.ts';
import type { RunnerDependencies } from './runner-dependencies.ts';

/** What outside responses are scored against. */
export interface ScoreTarget {
  readonly task: Task;
  readonly settings: TaskSettings;
  /** By id, in the order of the task. */
  readonly samples: ReadonlyMap<string, Sample>;
}

/** Loads a task's samples for responses that exist already. */
export async function loadScoreTarget(
  task: Task,
  options: Options,
  dependencies: RunnerDependencies,
): Promise<ScoreTarget> {
  const settings = settingsOf(task, options);
  const data = await loadProblems(task, options, dependencies);
  const samples = new Map<string, Sample>();
  for (const sample of await task.loadSamples({ data, settings, tokenizer: null })) samples.set(sample.id, sample);
  return { task, settings, samples };
}

/** The task's own data, or the file of problems that was given in its place. */
function loadProblems(task: Task, options: Options, dependencies: RunnerDependencies): Promise<DatasetReader> {
  const [artefact] = task.artefacts;
  if (options.problems === null) return dependencies.loadData(task.artefacts, task.id);
  if (artefact === undefined) {
    throw new QwenEvalError('E_OPTION_INVALID', `${task.id} makes its own problems and takes no others`, {
      hint: 'leave --problems out',
    });
  }
  return openUserFile(options.problems, artefact.name);
}

/** An outside response as its scorer sees it; reasoning and finish reason are those of the last turn. */
export function responseOf({
  response,
  turns,
  reasoning,
  finishReason,
}: Omit<OutsideResponse, 'epoch'>): SampleResponse {
  const raw = { reasoning, finishReason };
  if (turns === null) return textResponse(response, raw);
  const last = turns.length - 1;
  return sampleResponse(turns.map((text, index) => assistantTurn(index === last ? { ...raw, text } : { text })));
}

function settingsOf(task: Task, options: Options): TaskSettings {
  return {
    fewShot: 0,
    choiceMode: task.choiceModes.length === 0 ? null : (options.choiceMode ?? 'generative'),
    maxTokens: task.defaults.maxTokens,
    toolFormat: task.needs.includes('tools') ? (options.toolFormat ?? 'hermes') : null,
    seed: options.seed,
    split: options.split,
    size: options.limit ?? task.defaults.size ?? 200,
    extra: task.defaults.extra ?? {},
  };
}
