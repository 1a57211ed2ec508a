import { z } from 'zod';
import type { RenderedPrompt } from '../core/ports/task.ts';
import { defineTask } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { choiceMetrics } from '../metrics/support/choice-metrics.ts';
import choice from '../scorers/choice.ts';
import type { ChoiceTarget } from '../scorers/support/choice-sample.ts';
import { invalidRecord, readRecords, sourceOf } from './support/read-records.ts';
import { refuseShots } from './support/refuse-shots.ts';
import { renderChoice, type ChoiceTaskInput } from './support/render-choice.ts';

const recordSchema = z.object({
  sentence: z.string().min(1),
  option1: z.string().min(1),
  option2: z.string().min(1),
  answer: z.enum(['1', '2']),
});

type Row = z.infer<typeof recordSchema>;

const asked = 'Which option fills the blank (_) in this sentence?';
const questionOf = (sentence: string): string => `${asked}\n${sentence}`;
const sentenceOf = (question: string): string => question.slice(asked.length + 1);

const pairOf = (row: Row): string =>
  [row.option1, row.option2]
    .map((option) => option.toLowerCase())
    .sort()
    .join(' / ');

/**
 * Partial evaluation: the rest of the sentence is scored after each option. One context serves both, because
 * log P(rest | option) = log P(option and rest) − log P(option).
 */
function renderPartial(input: ChoiceTaskInput): RenderedPrompt {
  const [before = '', after = ''] = sentenceOf(input.question).split('_');
  const fillings = input.options.map(({ text }) => ` ${text}`);
  return {
    kind: 'continuations',
    context: before.trimEnd(),
    continuations: [...fillings.map((filling) => `${filling}${after}`), ...fillings],
  };
}

export default defineTask<ChoiceTaskInput, ChoiceTarget>({
  id: 'winogrande',
  title: 'WinoGrande: which of two fills the blank',
  version: 1,
  kind: 'choice',
  category: 'commonsense',
  licence: 'CC-BY',
  artefacts: [
    {
      name: 'validation',
      fileName: 'winogrande_val.jsonl',
      sha256: ['3305f13796b756485a1c21224265d6915085ad349e50be78138c091fedc7eeaf'],
      licence: 'CC-BY',
      hub: null,
    },
  ],
  needs: [],
  sampleCount: 1267,
  chanceLevel: 0.5,
  sorted: false,
  choiceModes: ['generative', 'loglikelihood'],
  defaults: { fewShot: 0, maxTokens: 2048 },
  dialogueBudget: null,
  references: [{ source: 'Qwen2.5 technical report, base models', fewShot: 5, note: '5-shot partial evaluation' }],
  scorer: choice,
  metrics: choiceMetrics,
  async loadSamples({ data, settings }) {
    refuseShots('winogrande', settings);
    const records = await readRecords(data, 'validation', recordSchema);
    let [previous, cluster] = ['', ''];
    return records.map(({ row, line }, index): Sample<ChoiceTaskInput, ChoiceTarget> => {
      if (row.sentence.split('_').length !== 2 || row.sentence.trimStart().startsWith('_')) {
        throw invalidRecord(
          sourceOf(data, 'validation'),
          { line },
          'sentence: one blank (_) behind its beginning is needed',
        );
      }
      // Sentences come in twins that differ in a word or two and stand side by side.
      const pair = pairOf(row);
      if (pair !== previous) cluster = `validation/${index}`;
      previous = pair;
      return {
        id: `validation/${index}`,
        category: null,
        cluster,
        input: {
          question: questionOf(row.sentence),
          options: [
            { label: '1', text: row.option1 },
            { label: '2', text: row.option2 },
          ],
          measure: 'acc',
          continuation: 'rest',
          shots: [],
        },
        target: { label: row.answer },
      };
    });
  },
  render: ({ input }, settings) =>
    settings.choiceMode === 'loglikelihood' ? renderPartial(input) : renderChoice(input, settings),
  inLogs: { names: ['winogrande_xl', 'winogrande_winogrande_xl'], textOf: ({ input }) => sentenceOf(input.question) },
});
