import { describe, expect, it } from 'vitest';
import { lmEvalRowSchema, lmEvalSamples } from './lm-eval-rows.ts';

const rowsOf = (rows: readonly object[]) =>
  rows.map((row, index) => ({ row: lmEvalRowSchema.parse(row), where: `line ${index + 1}` }));

const generated = (changes: object = {}) => ({
  doc_id: 3,
  doc: { question: 'How many?', answer: '#### 18' },
  target: '18',
  arguments: { gen_args_0: { arg_0: 'Question: How many?', arg_1: { until: ['\n\n'], max_gen_toks: 256 } } },
  resps: [['It is 18.']],
  filtered_resps: ['18'],
  filter: 'flexible-extract',
  exact_match: 1,
  ...changes,
});

describe('rows of lm-evaluation-harness', () => {
  it('are one answer with a verdict of each filter', () => {
    const rows = rowsOf([
      generated(),
      generated({ filter: 'strict-match', filtered_resps: ['[invalid]'], exact_match: 0 }),
      generated({ doc_id: 4 }),
    ]);
    const [first, second, ...rest] = lmEvalSamples(rows);
    expect(rest).toEqual([]);
    expect(second?.index).toBe(4);
    expect(first).toMatchObject({
      where: 'line 1',
      index: 3,
      question: 'How many?',
      target: '18',
      epoch: 0,
      maxTokens: 256,
      options: null,
      answer: { response: 'It is 18.', finishReason: 'unknown', continuations: null },
    });
    expect(first?.verdicts.map(({ metric, score, extracted, rules }) => [metric, score, extracted, rules])).toEqual([
      ['exact_match,flexible-extract', 1, '18', 'lm-eval:flexible-extract'],
      ['exact_match,strict-match', 0, '[invalid]', 'lm-eval:strict-match'],
    ]);
  });

  it('are an answer each where a question was asked several times, without a verdict on any', () => {
    const samples = lmEvalSamples(rowsOf([generated({ resps: [['a', 'b', 'c']] })]));
    expect(samples.map(({ epoch, answer, verdicts }) => [epoch, answer.response, verdicts])).toEqual([
      [0, 'a', []],
      [1, 'b', []],
      [2, 'c', []],
    ]);
  });

  it('keep a conversation as messages, and take what stands in no form as one', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'How many?' },
    ];
    const promptOf = (prompt: unknown) =>
      lmEvalSamples(rowsOf([generated({ arguments: [[prompt, {}]] })]))[0]?.answer.request;
    expect(promptOf(JSON.stringify(messages))).toEqual({ kind: 'chat', messages });
    expect(promptOf('[not a conversation')).toEqual({
      kind: 'chat',
      messages: [{ role: 'user', content: '[not a conversation' }],
    });
  });

  const scored = (changes: object = {}) => ({
    doc_id: 0,
    doc: { query: 'A man' },
    target: '1',
    arguments: [
      ['A man', ' runs'],
      ['A man', ' flies'],
    ],
    resps: [[['-3.5', 'False']], [[-2.25, true]]],
    acc: 1,
    acc_norm: 0,
    ...changes,
  });

  it('are continuations where options were scored, as numbers or as text', () => {
    const [sample] = lmEvalSamples(rowsOf([scored()]));
    expect(sample).toMatchObject({
      options: ['runs', 'flies'],
      answer: {
        request: { kind: 'continuations', context: 'A man', continuations: [' runs', ' flies'] },
        response: null,
        continuations: [
          { text: ' runs', logProbability: -3.5, isGreedy: false, tokenCount: null },
          { text: ' flies', logProbability: -2.25, isGreedy: true, tokenCount: null },
        ],
      },
    });
    expect(sample?.verdicts.map(({ metric, measure, score }) => [metric, measure, score])).toEqual([
      ['acc', 'acc', 1],
      ['acc_norm', 'acc_norm', 0],
    ]);
  });

  it('leave options out that were scored without the question, and keep partial ones whole', () => {
    const mutual = scored({
      arguments: [
        ['A man', ' runs'],
        ['A man', ' flies'],
        ['', ' runs'],
        ['', ' flies'],
      ],
      resps: [[['-3', 'False']], [['-2', 'False']], [['-9', 'False']], [['-8', 'False']]],
    });
    expect(lmEvalSamples(rowsOf([mutual]))[0]?.answer.continuations).toHaveLength(2);
    const partial = scored({
      arguments: [
        ['Ann thanked Ann', ' for help.'],
        ['Ann thanked Bea', ' for help.'],
      ],
    });
    expect(lmEvalSamples(rowsOf([partial]))[0]?.options).toEqual([
      'Ann thanked Ann for help.',
      'Ann thanked Bea for help.',
    ]);
  });

  it('keep a log-probability that is no number as unknown', () => {
    const [sample] = lmEvalSamples(rowsOf([scored({ resps: [[['-inf', 'False']], [['-Infinity', 'False']]] })]));
    expect(sample?.answer.continuations ?? 'none').toEqual('none');
    const [infinite] = lmEvalSamples(rowsOf([scored({ resps: [[['-Infinity', 'False']], [['-2', 'False']]] })]));
    expect(infinite?.answer.continuations?.map(({ logProbability }) => logProbability)).toEqual([null, -2]);
  });
});
