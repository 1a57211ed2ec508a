import { QwenEvalError } from '../core/errors.ts';
import type { Generation } from '../core/generation.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { DialogueBudget, Task } from '../core/ports/task.ts';

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Bounds of a task's conversations: its own, with those of `extra.budget` (`turns`, `tokens`, `wallMs`) in their place; null for tasks
 * without conversations. Throws E_OPTION_INVALID for another bound or one that is no whole number above 0.
 */
export function dialogueBudget(task: Pick<Task, 'id' | 'dialogueBudget'>, extra: JsonObject): DialogueBudget | null {
  const asked = extra['budget'];
  const own = task.dialogueBudget;
  if (own === null || asked === undefined || asked === null) return own;
  const isFit =
    isObject(asked) &&
    Object.entries(asked).every(
      ([key, value]) =>
        Object.hasOwn(own, key) && typeof value === 'number' && Number.isSafeInteger(value) && value > 0,
    );
  if (isFit) return { ...own, ...asked };
  throw new QwenEvalError('E_OPTION_INVALID', `the budget of ${task.id} is ${JSON.stringify(asked)}`, {
    hint: 'bounds of a conversation: --task-options \'{"budget": {"turns": 20, "tokens": 16000, "wallMs": 600000}}\'',
  });
}

/** True when the turns of a conversation have used up one of its bounds. */
export function isSpent(budget: DialogueBudget, turns: readonly Pick<Generation, 'usage' | 'timings'>[]): boolean {
  const tokens = turns.reduce((sum, { usage }) => sum + (usage.completionTokens ?? 0), 0);
  const wallMs = turns.reduce((sum, { timings }) => sum + timings.latencyMs, 0);
  return (
    turns.length >= budget.turns ||
    (budget.tokens !== null && tokens >= budget.tokens) ||
    (budget.wallMs !== null && wallMs >= budget.wallMs)
  );
}
