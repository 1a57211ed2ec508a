import type { z } from 'zod';
import { QwenEvalError } from '../../core/errors.ts';

/** Parses `engineOptions` with the engine's own schema; throws E_OPTION_INVALID that names the engine and the wrong members. */
export function parseEngineOptions<Schema extends z.ZodType>(
  engine: string,
  schema: Schema,
  options: Readonly<Record<string, unknown>>,
): z.infer<Schema> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'options'}: ${issue.message}`);
  throw new QwenEvalError('E_OPTION_INVALID', `options of engine ${engine} are invalid: ${problems.join('; ')}`, {
    hint: `qwen-eval show engine ${engine} lists its options.`,
  });
}
