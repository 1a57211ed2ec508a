import type { Options } from '../config/options.ts';
import type { Task } from '../core/ports/task.ts';
import type { Sampling } from '../core/sampling.ts';
import type { ModelGuidance, ThinkingMode } from '../presets/model-guidance.ts';
import { samplingUse } from '../presets/sampling-use.ts';
import { suites } from './suites.ts';

/** What decides how a task is sampled. */
export interface SamplingInput {
  readonly options: Pick<
    Options,
    'temperature' | 'topP' | 'topK' | 'minP' | 'presencePenalty' | 'repetitionPenalty' | 'seed'
  >;
  readonly guidance: ModelGuidance;
  readonly mode: ThinkingMode;
  /** Temperature the preset gives agent tasks. */
  readonly agentTemperature: number;
}

type SampledTask = Pick<Task, 'id' | 'category' | 'temperatureBySample'>;

/** Thinking at the temperatures of other models' settings loops, so that the family's guidance goes first. */
const isSampledByItself = (task: SampledTask, { mode }: SamplingInput): boolean =>
  task.temperatureBySample === true && mode !== 'thinking';

/** A task's sampling: what the user set, else the preset's temperature for agent tasks (not in thinking mode), else the family's guidance; a null temperature leaves it to the samples of a task that gives theirs. */
export function planSampling(task: SampledTask, input: SamplingInput): Sampling {
  const { options, guidance, mode } = input;
  const advised = guidance.advise(mode, samplingUse(task.category)).sampling;
  const presetTemperature = isAgentTask(task) && mode !== 'thinking' ? input.agentTemperature : null;
  const own = isSampledByItself(task, input) ? null : (presetTemperature ?? advised.temperature);
  const temperature = options.temperature ?? own;
  return {
    temperature,
    topP: options.topP ?? advised.topP,
    topK: options.topK ?? advised.topK,
    minP: options.minP ?? advised.minP,
    presencePenalty: options.presencePenalty ?? advised.presencePenalty,
    repetitionPenalty: options.repetitionPenalty ?? advised.repetitionPenalty,
    // Greedy decoding draws nothing, and a seed a request slows some servers.
    seed: temperature === 0 ? null : options.seed,
  };
}

/** Things about a task's sampling that a reader of its score must know. */
export function samplingWarnings(task: SampledTask, input: SamplingInput): readonly string[] {
  const { mode, agentTemperature } = input;
  const { temperature } = planSampling(task, input);
  return [
    ...(mode === 'thinking' && temperature === 0
      ? [`${task.id} is decoded greedily in thinking mode, which Qwen advises against: answers loop and scores fall`]
      : []),
    ...(isAgentTask(task) && mode === 'thinking' && input.options.temperature === null
      ? [
          `${task.id}: the preset’s temperature ${agentTemperature} for agent tasks gives way to ${temperature}, which is advised for thinking`,
        ]
      : []),
    ...(task.temperatureBySample && mode === 'thinking' && input.options.temperature === null
      ? [`${task.id} sets a temperature by category, which gives way to ${temperature}, the family’s own for thinking`]
      : []),
  ];
}

const isAgentTask = (task: Pick<Task, 'id' | 'category'>): boolean =>
  task.category === 'tools' || (suites['agents'] ?? []).some((entry) => entry.task === task.id);
