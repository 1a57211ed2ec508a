import { describe, expect, it } from 'vitest';
import { evalplusResultsSchema, evalplusSamples, evalplusSampleSchema } from './evalplus-rows.ts';
import { evalscopeSamples, predictionSchema, reviewSchema } from './evalscope-rows.ts';
import { inspectSample, inspectSampleSchema } from './inspect-sample.ts';

const placed = <Row>(rows: readonly Row[]) => rows.map((row, index) => ({ row, where: `line ${index + 1}` }));

describe('samples of Inspect', () => {
  const sample = (changes: object = {}) =>
    inspectSample(
      inspectSampleSchema.parse({
        id: 'HumanEval/3',
        epoch: 2,
        input: 'Ask',
        target: ['7', 'seven'],
        messages: [
          { role: 'user', content: 'Ask' },
          { role: 'assistant', content: '7' },
        ],
        output: {
          choices: [{ message: { role: 'assistant', content: '7' }, stop_reason: 'max_tokens' }],
          usage: { input_tokens: 5, output_tokens: 2, reasoning_tokens: 1 },
          time: 1.5,
        },
        scores: { match: { value: 'C', answer: '7' } },
        ...changes,
      }),
      'log.eval',
    );

  it('count epochs from 0 and keep times, tokens and ends', () => {
    expect(sample()).toMatchObject({
      where: 'sample HumanEval/3, epoch 2, of log.eval',
      ids: ['HumanEval/3'],
      epoch: 1,
      target: '7',
      failure: null,
      answer: {
        request: { kind: 'chat', messages: [{ role: 'user', content: 'Ask' }] },
        response: '7',
        finishReason: 'length',
        usage: { promptTokens: 5, completionTokens: 2, reasoningTokens: 1, cachedPromptTokens: null },
        timings: { startedAt: null, latencyMs: 1500, timeToFirstTokenMs: null },
      },
      verdicts: [{ metric: 'match', measure: null, score: 1, extracted: '7' }],
    });
  });

  it('find long texts in the attachments, and thinking apart from the answer', () => {
    const content = [
      { type: 'reasoning', reasoning: 'attachment://a' },
      { type: 'text', text: 'attachment://b' },
      { type: 'image', image: 'data:' },
    ];
    const { answer, question } = sample({
      input: [{ role: 'user', content: 'attachment://q' }],
      output: { choices: [{ message: { role: 'assistant', content } }] },
      attachments: { a: 'I think', b: 'It is 7.', q: 'How many?' },
    });
    expect([question, answer.reasoning, answer.response, answer.finishReason]).toEqual([
      'How many?',
      'I think',
      'It is 7.',
      'unknown',
    ]);
  });

  it('give no answer where the sample failed, and calls as text', () => {
    const call = { id: 'c1', function: 'add', arguments: { a: 1 } };
    const message = { role: 'assistant', content: null, tool_calls: [call] };
    expect(sample({ output: { choices: [{ message, stop_reason: 'tool_calls' }] } }).answer).toMatchObject({
      response: null,
      toolCalls: [{ id: 'c1', name: 'add', arguments: '{"a":1}' }],
      finishReason: 'tool_calls',
    });
    const failed = sample({ output: {}, scores: null, error: { message: 'the server is gone' } });
    expect([failed.failure, failed.answer.finishReason, failed.verdicts]).toEqual([
      'Inspect: the server is gone',
      'error',
      [],
    ]);
  });

  it('read every form of a verdict', () => {
    const scoreOf = (value: unknown) =>
      sample({ scores: { x: { value } } }).verdicts.map(({ metric, measure, score }) => [metric, measure, score]);
    expect(scoreOf('I')).toEqual([['x', null, 0]]);
    expect(scoreOf('P')).toEqual([['x', null, 0.5]]);
    expect(scoreOf(0.25)).toEqual([['x', null, 0.25]]);
    expect(scoreOf(true)).toEqual([['x', null, 1]]);
    expect(scoreOf('maybe')).toEqual([['x', null, null]]);
    expect(scoreOf({ prompt_level_strict: true, num_instructions: 3 })).toEqual([
      ['prompt_level_strict', 'prompt_strict', 1],
    ]);
  });
});

