import type { Task } from '../core/ports/task.ts';
import type { TaskPlan } from '../core/run-plan.ts';

/** The headline of a task as its plan states it: the first of its metrics. */
export function headlineOf({
  metrics: [{ id, parts }],
}: Pick<Task, 'metrics'>): Pick<TaskPlan, 'headline' | 'headlineParts'> {
  return { headline: id, ...(parts && { headlineParts: parts }) };
}
