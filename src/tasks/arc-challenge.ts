import { z } from 'zod';
import type { DatasetReader } from '../core/ports/dataset.ts';
import { defineTask } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { choiceMetrics } from '../metrics/support/choice-metrics.ts';
import choice from '../scorers/choice.ts';
import type { ChoiceTarget } from '../scorers/support/choice-sample.ts';
import { drawShots } from './support/draw-shots.ts';
import { invalidRecord, readRecords, requireDistinctIds, sourceOf } from './support/read-records.ts';
import { renderChoice, type ChoiceExample, type ChoiceTaskInput } from './support/render-choice.ts';

const label = z.string().regex(/^[A-E1-5]$/, 'is no label from A to E or 1 to 5');

/** The publisher's own form, or that of the hub, brought to one. */
const recordSchema = z.union([
  z.object({
    id: z.string().min(1),
    question: z.object({
      stem: z.string().min(1),
      choices: z.array(z.object({ text: z.string().min(1), label })).min(2),
    }),
    answerKey: label,
  }),
  z
    .object({
      id: z.string().min(1),
      question: z.string().min(1),
      choices: z.object({ text: z.array(z.string().min(1)).min(2), label: z.array(label) }),
      answerKey: label,
    })
    .refine(
      ({ choices }) => choices.text.length === choices.label.length,
      'choices: as many labels as texts are needed',
    )
    .transform(({ id, question, choices, answerKey }) => ({
      id,
      question: {
        stem: question,
        choices: choices.text.map((text, index) => ({ text, label: choices.label[index] ?? '' })),
      },
      answerKey,
    })),
]);

interface Question extends ChoiceExample {
  readonly id: string;
}

async function readQuestions(data: DatasetReader, name: string): Promise<readonly Question[]> {
  const records = await readRecords(data, name, recordSchema);
  requireDistinctIds(records, ({ id }) => id, sourceOf(data, name));
  return records.map(({ row, line }) => {
    const options = row.question.choices.map(({ label, text }) => ({ label, text }));
    if (options.filter((option) => option.label === row.answerKey).length !== 1) {
      throw invalidRecord(sourceOf(data, name), { line }, `answerKey: ${row.answerKey} is not the label of one choice`);
    }
    return { id: row.id, question: row.question.stem, options, label: row.answerKey };
  });
}

export default defineTask<ChoiceTaskInput, ChoiceTarget>({
  id: 'arc_challenge',
  title: 'ARC-Challenge: grade-school science questions',
  version: 1,
  kind: 'choice',
  category: 'knowledge',
  licence: 'CC-BY-SA-4.0',
  artefacts: [
    {
      name: 'test',
      fileName: 'ARC-Challenge-Test.jsonl',
      sha256: [
        '0f135655e88624a211e31c9edd91d7dc9ad122ae6f356f6a1a85e057d5a438fb',
        '0eb0a68eee6716a3fdfa8925311c8098f5cd419f47d10e39644a40b7e2b7233f',
      ],
      licence: 'CC-BY-SA-4.0',
      hub: null,
    },
    {
      name: 'dev',
      fileName: 'ARC-Challenge-Dev.jsonl',
      sha256: [
        'de31acbc1abbd14339c4f602e6fb1f29ccc020f272605ad1f97f80c75200ee16',
        '237bf1c2fd0ce2a3518c2bce645ccbfcf16612db20f34f2a12f5253da7a60654',
      ],
      licence: 'CC-BY-SA-4.0',
      hub: null,
      optional: true,
    },
  ],
  needs: [],
  sampleCount: 1172,
  // 1,165 questions with four options, 4 with three, 3 with five.
  chanceLevel: (1165 / 4 + 4 / 3 + 3 / 5) / 1172,
  sorted: false,
  choiceModes: ['generative', 'loglikelihood', 'first_token'],
  defaults: { fewShot: 0, maxTokens: 2048 },
  dialogueBudget: null,
  references: [
    { source: 'Qwen2.5 technical report, base models', fewShot: 25, note: '25-shot log-likelihood' },
    { source: 'Qwen3 guidance for multiple choice', fewShot: 0, note: 'generative, answer field; no published score' },
  ],
  scorer: choice,
  metrics: choiceMetrics,
  async loadSamples({ data, settings }) {
    const questions = await readQuestions(data, 'test');
    const pool = settings.fewShot > 0 ? await readQuestions(data, 'dev') : [];
    const shots = drawShots<ChoiceExample>(pool, { count: settings.fewShot, seed: settings.seed });
    return questions.map(({ id, question, options, label }): Sample<ChoiceTaskInput, ChoiceTarget> => ({
      id,
      category: null,
      cluster: null,
      input: { question, options, measure: 'acc_norm', continuation: 'text', shots },
      target: { label },
    }));
  },
  render: ({ input }, settings) => renderChoice(input, settings),
  inLogs: {
    names: ['arc_arc_challenge', 'arc_challenge_chat', 'arc_challenge_llama'],
    textOf: ({ input }) => input.question,
  },
});
