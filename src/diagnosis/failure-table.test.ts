import { expect, it } from 'vitest';
import { resultDocument, runDocument, sampleRecord, taskPlan } from '../../test/support/recorded-run.ts';
import { FailureTable } from './failure-table.ts';

const wrong = (sampleId: string, changes: Parameters<typeof sampleRecord>[2] = {}) =>
  sampleRecord('gsm8k', sampleId, { score: 0, code: 'answer.wrong', explanation: '41 is not 42', ...changes });

it('counts failures by task and code with blame, keeps a few examples and adds what never came', () => {
  const document = runDocument('r', [taskPlan('gsm8k')]);
  const records = [
    sampleRecord('gsm8k', 'a'),
    wrong('b', { codes: ['extract.ambiguous'] }),
    wrong('c', { codes: ['extract.ambiguous', 'answer.wrong.unit'] }),
    wrong('d'),
    wrong('e', {
      code: 'select.wrong_tool',
      response: null,
      explanation: null,
      extraction: null,
      toolCalls: [{ id: null, name: 'add', arguments: '{"x":1}' }],
    }),
    wrong('f', {
      code: 'scorer.fault',
      score: null,
      unscored: 'it broke',
      explanation: null,
      response: `${'x'.repeat(400)}\nend`,
    }),
    wrong('g', { code: 'odd', response: '' }),
  ];
  const table = new FailureTable(2);
  for (const record of records) table.add(record);
  const rows = table.rows(resultDocument(document, records, { gsm8k: { 'infra.network': 4 } }));
  expect(rows.map(({ code, blame, count, planned }) => [code, blame, count, planned])).toEqual([
    ['infra.network', 'infra', 4, 100],
    ['answer.wrong', 'model', 3, 100],
    ['scorer.fault', 'harness', 1, 100],
    ['select.wrong_tool', 'model', 1, 100],
    ['odd', null, 1, 100],
  ]);
  expect(rows[0]).toMatchObject({ examples: [], alsoCodes: {}, meaning: 'never came: the request failed' });
  expect(rows[1]).toMatchObject({
    alsoCodes: { 'extract.ambiguous': 2, 'answer.wrong.unit': 1 },
    examples: [
      { sampleId: 'b', explanation: '41 is not 42', extracted: '42' },
      { sampleId: 'c', explanation: '41 is not 42', extracted: '42' },
    ],
  });
  expect(rows[2]?.examples[0]).toEqual({
    sampleId: 'f',
    epoch: 0,
    explanation: 'it broke',
    extracted: '42',
    answer: `${'x'.repeat(144)} … ${'x'.repeat(92)} ⏎ end`,
  });
  expect(rows[3]?.examples[0]).toMatchObject({ answer: 'add({"x":1})', extracted: null });
  expect(rows[4]?.examples[0]?.answer).toBe('');
});

it('has what never came of a task of which nothing came', () => {
  const document = runDocument('r', [taskPlan('gsm8k')]);
  const result = resultDocument(document, [], { gsm8k: { 'infra.network': 4, 'infra.timeout': 9 } });
  expect(new FailureTable(2).rows(result).map(({ code, count, examples }) => [code, count, examples])).toEqual([
    ['infra.timeout', 9, []],
    ['infra.network', 4, []],
  ]);
});
