import { z } from 'zod';
import { defineTask, defineTaskTemplate } from '../core/ports/task.ts';
import { choiceMetrics } from '../metrics/support/choice-metrics.ts';
import choice from '../scorers/choice.ts';
import type { ChoiceTarget } from '../scorers/support/choice-sample.ts';
import { importedSample, readImportedSamples } from './support/imported-samples.ts';
import { renderChoice, type ChoiceTaskInput } from './support/render-choice.ts';

const rowSchema = z.object({
  id: z.string(),
  question: z.string(),
  options: z.array(z.object({ label: z.string(), text: z.string() })).min(2),
  label: z.string(),
});

/** Multiple-choice questions of a log, with the log's own key: benchmarks that this program does not have. */
export default defineTaskTemplate({
  define: (id) =>
    defineTask<ChoiceTaskInput, ChoiceTarget>({
      id,
      title: `${id.replace(/^imported_choice_/, '')}: multiple choice, questions and key from a log`,
      version: 1,
      kind: 'choice',
      category: 'knowledge',
      licence: 'not known',
      artefacts: [],
      needs: [],
      sampleCount: null,
      chanceLevel: null,
      sorted: false,
      choiceModes: ['generative', 'loglikelihood', 'first_token'],
      defaults: { fewShot: 0, maxTokens: 2048 },
      dialogueBudget: null,
      references: [],
      scorer: choice,
      metrics: choiceMetrics,
      loadSamples: async ({ settings }) =>
        readImportedSamples(id, settings, rowSchema).map(({ id: sampleId, question, options, label }) =>
          importedSample(sampleId, {
            input: { question, options, measure: 'acc_norm', continuation: 'text', shots: [] } as const,
            target: { label },
          }),
        ),
      render: ({ input }, settings) => renderChoice(input, settings),
      inLogs: { names: [], textOf: ({ input }) => input.question, rulesOf: 'arc_challenge' },
    }),
});
