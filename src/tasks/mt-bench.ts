import { z } from 'zod';
import { QwenEvalError } from '../core/errors.ts';
import type { Artefact, DatasetReader } from '../core/ports/dataset.ts';
import type { JudgePrompts } from '../core/ports/judge.ts';
import { defineTask, type TaskContext } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import rating from '../metrics/rating.ts';
import { meanRating } from '../metrics/support/mean-rating.ts';
import judgedRating, { type JudgedInput, type JudgedTarget } from '../scorers/judged-rating.ts';
import { ownJudgePrompts, originalJudgePrompts } from './support/mt-bench/judge-prompts.ts';
import { invalidRecord, readRecords, requireDistinctIds, sourceOf } from './support/read-records.ts';

/** Generation temperature and need of right answers by category, as FastChat has them. */
const categories: Readonly<Record<string, { readonly temperature: number; readonly needsReference: boolean }>> = {
  writing: { temperature: 0.7, needsReference: false },
  roleplay: { temperature: 0.7, needsReference: false },
  reasoning: { temperature: 0, needsReference: true },
  math: { temperature: 0, needsReference: true },
  coding: { temperature: 0, needsReference: true },
  extraction: { temperature: 0, needsReference: false },
  stem: { temperature: 0.1, needsReference: false },
  humanities: { temperature: 0.1, needsReference: false },
};

const turnsSchema = z.array(z.string()).length(2);
const questionSchema = z.object({
  question_id: z.int(),
  category: z.enum(Object.keys(categories) as [string, ...string[]]),
  turns: turnsSchema,
});
const answerSchema = z.object({
  question_id: z.int(),
  choices: z.array(z.object({ turns: turnsSchema })).min(1),
});
const promptSchema = z.object({ name: z.string(), system_prompt: z.string(), prompt_template: z.string() });

const artefact = (
  name: string,
  file: { readonly fileName: string; readonly sha256: string; readonly optional?: true },
): Artefact => ({
  name,
  fileName: file.fileName,
  sha256: [file.sha256],
  licence: 'Apache-2.0',
  hub: null,
  ...(file.optional ? { optional: true } : {}),
});

/** Which judge prompts a task is asked with: the original ones where their file is at hand, unless one is named. */
const promptChoiceSchema = z.enum(['auto', 'own', 'original']);

async function judgePrompts({ data, settings }: Pick<TaskContext, 'data' | 'settings'>): Promise<JudgePrompts> {
  const choice = promptChoiceSchema.safeParse(settings.extra['judgePrompts'] ?? 'auto');
  if (!choice.success) {
    throw new QwenEvalError('E_OPTION_INVALID', 'judgePrompts of mt_bench is neither auto, own nor original', {
      hint: 'for example --task-options \'{"judgePrompts": "own"}\'',
    });
  }
  const isAtHand = data.files.has('judge_prompts');
  if (choice.data === 'own' || (choice.data === 'auto' && !isAtHand)) return ownJudgePrompts;
  if (!isAtHand) {
    throw new QwenEvalError('E_DATASET_MISSING', 'the original judge prompts of mt_bench were not found', {
      hint: 'put judge_prompts.jsonl of FastChat into --data-dir, or leave "judgePrompts" out for own ones',
    });
  }
  const records = await readRecords(data, 'judge_prompts', promptSchema);
  const prompts = originalJudgePrompts(records.map(({ row }) => row));
  if ('source' in prompts) return prompts;
  throw new QwenEvalError('E_DATASET_INVALID', `${sourceOf(data, 'judge_prompts')}: has no prompt ${prompts.missing}`, {
    hint: 'use the original file',
  });
}

/** Right answers by question. */
async function readReferences(data: DatasetReader): Promise<ReadonlyMap<number, readonly string[]>> {
  const records = await readRecords(data, 'reference_answers', answerSchema);
  requireDistinctIds(records, (row) => String(row.question_id), sourceOf(data, 'reference_answers'));
  return new Map(records.map(({ row }) => [row.question_id, row.choices[0]?.turns ?? []]));
}

async function loadSamples(context: TaskContext): Promise<readonly Sample<JudgedInput, JudgedTarget>[]> {
  const { data } = context;
  const questions = await readRecords(data, 'questions', questionSchema);
  const source = sourceOf(data, 'questions');
  requireDistinctIds(questions, (row) => String(row.question_id), source);
  const prompts = await judgePrompts(context);
  const references = await readReferences(data);
  return questions.map(({ row: { question_id: id, category, turns }, line }) => {
    const needsReference = categories[category]?.needsReference ?? false;
    const reference = needsReference ? references.get(id) : null;
    if (reference === undefined)
      throw invalidRecord(source, { line }, `question ${id} of ${category} has no reference answer`);
    return {
      id: String(id),
      category,
      cluster: null,
      input: { turns },
      target: { references: reference, prompts },
    };
  });
}

/** MT-Bench: two-turn questions whose answers a judge rates from 1 to 10. */
export default defineTask<JudgedInput, JudgedTarget>({
  id: 'mt_bench',
  title: 'MT-Bench: two-turn questions, answers rated by a judge',
  version: 1,
  kind: 'judged',
  category: 'chat',
  licence: 'Apache-2.0',
  artefacts: [
    artefact('questions', {
      fileName: 'question.jsonl',
      sha256: '119565adbab82227089cefdb44c8d7e2cf04dc0a0ec233634c82e7d4e2a944f7',
    }),
    artefact('reference_answers', {
      fileName: 'gpt-4.jsonl',
      sha256: 'f957a5bc977badb66885ec970e6cd08527845780313f0995764260e5777b9b3f',
    }),
    artefact('judge_prompts', {
      fileName: 'judge_prompts.jsonl',
      sha256: 'fd283293406d024f44c174b094ef48031d0687a4682fd3a56b29b138f80281b6',
      optional: true,
    }),
  ],
  needs: ['judge'],
  sampleCount: 80,
  chanceLevel: null,
  // Ten questions of each category, one category after the other.
  sorted: true,
  choiceModes: [],
  defaults: { fewShot: 0, maxTokens: 1024, extra: { judgePrompts: 'auto' } },
  dialogueBudget: { turns: 2, tokens: null, wallMs: null },
  references: [
    {
      source: 'Qwen2.5 blog, instruct models',
      fewShot: 0,
      note: 'judge and decoding are not stated; the original has GPT-4 judge greedily, answers of at most 1,024 tokens and a temperature by category',
    },
  ],
  temperatureBySample: true,
  scorer: judgedRating,
  metrics: [
    rating,
    meanRating('rating_1', 'Rating of the first answer, from 1 to 10'),
    meanRating('rating_2', 'Rating of the second answer, from 1 to 10'),
  ],
  loadSamples,
  judgePrompts,
  render: ({ input, category }) => ({
    kind: 'chat',
    messages: [{ role: 'user', content: input.turns[0] ?? '' }],
    temperature: categories[category ?? '']?.temperature ?? 0,
  }),
  openDialogue: ({ input }) => {
    let turn = 0;
    return {
      next: () => {
        const content = input.turns[++turn];
        return content === undefined
          ? { kind: 'end', reason: 'the script is over' }
          : { kind: 'continue', messages: [{ role: 'user', content }] };
      },
      outcome: () => null,
    };
  },
});
