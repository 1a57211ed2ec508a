import { z } from 'zod';
import type { DatasetReader } from '../core/ports/dataset.ts';
import { defineTask } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import accuracy from '../metrics/accuracy.ts';
import numericAnswer, { type NumericTarget } from '../scorers/numeric-answer.ts';
import { canonicalDecimal } from '../text/numeral.ts';
import { renderWordProblem, type WordProblem, type WorkedExample } from './support/boxed-math.ts';
import { drawShots } from './support/draw-shots.ts';
import { invalidRecord, readRecords, sourceOf } from './support/read-records.ts';

const recordSchema = z.object({ question: z.string().min(1), answer: z.string().min(1) });

/** Takes the worked solution and the gold number (behind `####`) of each record apart. */
async function readExamples(data: DatasetReader, name: string): Promise<readonly WorkedExample[]> {
  const records = await readRecords(data, name, recordSchema);
  return records.map(({ row, line }) => {
    const [solution = '', gold, ...rest] = row.answer.split('####');
    const answer = gold === undefined ? null : canonicalDecimal(gold.replaceAll(/[,\s$]/g, ''));
    if (answer === null || rest.length > 0) {
      throw invalidRecord(sourceOf(data, name), { line }, 'answer: holds no single number behind ####');
    }
    // Calculator annotations (<<16-3=13>>) are for training, not for reading.
    return { question: row.question, solution: solution.replaceAll(/<<[^<>]*>>/g, '').trim(), answer };
  });
}

export default defineTask<WordProblem, NumericTarget>({
  id: 'gsm8k',
  title: 'GSM8K: grade-school mathematics word problems',
  version: 1,
  kind: 'text',
  category: 'math',
  licence: 'MIT',
  artefacts: [
    {
      name: 'test',
      fileName: 'gsm8k-test.jsonl',
      sha256: ['3730d312f6e3440559ace48831e51066acaca737f6eabec99bccb9e4b3c39d14'],
      licence: 'MIT',
      hub: null,
    },
    {
      name: 'train',
      fileName: 'gsm8k-train.jsonl',
      sha256: ['17f347dc51477c50d4efb83959dbb7c56297aba886e5544ee2aaed3024813465'],
      licence: 'MIT',
      hub: null,
      optional: true,
    },
  ],
  needs: [],
  sampleCount: 1319,
  chanceLevel: null,
  sorted: false,
  choiceModes: [],
  defaults: { fewShot: 0, maxTokens: 2048 },
  dialogueBudget: null,
  references: [
    { source: 'Qwen2.5 and Qwen3 technical reports, base models', fewShot: 4, note: '4-shot chain of thought' },
    { source: 'Qwen2.5 blog, instruct models', fewShot: null, note: 'shots and decoding are not stated' },
  ],
  scorer: numericAnswer,
  metrics: [accuracy],
  async loadSamples({ data, settings }) {
    const problems = await readExamples(data, 'test');
    const pool = settings.fewShot > 0 ? await readExamples(data, 'train') : [];
    const shots = drawShots(pool, { count: settings.fewShot, seed: settings.seed });
    return problems.map(({ question, answer }, index): Sample<WordProblem, NumericTarget> => ({
      id: `test/${index}`,
      category: null,
      cluster: null,
      input: { question, shots },
      target: { value: answer },
    }));
  },
  render: ({ input }) => renderWordProblem(input),
  inLogs: {
    names: ['gsm8k_main', 'gsm8k_cot', 'gsm8k_cot_zeroshot', 'gsm8k_cot_llama', 'gsm8k_platinum_cot'],
    textOf: ({ input }) => input.question,
  },
});
