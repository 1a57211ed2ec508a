import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../test/support/task-settings.ts';
import { unknownUsage } from '../../core/generation.ts';
import { textResponse } from '../../text/assistant-turn.ts';
import choice from '../choice.ts';
import exactMatch from '../exact-match.ts';
import numericAnswer from '../numeric-answer.ts';
import { answerBody } from './answer-body.ts';
import { extractionFault, isCut, responseFaults, saysNothing } from './response-faults.ts';
import { missed } from './scored.ts';

type Raw = Parameters<typeof textResponse>[1];

const call = { id: '1', name: 'add', arguments: '{}' };

describe('faults of a response', () => {
  it.each<[string, string | null, Raw, readonly string[]]>([
    ['an answer', 'It is 5.', {}, []],
    ['nothing', '', {}, ['gen.empty']],
    ['null', null, {}, ['gen.empty']],
    ['a call alone', null, { toolCalls: [call] }, []],
    ['thinking alone', '', { reasoning: 'Hm.' }, ['gen.empty_after_think']],
    ['blank thinking alone', '', { reasoning: ' ' }, ['gen.empty']],
    ['a loop', 'and so on '.repeat(40), {}, ['gen.repetition']],
    ['a loop in thinking', '', { reasoning: 'and so on '.repeat(40) }, ['gen.repetition', 'gen.empty_after_think']],
    ['a filter', 'It is', { finishReason: 'content_filter' }, ['gen.filtered']],
    ['marks of a template', 'It is 5.<|im_end|>', {}, ['format_mismatch.template']],
    ['thinking under a heading', 'Thinking Process: it is 5.\n\n5', {}, ['format_mismatch.think_leak']],
    ['a cut', 'It is', { finishReason: 'length' }, ['gen.truncated']],
    ['a cut in code', '```\nIt is', { finishReason: 'length' }, ['gen.truncated.in_code']],
    ['a cut behind code', '```\nx\n```\nIt is', { finishReason: 'length' }, ['gen.truncated']],
    [
      'a cut in thinking',
      '<think>\nIt is',
      { finishReason: 'length' },
      ['gen.truncated.in_think', 'gen.empty_after_think'],
    ],
  ])('%s', (_, text, raw, codes) => {
    const response = textResponse(text, raw);
    expect(responseFaults(response).map(({ code }) => code)).toEqual(codes);
    expect(saysNothing(response)).toBe(codes.some((code) => code.startsWith('gen.empty')));
  });

  it('say after how many tokens a cut came, where that is known', () => {
    const usage = { ...unknownUsage, completionTokens: 12 };
    const told = (raw: Raw) =>
      responseFaults(textResponse('It is', { finishReason: 'length', ...raw }))[0]?.explanation;
    expect(told({})).toBe('Generation stopped at the token limit.');
    expect(told({ usage })).toBe('Generation stopped at the token limit, after 12 tokens.');
  });

  it('find a limit that the server did not own up to', () => {
    const of = (completionTokens: number | null, raw: Raw = {}) =>
      isCut(textResponse('x', { ...raw, usage: { ...unknownUsage, completionTokens } }), 12);
    expect([of(11), of(12), of(null), of(12, { finishReason: 'tool_calls' })]).toEqual([false, true, false, false]);
    expect(isCut(textResponse('x'))).toBe(false);
  });

  it('of an answer that gives nothing to take are one', () => {
    const code = (text: string, isAmbiguous: boolean) =>
      extractionFault(textResponse(text), isAmbiguous, 'number').code;
    expect(code('5 or 6', true)).toBe('extract.ambiguous');
    expect(code("I'm sorry, but I can't help with that.", false)).toBe('gen.refused');
    expect(code('Hm.', false)).toBe('extract.no_answer');
  });
});

describe('a miss', () => {
  it('has the explanation of its first fault', () => {
    const fault = { code: 'answer.wrong', explanation: 'It is wrong.' } as const;
    expect(missed(null, [fault, { ...fault, code: 'gen.empty' }])).toMatchObject({
      score: 0,
      codes: ['answer.wrong', 'gen.empty'],
      explanation: 'It is wrong.',
    });
    expect(missed(null, [])).toMatchObject({ codes: [], explanation: null });
  });

  // A call says something, so that the response is not empty; there is no answer in it all the same.
  it('by a call without a text is that there is no answer', () => {
    const response = textResponse(null, { toolCalls: [call] });
    const at = { id: 'x', category: null, cluster: null };
    const services = { sandbox: null, judge: null };
    const options = [
      { label: 'A', text: 'one' },
      { label: 'B', text: 'two' },
    ];
    const choiceInput = { question: 'Which?', options, measure: 'acc', continuation: 'text' } as const;
    const outcomes = [
      numericAnswer.score(
        {
          sample: { ...at, input: { question: 'How much?' }, target: { value: '5' } },
          response,
          settings: defaultSettings,
        },
        services,
      ),
      choice.score(
        { sample: { ...at, input: choiceInput, target: { label: 'A' } }, response, settings: defaultSettings },
        services,
      ),
      exactMatch.score(
        {
          sample: {
            ...at,
            input: { question: 'Sort.', shape: { kind: 'words', words: ['a', 'b'] } },
            target: { value: 'a b' },
          },
          response,
          settings: defaultSettings,
        },
        services,
      ),
    ];
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        score: 0,
        codes: ['extract.no_answer'],
        explanation: expect.stringMatching(/^No .* was found in the response\.$/),
      });
    }
  });
});

describe('the body of an answer', () => {
  it.each([
    ['It is 5.', 'It is 5.'],
    ['a <| b', 'a <| b'],
    ['a </span> b', 'a </span> b'],
    ['It is 5.<|im_end|>\n<|im_start|>user', 'It is 5.'],
    ['It is 5.</s> 6', 'It is 5.'],
  ])('of %j is %j', (answer, body) => {
    expect(answerBody(answer)).toBe(body);
  });
});
