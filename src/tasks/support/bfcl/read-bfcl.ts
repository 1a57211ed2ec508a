import { z } from 'zod';
import type { JsonObject } from '../../../core/json.ts';
import type { ChatMessage } from '../../../core/message.ts';
import type { DatasetReader } from '../../../core/ports/dataset.ts';
import type { FunctionDoc } from '../../../scorers/support/bfcl/function-doc.ts';
import { formatPythonJson, parsePythonJson, pythonDict } from '../../../scorers/support/bfcl/python-value.ts';
import type { MultiTurnInput } from '../../../scorers/support/bfcl/multi-turn-session.ts';
import { bfclServices } from './bfcl-files.ts';
import { invalidRecord, readRecords, requireDistinctIds, sourceOf } from '../read-records.ts';

const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
const messageSchema = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });
const docSchema = z.object({ name: z.string().min(1), description: z.string(), parameters: jsonObject });
const questionSchema = z.object({
  id: z.string().min(1),
  question: z.array(z.array(messageSchema)),
  function: z.array(docSchema),
});

/** One question of a single-turn category. */
export interface BfclRecord {
  readonly id: string;
  readonly messages: readonly ChatMessage[];
  readonly functions: readonly FunctionDoc[];
}

/** Questions of a single-turn category in file order. Throws E_DATASET_INVALID naming file and line. */
export async function readBfclQuestions(data: DatasetReader): Promise<readonly BfclRecord[]> {
  const records = await readRecords(data, 'questions', questionSchema);
  requireDistinctIds(records, ({ id }) => id, sourceOf(data, 'questions'));
  return records.map(({ row, line }) => {
    const [messages, ...more] = row.question;
    if (messages === undefined || more.length > 0) {
      throw invalidRecord(sourceOf(data, 'questions'), { line }, 'question: a single-turn category has one turn');
    }
    return { id: row.id, messages, functions: row.function };
  });
}

/** Ground truth by id, as JSON text in which 5 and 5.0 differ; empty where the category has none. Throws E_DATASET_INVALID. */
export async function readBfclAnswers(data: DatasetReader): Promise<ReadonlyMap<string, string>> {
  if (!data.files.has('answers')) return new Map();
  const source = sourceOf(data, 'answers');
  const answers = new Map<string, string>();
  for (const [index, text] of (await data.text('answers')).split('\n').entries()) {
    if (text.trim() === '') continue;
    const row = pythonDict(parsePythonJson(text) ?? null);
    if (row === null || typeof row.id !== 'string' || row.ground_truth === undefined) {
      throw invalidRecord(source, { line: index + 1 }, 'is no object with id and ground_truth');
    }
    answers.set(row.id, formatPythonJson(row.ground_truth));
  }
  return answers;
}

const conversationSchema = z.object({
  id: z.string().min(1),
  question: z.array(z.array(messageSchema)).min(1),
  initial_config: jsonObject,
  involved_classes: z.array(z.string()).min(1),
  missed_function: z.record(z.string(), z.array(z.string())).optional(),
  excluded_function: z.array(z.string()).optional(),
});
const truthSchema = z.object({ id: z.string().min(1), ground_truth: z.array(z.array(z.string())) });

/** One conversation of a multi-turn category with its ground truth. */
export interface BfclConversation {
  readonly id: string;
  readonly input: MultiTurnInput;
  readonly truth: readonly (readonly string[])[];
}

async function readDocs(data: DatasetReader): Promise<ReadonlyMap<string, readonly FunctionDoc[]>> {
  const docs = new Map<string, readonly FunctionDoc[]>();
  for (const service of bfclServices) {
    const records = await readRecords(data, service, docSchema);
    docs.set(
      service,
      records.map(({ row }) => row),
    );
  }
  return docs;
}

/** Conversations of a multi-turn category in file order. Throws E_DATASET_INVALID naming file and line. */
export async function readBfclConversations(data: DatasetReader): Promise<readonly BfclConversation[]> {
  const docs = await readDocs(data);
  const source = sourceOf(data, 'questions');
  const truths = new Map(
    (await readRecords(data, 'answers', truthSchema)).map(({ row }) => [row.id, row.ground_truth]),
  );
  const records = await readRecords(data, 'questions', conversationSchema);
  requireDistinctIds(records, ({ id }) => id, source);
  return records.map(({ row, line }) => {
    const truth = truths.get(row.id);
    if (truth?.length !== row.question.length) {
      throw invalidRecord(source, { line }, 'question: the ground truth has another number of turns');
    }
    return {
      id: row.id,
      input: {
        classes: row.involved_classes,
        config: row.initial_config,
        functions: row.involved_classes.flatMap((service) => docs.get(service) ?? []),
        turns: row.question,
        heldOut: row.missed_function ?? {},
        excluded: row.excluded_function ?? [],
      },
      truth,
    };
  });
}
