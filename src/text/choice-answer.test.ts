import { describe, expect, it } from 'vitest';
import { extractChoice } from './choice-answer.ts';

const planet = [
  { label: 'A', text: 'Planetary density will decrease.' },
  { label: 'B', text: 'Planetary years will become longer.' },
  { label: 'C', text: 'A planet has shorter days.' },
  { label: 'D', text: 'planetary gravity' },
];
const list = planet.map(({ label, text }) => `${label}. ${text}`).join('\n');

const cases: readonly (readonly [response: string, value: string | null, method: string | null])[] = [
  ['B', 'B', 'bare_label'],
  ['b', 'B', 'bare_label'],
  ['B.', 'B', 'bare_label'],
  ['(B)', 'B', 'bare_label'],
  ['**B**', 'B', 'bare_label'],
  ['Option B', 'B', 'bare_label'],
  ['`B`', 'B', 'bare_label'],
  ['$B$', 'B', 'bare_label'],
  ['\\text{B}', 'B', 'bare_label'],
  ['B. Planetary years will become longer.', 'B', 'label_line'],
  ['B) It is so', 'B', 'label_line'],
  ['B: years', 'B', 'label_line'],
  ['B because of the years', 'B', 'label_line'],
  ['Planetary years will become longer', 'B', 'option_text'],
  ['A planet has shorter days', 'C', 'option_text'],
  ['A planet rotates faster', null, null],
  ['B\n\nThe years become longer.', 'B', 'bare_label'],
  ['The years become longer.\n\nB', 'B', 'bare_label'],
  ['"answer": "C"', 'C', 'json_answer'],
  ['```json\n{"answer": "C"}\n```', 'C', 'json_answer'],
  ['{"answer": "planetary gravity"}', 'D', 'json_answer'],
  ['{"reason": "A", "answer": "c"}', 'C', 'json_answer'],
  ['\\boxed{B}', 'B', 'boxed'],
  ['$$\\boxed{\\text{B}}$$', 'B', 'boxed'],
  ['\\boxed{(B)}', 'B', 'boxed'],
  ['\\boxed{\\textbf{(B)}\\ 12}', 'B', 'boxed'],
  ['\\boxed{B. Planetary years}', 'B', 'boxed'],
  ['the mass is \\boxed{89}. The choice is \\boxed{C}', 'C', 'boxed'],
  ['\\boxed{A} or \\boxed{B}', null, 'boxed'],
  ['The answer is B.', 'B', 'answer_phrase'],
  ['The correct answer is (b)', 'B', 'answer_phrase'],
  ['ANSWER: B', 'B', 'answer_phrase'],
  ['ANSWER: **B**', 'B', 'answer_phrase'],
  ['ANSWER: (B)', 'B', 'answer_phrase'],
  ['**Answer:** B', 'B', 'answer_phrase'],
  ['Answer: B because years', 'B', 'answer_phrase'],
  ['Answer: b', 'B', 'answer_phrase'],
  ['Answer:\n\nB) Planetary years', 'B', 'answer_phrase'],
  ['Answer: Planetary years will become longer.', 'B', 'answer_phrase'],
  ['Answer: A planet has shorter days, of course.', 'C', 'answer_phrase'],
  ['The answer is a planet', null, null],
  ['The answer is not B', null, null],
  ['The answer is A or B', null, 'answer_phrase'],
  ['Answer: A, B, C, D', null, 'answer_phrase'],
  ['Answer: A B', null, 'answer_phrase'],
  ['Answer: A and B', null, 'answer_phrase'],
  ['The answer is A. Wait. The answer is B.', 'B', 'answer_phrase'],
  ['The correct option is B', 'B', 'answer_phrase'],
  ['I choose B.', 'B', 'answer_phrase'],
  ['I would go with option B', 'B', 'answer_phrase'],
  ['答案是B。', 'B', 'answer_phrase'],
  ['答案：B', 'B', 'answer_phrase'],
  ['Option B is the most likely effect, so option B is correct', 'B', 'verdict'],
  ['Option B is not correct', null, null],
  [`${list}\n\nOption B is correct.`, 'B', 'verdict'],
  ['So, it follows that **B. Planetary years** fits best here', 'B', 'bold'],
  ['Hence it has to be (B) here', 'B', 'last_sentence'],
  ['Everything considered, the effect is planetary gravity.', 'D', 'last_sentence'],
  ['It is not planetary gravity.', null, null],
  [list, null, 'label_line'],
  [planet.map(({ text }) => text).join('\n'), null, 'label_line'],
  [`A planet.\nB`, 'B', 'bare_label'],
  ['Because it is A Big Deal', null, null],
  ["I can't tell A from B", null, null],
  ['The answer is A.\n\nNote: B is the answer to another question. The answer is B there.', 'A', 'answer_phrase'],
  ['', null, null],
];

const numbered = [
  { label: '1', text: '2 m' },
  { label: '2', text: '4 m' },
  { label: '3', text: '12' },
];
const numberedCases: readonly (readonly [response: string, value: string | null])[] = [
  ['2', '2'],
  ['2.', '2'],
  ['(2)', '2'],
  ['Answer: 2', '2'],
  ['"answer": 2', '2'],
  ['{"answer": "2"}', '2'],
  ['\\boxed{2}', '2'],
  ['Answer: 2 m', '1'],
  ['Answer: 4 m', '2'],
  ['The answer is 12', '3'],
  ['The answer is 2.5', null],
  ['The answer is 22', null],
  ['2. 4 m', '2'],
  ['Answer: 2 because it fits', '2'],
];

describe('extractChoice', () => {
  it.each(cases)('%j gives %j by %j', (response, value, method) => {
    const { extraction } = extractChoice(response, planet);
    expect([extraction.value, extraction.method]).toEqual([value, method]);
  });

  it.each(numberedCases)('%j with numeric labels gives %j', (response, value) => {
    expect(extractChoice(response, numbered).extraction.value).toBe(value);
  });

  it('takes no answer from the question repeated', () => {
    const question = 'What happens to planetary gravity, or else?';
    const repeated = (response: string) => extractChoice(response, planet, { question }).extraction.value;
    expect(repeated(`Question: ${question}\n${list}`)).toBeNull();
    expect(repeated(`${question}\n${planet.map(({ text }) => text).join('\n')}`)).toBeNull();
    expect(repeated('What happens to planetary gravity')).toBeNull();
    expect(repeated('planetary gravity')).toBe('D');
  });
});
