import { describe, expect, it } from 'vitest';
import { extractNumber } from './number-answer.ts';

const cases: readonly (readonly [response: string, value: string | null, method: string | null])[] = [
  ['18', '18', 'last_number'],
  ['18.', '18', 'last_number'],
  ['$18.00', '18', 'last_number'],
  ['$1,234.50', '1234.5', 'last_number'],
  ['So she makes $18 every day.', '18', 'last_number'],
  ['18 dollars per day...', '18', 'last_number'],
  ['The answer is 18km', '18', 'answer_phrase'],
  ['The answer is 18%.', '18', 'answer_phrase'],
  ['ANSWER:18', '18', 'answer_phrase'],
  ['ANSWER: $1,234', '1234', 'answer_phrase'],
  ['**Answer:** 18', '18', 'answer_phrase'],
  ['**Final Answer**: **18** eggs', '18', 'answer_phrase'],
  ['### Final Answer\n\n18', '18', 'answer_phrase'],
  ['The final answer is:\n\n$$18$$', '18', 'answer_phrase'],
  ['The final answer is:\n\\[\n18\n\\]', '18', 'answer_phrase'],
  ['The answer is that Janet makes $18 per day (9 eggs).', '18', 'answer_phrase'],
  ['The answer is 9 * 2 = 18.', '18', 'answer_phrase'],
  ['The answer is $9 \\times 2 = 18$ dollars.', '18', 'answer_phrase'],
  ['The answer is 18 because 16 - 3 - 4 = 9.', '18', 'answer_phrase'],
  ['The answer is obtained by multiplying 9 by 2, giving 18.', '18', 'answer_phrase'],
  ['The answer is not 18.', null, null],
  ['It was not 17, it was 18.', '18', 'last_number'],
  ['The answer is 17 or 18.', null, 'answer_phrase'],
  ['答案是18。', '18', 'answer_phrase'],
  ['答案：-18', '-18', 'answer_phrase'],
  ['Answer: Janet sells 16 - 3 - 4 = 9 eggs.\nShe makes 9 * 2 = 18', '18', 'last_number'],
  ['Answer: 18\n\nExplanation: 16 - 3 - 4 = 9', '18', 'answer_phrase'],
  ['#### 18', '18', 'hashes'],
  ['blah 9*2\n#### $1,234', '1234', 'hashes'],
  ['#### 3. Calculate the rest\nSo it is 18', '18', 'last_number'],
  ['#### Step 1: 5 eggs\n18', '18', 'last_number'],
  ['\\boxed{18}', '18', 'boxed'],
  ['$$\n\\boxed{18}\n$$', '18', 'boxed'],
  ['\\boxed{1,234}', '1234', 'boxed'],
  ['\\boxed{1{,}234}', '1234', 'boxed'],
  ['\\boxed{1\\,234}', '1234', 'boxed'],
  ['\\boxed{1 234}', '1234', 'boxed'],
  ['\\boxed{1\u202f234}', '1234', 'boxed'],
  ['\\boxed{\\$18.00}', '18', 'boxed'],
  ['\\boxed{18\\%}', '18', 'boxed'],
  ['\\boxed{18 \\text{ eggs}}', '18', 'boxed'],
  ['\\boxed{\\text{18 eggs}}', '18', 'boxed'],
  ['\\boxed{\\textbf{18}}', '18', 'boxed'],
  ['\\boxed{x = 18}', '18', 'boxed'],
  ['\\boxed{9 \\times 2 = 18}', '18', 'boxed'],
  ['\\boxed{9 \\times 2}', null, 'boxed'],
  ['\\boxed{\\frac{3}{4}}', '0.75', 'boxed'],
  ['\\boxed{-\\dfrac{6}{7}}', '-6/7', 'boxed'],
  ['\\boxed{\\frac34}', '0.75', 'boxed'],
  ['\\boxed{1\\frac{1}{2}}', '1.5', 'boxed'],
  ['\\boxed{18 \\text{ m}^2}', '18', 'boxed'],
  ['\\boxed{18^\\circ}', '18', 'boxed'],
  ['\\boxed{2^{3}}', null, 'boxed'],
  ['\\boxed{-18}', '-18', 'boxed'],
  ['\\boxed{- 18}', '-18', 'boxed'],
  ['\\boxed{\u221218}', '-18', 'boxed'],
  ['\\boxed{-\\$18}', '-18', 'boxed'],
  ['\\boxed{17} or \\boxed{18}', null, 'boxed'],
  ['First \\boxed{9}. Then, doubling it gives \\boxed{18}.', '18', 'boxed'],
  ['The mass is \\(\\boxed{89}\\). The choice is \\boxed{C}.', '89', 'boxed'],
  ['Put it in \\boxed{}. I get \\boxed{18}', '18', 'boxed'],
  ['\\boxed{18', '18', 'last_number'],
  ['\\boxed 18', '18', 'boxed'],
  ['\\boxed{\\boxed{18}}', '18', 'boxed'],
  ['\\boxed{1,23}', null, 'boxed'],
  ['```json\n{"answer": 18}\n```', '18', 'json_answer'],
  ['{"reasoning": "9*2", "answer": "$18.00"}', '18', 'json_answer'],
  ["{'final_answer': '18 eggs'}", '18', 'json_answer'],
  ['The total is **$18** from 9 eggs.', '18', 'bold'],
  ['- 16 eggs\n- 9 left\n- **18** dollars', '18', 'bold'],
  ['The loss is -18', '-18', 'last_number'],
  ['The loss is -$18', '-18', 'last_number'],
  ['The loss is $-18', '-18', 'last_number'],
  ['16-3', '3', 'last_number'],
  ['Between 5-18', '18', 'last_number'],
  ['= 16 - 3 = 13', '13', 'last_number'],
  ['minus 18', '-18', 'last_number'],
  ['20 minus 18', '18', 'last_number'],
  ['It is 3/4', '0.75', 'last_number'],
  ['It is $\\frac{3}{4}$', '0.75', 'last_number'],
  ['x2 = 18', '18', 'last_number'],
  ['Rs.500', '500', 'last_number'],
  ['$1.5 million', '1500000', 'last_number'],
  ['18 \\text{ million}', '18000000', 'last_number'],
  ['1. first\n2. second\nIt is 18\n3. done', '18', 'last_number'],
  ['1.234.567', null, 'last_number'],
  ['1,23,456', '123456', 'last_number'],
  ['1,234,56', null, 'last_number'],
  ['17, 18, or 19', null, 'last_number'],
  ['17 or 18', null, 'last_number'],
  ['3 100 gram bags', '3100', 'last_number'],
  ['The answer is 17.\n\nNote: 18 is what others get.', '17', 'answer_phrase'],
  ['The answer is 17.\n\nNote: the answer is 18 for others.', '17', 'answer_phrase'],
  ['\\boxed{17}\n\n(Note that \\boxed{18} would be wrong.)', '17', 'boxed'],
  ['So she makes 17.\n\nNote: 18 was the price.', '17', 'last_number'],
  ['So she makes 17 (it would be 18 if she sold all).', '17', 'last_number'],
  ['She has 9.\n\nNote that each costs 2. So she makes 18.', '18', 'last_number'],
  ['Note: eggs cost 2.\n\nShe makes 18.', '18', 'last_number'],
  ['１８', '18', 'last_number'],
  ['0018', '18', 'last_number'],
  ['-0.0', '0', 'last_number'],
  ['', null, null],
  ['I cannot help with that.', null, null],
  ['007.50', '7.5', 'last_number'],
  ['ANSWER: 3 1/2', '3.5', 'answer_phrase'],
  ['The answer is 18\n\nAnswer: 17', '17', 'answer_phrase'],
];

