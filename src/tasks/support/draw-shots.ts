import { QwenEvalError } from '../../core/errors.ts';
import { seededRng } from '../../stats/rng.ts';

/** Draws few-shot examples by the plan's seed, the same for every sample; throws E_OPTION_INVALID when there are too few. */
export function drawShots<Shot>(
  pool: readonly Shot[],
  options: { readonly count: number; readonly seed: number },
): readonly Shot[] {
  if (options.count > pool.length) {
    throw new QwenEvalError(
      'E_OPTION_INVALID',
      `${options.count} examples were asked for, ${pool.length} are to be had`,
      {
        hint: `set --num-fewshot to ${pool.length} or less`,
      },
    );
  }
  return options.count === 0 ? [] : seededRng(`${options.seed}/shots`).sample(pool, options.count);
}