describe('rows of EvalScope', () => {
  const prediction = (index: number, changes: object = {}) =>
    predictionSchema.parse({
      index,
      model: 'qwen-plus',
      model_output: {
        choices: [
          {
            message: { role: 'assistant', content: [{ type: 'text', text: `answer ${index}` }] },
            stop_reason: 'max_tokens',
          },
        ],
      },
      messages: [{ role: 'user', content: 'Ask' }],
      ...changes,
    });
  const review = (index: number, group: number, value: object) =>
    reviewSchema.parse({ index, sample_score: { group_id: group, score: { value, extracted_prediction: '7' } } });

  it('are put in order, repeats of a question as its epochs, with their verdicts', () => {
    const samples = evalscopeSamples(
      placed([prediction(2), prediction(0), prediction(1)]),
      placed([review(1, 0, { acc: 0 }), review(0, 0, { acc: true }), review(2, 5, { acc: 1 })]),
    );
    expect(samples.map(({ answer, epoch, verdicts }) => [answer.response, epoch, verdicts[0]?.score])).toEqual([
      ['answer 0', 0, 1],
      ['answer 1', 1, 0],
      ['answer 2', 0, 1],
    ]);
    expect(samples[0]?.answer).toMatchObject({ finishReason: 'length', usage: { promptTokens: null } });
  });

  it('tell a failed request from an answer, and need no reviews', () => {
    const failed = prediction(0, { model_output: { choices: [], error: 'rate limit' } });
    expect(evalscopeSamples(placed([failed]), [])).toMatchObject([
      { failure: 'EvalScope: rate limit', answer: { response: null, finishReason: 'error' }, verdicts: [] },
    ]);
  });
});

describe('rows of EvalPlus', () => {
  const samples = (rows: readonly object[], results: object | null = null) =>
    evalplusSamples(
      placed(rows.map((row) => evalplusSampleSchema.parse(row))),
      results === null ? null : evalplusResultsSchema.parse(results),
    );
  const one = { task_id: 'HumanEval/0', solution: 'a' };

  it('are answers to both benchmarks, with base and base and plus as verdicts', () => {
    const verdict = { base_status: 'pass', plus_status: 'fail', plus_fail_tests: [[1, 2]] };
    const tasks = samples([one, { task_id: 'HumanEval/0', completion: 'b' }], {
      eval: { 'HumanEval/0': [verdict, verdict] },
    });
    expect(
      tasks.map(({ name, samples: all }) => [
        name,
        all.map(({ epoch, answer, verdicts }) => [epoch, answer.response, verdicts[0]?.score]),
      ]),
    ).toEqual([
      [
        'humaneval',
        [
          [0, 'a', 1],
          [1, 'b', 1],
        ],
      ],
      [
        'humaneval_plus',
        [
          [0, 'a', 0],
          [1, 'b', 0],
        ],
      ],
    ]);
    expect(tasks[1]?.samples[0]?.verdicts[0]?.how).toMatch(/^base pass, plus fail, on the arguments \[1,2\]/);
  });

  it('are answers to the base tests alone where no others ran, and without verdicts where none are there', () => {
    const base = { eval: { 'HumanEval/0': [{ base_status: 'timeout', plus_status: null }] } };
    expect(samples([one], base).map(({ name }) => name)).toEqual(['humaneval']);
    expect(samples([one], base)[0]?.samples[0]?.verdicts[0]?.score).toBe(0);
    expect(samples([one]).map(({ name, samples: all }) => [name, all[0]?.verdicts])).toEqual([
      ['humaneval', []],
      ['humaneval_plus', []],
    ]);
    expect(samples([{ task_id: 'Mbpp/2', solution: 'a' }]).map(({ name }) => name)).toEqual(['mbpp_plus']);
    expect(() => samples([{ task_id: 'HumanEval/0' }])).toThrow('a solution or a completion is needed');
  });
});
