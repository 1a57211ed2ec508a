import { z } from 'zod';
import { QwenEvalError } from '../../core/errors.ts';
import type { TaskSettings } from '../../core/ports/task.ts';
import type { Sample } from '../../core/sample.ts';

/** Reads the samples that a log brought along, which stand in the settings of an imported run. Throws E_DATASET_MISSING where there are none. */
export function readImportedSamples<Row>(task: string, settings: TaskSettings, schema: z.ZodType<Row>): readonly Row[] {
  const given = settings.extra['samples'];
  if (given === undefined) {
    throw new QwenEvalError('E_DATASET_MISSING', `${task} has no questions of its own`, {
      hint: 'it scores what `qwen-eval import` found in a log; it cannot be run',
    });
  }
  const parsed = z.array(schema).min(1).safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new QwenEvalError(
    'E_DATASET_INVALID',
    `the questions of ${task} in run.json are damaged: ${issue?.path.join('.')}: ${issue?.message}`,
    { hint: 'import the log again into another --out' },
  );
}

/** A sample without category and cluster. */
export const importedSample = <Input, Target>(
  id: string,
  content: { readonly input: Input; readonly target: Target },
): Sample<Input, Target> => ({ id, category: null, cluster: null, ...content });
