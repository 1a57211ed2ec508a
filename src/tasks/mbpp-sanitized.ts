import { z } from 'zod';
import { defineTask } from '../core/ports/task.ts';
import { codeMetrics } from '../metrics/support/code-metrics.ts';
import codeTests from '../scorers/code-tests.ts';
import type { CodeTarget } from '../scorers/support/code/code-sample.ts';
import { mbppSamples, plainLines, renderMbpp, testedName, type MbppInput } from './support/code/mbpp-form.ts';
import { invalidRecord, parseRecord, requireDistinctIds, sourceOf } from './support/read-records.ts';

const recordSchema = z.object({
  task_id: z.int().positive(),
  prompt: z.string().min(1),
  code: z.string().min(1),
  test_imports: z.array(z.string()),
  test_list: z.array(z.string().min(1)).min(1),
});

export default defineTask<MbppInput, CodeTarget>({
  id: 'mbpp_sanitized',
  title: 'MBPP sanitized: the problems of MBPP that its authors checked',
  version: 1,
  kind: 'code',
  category: 'code',
  licence: 'CC-BY-4.0',
  artefacts: [
    {
      name: 'problems',
      fileName: 'sanitized-mbpp.json',
      sha256: ['ca95deaa9a01ef0a6f439f88bcf0dd3db3563d22f22aad6cae04ebb9a8d8c8e9'],
      licence: 'CC-BY-4.0',
      hub: null,
    },
  ],
  needs: ['sandbox'],
  sampleCount: 257,
  chanceLevel: null,
  sorted: false,
  choiceModes: [],
  defaults: { fewShot: 3, maxTokens: 1024, extra: { split: 'test' } },
  goldExtra: { split: 'all' },
  dialogueBudget: null,
  references: [],
  scorer: codeTests,
  metrics: codeMetrics,
  async loadSamples({ data, settings }) {
    const source = sourceOf(data, 'problems');
    const rows = parseRecord(z.array(z.unknown()).min(1), await data.json('problems'), { source, line: 1 });
    const records = rows.map((value, index) => {
      const place = { source, line: index + 1, unit: 'record' };
      return { row: parseRecord(recordSchema, value, place), line: place.line };
    });
    requireDistinctIds(records, (row) => String(row.task_id), source);
    const problems = records.map(({ row, line }) => {
      const tests = row.test_list.map(plainLines);
      const code = plainLines(row.code);
      const entryPoint = testedName(code, tests);
      if (entryPoint === null) {
        throw invalidRecord(source, { line, unit: 'record' }, 'test_list: calls nothing that code defines');
      }
      const imports = row.test_imports.join('\n');
      return { id: row.task_id, text: row.prompt, code, imports, preparation: '', tests, entryPoint };
    });
    return mbppSamples(problems, settings);
  },
  render: ({ input }) => renderMbpp(input),
});