describe('extractNumber', () => {
  it.each<[response: string, value: string | null, method: string | null]>([
    ['Answer: 18', null, null],
    ['Answer: 18 eggs\nand more', '18', 'answer_phrase'],
    ['The answer is 18 eggs', '18', 'answer_phrase'],
    ['#### 18', null, null],
    ['#### 18\nas', '18', 'hashes'],
    ['**18** is what', null, null],
    ['So it is 18', null, null],
    ['\\boxed{18} as', '18', 'boxed'],
  ])('%j, cut off, gives %j by %j', (response, value, method) => {
    const { extraction } = extractNumber(response, { isTruncated: true });
    expect([extraction.value, extraction.method]).toEqual([value, method]);
  });

  it.each<[response: string, question: string, value: string | null]>([
    ['Are 18 eggs many?', 'Are 18 eggs many?', null],
    ['Are 18 eggs many? Yes, 18 > 12.', 'Are 18 eggs many?', '12'],
    ['Question: Are 18 eggs many? Yes.', 'Are 18 eggs many?', null],
    ['I have 3.', 'Are 18 eggs many?', '3'],
    ['3', ' ', '3'],
  ])('%j to %j gives %j', (response, question, value) => {
    const { extraction } = extractNumber(response, { question });
    expect(extraction.value).toBe(value);
  });

  it.each(cases)('%j gives %j by %j', (response, value, method) => {
    const { extraction } = extractNumber(response);
    expect([extraction.value, extraction.method]).toEqual([value, method]);
  });
});

it.each<[response: string, value: string | null, method: string | null]>([
  ['There are 18 of them. It is not 18', '18', 'last_number'],
  ['Step 4: done\nStep 5: done', '5', 'last_number'],
  [`It is 18. ${'Nothing more to say here. '.repeat(30)}`, '18', 'last_number'],
  [`${'word '.repeat(200)}1,234,567`, '1234567', 'last_number'],
  ['It is {18} here', '18', 'last_number'],
  ['It is {3}{18} here', '18', 'last_number'],
  ['It is not 18', null, null],
  ['The answer is nowhere.\nIt is 18', '18', 'last_number'],
  ['**2.** first\n\n**a = 18** it is', '18', 'bold'],
  ['so **1. eggs** and **none** come to 18 eggs', '18', 'last_number'],
])('%j gives %j by %j', (response, value, method) => {
  const { extraction } = extractNumber(response);
  expect([extraction.value, extraction.method]).toEqual([value, method]);
});

it('takes the result of a solution behind a label where no number follows it', () => {
  expect(extractNumber('Answer: It comes to 18 in all').extraction).toMatchObject({
    value: '18',
    method: 'answer_phrase',
  });
  expect(extractNumber('Answer: It comes to 18 in all\nthen 20').extraction).toMatchObject({
    value: '20',
    method: 'last_number',
  });
});
