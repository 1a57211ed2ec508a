import { z } from 'zod';
import { defineTask } from '../core/ports/task.ts';
import { codeMetrics } from '../metrics/support/code-metrics.ts';
import codeTests from '../scorers/code-tests.ts';
import type { CodeTarget } from '../scorers/support/code/code-sample.ts';
import { mbppSamples, plainLines, renderMbpp, testedName, type MbppInput } from './support/code/mbpp-form.ts';
import { invalidRecord, readRecords, requireDistinctIds, sourceOf } from './support/read-records.ts';

const recordSchema = z.object({
  task_id: z.int().positive(),
  text: z.string().min(1),
  code: z.string().min(1),
  test_list: z.array(z.string().min(1)).min(1),
  test_setup_code: z.string(),
});

export default defineTask<MbppInput, CodeTarget>({
  id: 'mbpp',
  title: 'MBPP: small Python functions from a sentence and three tests',
  version: 1,
  kind: 'code',
  category: 'code',
  licence: 'CC-BY-4.0',
  artefacts: [
    {
      name: 'problems',
      fileName: 'mbpp.jsonl',
      sha256: ['ccf64ceae9c5403bf50a044cb6d505bfd2a2963ee58338ba268fd65beab92a9f'],
      licence: 'CC-BY-4.0',
      hub: null,
    },
  ],
  needs: ['sandbox'],
  sampleCount: 500,
  chanceLevel: null,
  sorted: false,
  choiceModes: [],
  defaults: { fewShot: 3, maxTokens: 1024, extra: { split: 'test' } },
  goldExtra: { split: 'all' },
  dialogueBudget: null,
  references: [
    { source: 'Qwen2.5 and Qwen3 technical reports, base models', fewShot: 3, note: 'MBPP of EvalPlus, not these 500' },
  ],
  scorer: codeTests,
  metrics: codeMetrics,
  async loadSamples({ data, settings }) {
    const source = sourceOf(data, 'problems');
    const records = await readRecords(data, 'problems', recordSchema);
    requireDistinctIds(records, (row) => String(row.task_id), source);
    const problems = records.map(({ row, line }) => {
      const tests = row.test_list.map(plainLines);
      const code = plainLines(row.code);
      const entryPoint = testedName(code, tests);
      if (entryPoint === null) throw invalidRecord(source, { line }, 'test_list: calls nothing that code defines');
      const preparation = plainLines(row.test_setup_code);
      return { id: row.task_id, text: row.text, code, imports: '', preparation, tests, entryPoint };
    });
    return mbppSamples(problems, settings);
  },
  render: ({ input }) => renderMbpp(input),
});
