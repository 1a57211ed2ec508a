import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonSchema } from '../../core/json.ts';
import type { LabelledResponse } from '../../core/ports/scorer.ts';
import { goldAnswers, wrongAnswers } from './answer-renderings.ts';
import type { ChoiceInput } from './choice-sample.ts';
import { distinctText } from './distinct-text.ts';
import { goldChoiceResponses } from './gold-choice-responses.ts';
import { neighbour } from './number-forms.ts';
import type { ValueMatcher } from './tool-calling/value-matcher.ts';
import { wrongChoiceResponses } from './wrong-choice-responses.ts';
import { wrongJsonResponses } from './wrong-json-responses.ts';
import { wrongNumberResponses } from './wrong-number-responses.ts';

const texts = (responses: readonly LabelledResponse[]): Readonly<Record<string, string | null>> =>
  Object.fromEntries(responses.map(({ kind, response }) => [kind, response.text]));

describe('wrong JSON', () => {
  const wrongOf = (schema: JsonSchema, gold: JsonObject, matcher?: ValueMatcher) =>
    texts(
      wrongJsonResponses({ prompt: 'Read.', schema }, { gold, matcher: matcher ?? { kind: 'exact', value: gold } }),
    );

  it('is made of what the schema says', () => {
    const schema: JsonSchema = {
      type: 'object',
      required: ['a'],
      properties: {
        a: { type: 'string' },
        b: { type: 'string' },
        n: { type: 'integer' },
        l: { type: 'array', maxItems: 3 },
      },
    };
    const wrong = wrongOf(schema, { a: 'x', b: 'y', n: 1, l: [] });
    expect(wrong).toMatchObject({
      'wrong-value': '{"a":"xx","b":"y","n":1,"l":[]}',
      'number-as-text': '{"a":"x","b":"y","n":"1","l":[]}',
      'missing-field': '{"b":"y","n":1,"l":[]}',
      'swapped-values': '{"a":"y","b":"x","n":1,"l":[]}',
      'copied-schema': '{"a":"string","b":"string","n":1,"l":[null]}',
      'too-many-items': `{"a":"x","b":"y","n":1,"l":[${Array.from({ length: 9 }, () => '""').join(',')}]}`,
    });
  });

  it.each<[string, JsonSchema]>([
    ['none', true],
    ['one without properties', { type: 'array' }],
    ['one that says nothing of them', { properties: { a: true, b: true } }],
  ])('does without a schema where there is %s', (_, schema) => {
    const wrong = wrongOf(schema, { a: 'x', b: 'y' });
    expect(wrong['wrong-value']).toBe('{"a":"xx","b":"y"}');
    for (const kind of ['missing-field', 'swapped-values', 'bad-enum', 'too-many-items', 'copied-schema']) {
      expect(wrong).not.toHaveProperty(kind);
    }
  });

  it('leaves out a change that is none', () => {
    const schema: JsonSchema = { properties: { a: { type: 'string' }, b: { type: 'string' } } };
    expect(wrongOf(schema, { a: 'x', b: 'x' })).not.toHaveProperty('swapped-values');
    const any: ValueMatcher = {
      kind: 'object',
      members: { a: { kind: 'caseless', value: 'X' }, b: { kind: 'caseless', value: 'x' } },
    };
    expect(wrongOf(schema, { a: 'X', b: 'x' }, any)).not.toHaveProperty('swapped-values');
  });
});

