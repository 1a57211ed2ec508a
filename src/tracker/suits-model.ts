import type { TaskKind } from '../core/ports/task.ts';
import type { TrackedModel } from './tracked-model.ts';
import type { TrackedTask } from './tracked-task.ts';

/** Kinds of task that a model without instruction tuning can be asked. */
const baseKinds: ReadonlySet<TaskKind> = new Set(['text', 'choice', 'code', 'long_context']);

/** True when the task makes sense for the model: base models are not asked to chat, to be judged or to call tools. Unknown tasks suit every model. */
export const suitsModel = (task: TrackedTask | undefined, model: Pick<TrackedModel, 'variant'> | undefined): boolean =>
  model?.variant !== 'base' || task === undefined || baseKinds.has(task.kind);
