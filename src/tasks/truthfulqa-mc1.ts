import { z } from 'zod';
import { defineTask } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { choiceMetrics } from '../metrics/support/choice-metrics.ts';
import choice from '../scorers/choice.ts';
import type { ChoiceTarget } from '../scorers/support/choice-sample.ts';
import { seededRng } from '../stats/rng.ts';
import { invalidRecord, readRecords, sourceOf } from './support/read-records.ts';
import { refuseShots } from './support/refuse-shots.ts';
import { renderChoice, type ChoiceTaskInput } from './support/render-choice.ts';

const recordSchema = z.object({
  question: z.string().min(1),
  mc1_targets: z.object({
    choices: z.array(z.string().min(1)).min(2).max(26),
    labels: z.array(z.union([z.literal(0), z.literal(1)])),
  }),
});

const letter = (index: number): string => String.fromCharCode(65 + index);

export default defineTask<ChoiceTaskInput, ChoiceTarget>({
  id: 'truthfulqa_mc1',
  title: 'TruthfulQA: the one true answer among common misconceptions',
  version: 1,
  kind: 'choice',
  category: 'knowledge',
  licence: 'Apache-2.0',
  artefacts: [
    {
      name: 'validation',
      fileName: 'truthfulqa_mc.jsonl',
      sha256: ['f526d2f69e74ada8b49f13d5cf5d7b86b746b92b0d5b1b0db97167fa8d70d032'],
      licence: 'Apache-2.0',
      hub: null,
    },
  ],
  needs: [],
  sampleCount: 817,
  // Mean of 1 / options over the 817 questions, which have 2 to 13 options.
  chanceLevel: 0.22605616877342646,
  sorted: true,
  choiceModes: ['generative', 'loglikelihood', 'first_token'],
  defaults: { fewShot: 0, maxTokens: 2048 },
  dialogueBudget: null,
  references: [{ source: 'Qwen2.5 technical report, base models', fewShot: 0, note: '0-shot' }],
  scorer: choice,
  metrics: choiceMetrics,
  async loadSamples({ data, settings }) {
    refuseShots('truthfulqa_mc1', settings);
    const records = await readRecords(data, 'validation', recordSchema);
    return records.map(({ row, line }, index): Sample<ChoiceTaskInput, ChoiceTarget> => {
      const { choices, labels } = row.mc1_targets;
      const gold = labels.indexOf(1);
      if (labels.length !== choices.length || gold < 0 || labels.lastIndexOf(1) !== gold) {
        throw invalidRecord(
          sourceOf(data, 'validation'),
          { line },
          'mc1_targets: one label 1 and a label for each choice are needed',
        );
      }
      // The file puts the true answer first: a fixed shuffle keeps its place from being the answer.
      const order = seededRng(`truthfulqa_mc1/${index}`).shuffle(choices.map((_, place) => place));
      return {
        id: `validation/${index}`,
        category: null,
        cluster: null,
        input: {
          question: row.question,
          options: order.map((from, place) => ({ label: letter(place), text: choices[from] ?? '' })),
          measure: 'acc',
          continuation: 'text',
          shots: [],
        },
        target: { label: letter(order.indexOf(gold)) },
      };
    });
  },
  render: ({ input }, settings) => renderChoice(input, settings, { contextOf: (question) => `Q: ${question}\nA:` }),
  inLogs: { names: ['truthfulqa', 'truthful_qa_multiple_choice'], textOf: ({ input }) => input.question },
});