describe('choices', () => {
  const input = (...options: readonly string[]): ChoiceInput => ({
    question: '',
    options: options.map((text, index) => ({ label: String.fromCharCode(65 + index), text })),
    measure: 'acc',
    continuation: 'text',
  });

  it('write each other option in another form', () => {
    const wrong = texts(wrongChoiceResponses(input('one', 'two', 'three', 'four', 'five', 'six'), 'A'));
    expect([1, 2, 3, 4, 5].map((number) => wrong[`other-option-${number}`])).toEqual([
      'B',
      '\\boxed{C}',
      '"answer": "D"',
      '**Answer:** (E)',
      'F',
    ]);
    expect(wrong).not.toHaveProperty('restated-stem');
    expect(texts(wrongChoiceResponses({ ...input('one', 'two'), question: 'Which?' }, 'A'))['restated-stem']).toBe(
      'Which?',
    );
  });

  it('with numbers for labels put them before a point, not into a word', () => {
    const { options, ...rest } = input('one', 'two');
    const numbered = { ...rest, options: options.map(({ text }, index) => ({ label: String(index + 1), text })) };
    expect(texts(wrongChoiceResponses(numbered, '1'))['label-in-word']).toBe('Answer: 1.75 m');
    expect(texts(wrongChoiceResponses(input('one', 'two'), 'A'))['label-in-word']).toBe("Answer: A's law");
  });

  it('of one option have no other', () => {
    const wrong = texts(wrongChoiceResponses(input('one'), 'A'));
    expect(wrong['other-answer-is']).toBe('The answer is Z.');
    expect(wrong).not.toHaveProperty('other-text');
    const gold = texts(goldChoiceResponses(input('one'), 'A'));
    expect(gold['revised']).toBe('The answer is A.\n\nNo, that leaves something out. The answer is A.');
    expect(gold['label-and-text']).toBe('A. one');
  });

  it('are told by a text that is only theirs', () => {
    expect(distinctText(input('red fox', 'blue cat'), 'A')).toBe('red fox');
    expect(distinctText(input('red fox', 'red'), 'A')).toBeNull();
    expect(distinctText(input('b is next', 'blue cat'), 'A')).toBeNull();
    expect(distinctText(input('pick one', 'blue cat'), 'A')).toBeNull();
    expect(distinctText(input('red fox'), 'Z')).toBeNull();
  });
});

describe('numbers', () => {
  it('have neighbours, however long they are', () => {
    expect(neighbour('0.1', 1n)).toBe('0.2');
    expect(neighbour('0.9', 1n)).toBe('1');
    expect(neighbour('1/3', 1n)).toBe('2/3');
    const long = `1${'0'.repeat(31)}`;
    expect(neighbour(long, 1n)).toBe(`1${'0'.repeat(30)}1`);
    expect(neighbour(`${long}/7`, 1n)).toBe(`1${'0'.repeat(30)}1`);
  });

  it('that are fractions stand as text in JSON', () => {
    expect(texts(wrongNumberResponses('1/3', 'How much?'))['json-wrong']).toBe(
      '{"reasoning": "not 1/3", "answer": "2/3"}',
    );
    expect(texts(wrongNumberResponses('3', 'How much?'))['json-wrong']).toBe('{"reasoning": "not 3", "answer": 4}');
  });

  it('are said in turn in three ways', () => {
    const wrong = texts(wrongNumberResponses('7', 'How much?'));
    expect([wrong['off-by-one'], wrong['one-less'], wrong['far-off'], wrong['negated']]).toEqual([
      'So the final answer is $\\boxed{8}$.',
      'The answer is 6.',
      'In total, she has 1,007.',
      'So the final answer is $\\boxed{-7}$.',
    ]);
  });
});

describe('answer lines', () => {
  const sheet = { prompt: 'Add.', value: '5', steps: ['2 + 3'], placeholder: '<number>' };

  it('think of the first wrong value before the right one', () => {
    const wrong = [{ kind: 'sum', value: '6' }];
    expect(texts(goldAnswers({ ...sheet, wrong }))['think-close-only']).toBe(
      'First guess.\nANSWER: 6\n</think>\nANSWER: 5',
    );
    expect(texts(wrongAnswers({ ...sheet, wrong }))).toMatchObject({
      sum: 'ANSWER: 6',
      'two-answers': 'ANSWER: 5\nANSWER: 6',
    });
  });

  it('have nothing beside the right value where no wrong one is known', () => {
    expect(texts(goldAnswers({ ...sheet, wrong: [] }))['think-close-only']).toBe(
      'First guess.\nANSWER: \n</think>\nANSWER: 5',
    );
    expect(texts(wrongAnswers({ ...sheet, wrong: [] }))['hedge']).toBe('ANSWER: either 5 or maybe ');
  });
});
