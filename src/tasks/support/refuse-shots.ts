import { QwenEvalError } from '../../core/errors.ts';
import type { TaskSettings } from '../../core/ports/task.ts';

/** Throws E_OPTION_INVALID when examples are asked of a task that has none apart from its own questions. */
export function refuseShots(task: string, settings: TaskSettings): void {
  if (settings.fewShot === 0) return;
  throw new QwenEvalError('E_OPTION_INVALID', `${task} has no examples apart from the questions it asks`, {
    hint: 'leave --num-fewshot out or set it to 0',
  });
}
