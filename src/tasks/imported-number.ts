import { z } from 'zod';
import { defineTask, defineTaskTemplate } from '../core/ports/task.ts';
import accuracy from '../metrics/accuracy.ts';
import numericAnswer, { type NumericTarget } from '../scorers/numeric-answer.ts';
import { renderWordProblem, type WordProblem } from './support/boxed-math.ts';
import { importedSample, readImportedSamples } from './support/imported-samples.ts';

const rowSchema = z.object({
  id: z.string(),
  question: z.string(),
  value: z.string(),
  /** Why nobody can score the sample: its gold answer is no number. */
  fault: z.string().optional(),
});

/** Questions of a log whose key is a number: benchmarks that this program does not have. */
export default defineTaskTemplate({
  define: (id) =>
    defineTask<WordProblem, NumericTarget>({
      id,
      title: `${id.replace(/^imported_number_/, '')}: numbers, questions and key from a log`,
      version: 1,
      kind: 'text',
      category: 'math',
      licence: 'not known',
      artefacts: [],
      needs: [],
      sampleCount: null,
      chanceLevel: null,
      sorted: false,
      choiceModes: [],
      defaults: { fewShot: 0, maxTokens: 2048 },
      dialogueBudget: null,
      references: [],
      scorer: numericAnswer,
      metrics: [accuracy],
      loadSamples: async ({ settings }) =>
        readImportedSamples(id, settings, rowSchema).map(({ id: sampleId, question, value, fault }) => ({
          ...importedSample(sampleId, { input: { question, shots: [] }, target: { value } }),
          ...(fault === undefined ? {} : { fault }),
        })),
      render: ({ input }) => renderWordProblem(input),
      inLogs: { names: [], textOf: ({ input }) => input.question, rulesOf: 'gsm8k' },
    }),
});
