import { describe, expect, it } from 'vitest';
import { extractChoice } from './choice-answer.ts';
import { labelGrammar } from './choice-label.ts';

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

  it.each<[response: string, value: string | null, method: string | null]>([
    ['planetary years will become longer', 'B', 'option_text'],
    ['The effect is a planet has shorter days.', 'C', 'last_sentence'],
    ['B!', 'B', 'option_text'],
    ['We are left with **A** and **B** now', null, null],
    ['D. planetary gravity', 'D', 'label_line'],
    ['Here planetary years will become longer and a planet has shorter days', null, 'last_sentence'],
    ["This doesn't fit option C.", null, null],
    ['It wouldn’t be planetary gravity.', null, null],
    ['The answer wasn’t B but planetary gravity', null, null],
    ['What remains is (A) with (B).', null, 'last_sentence'],
    ['Hence option B with option C.', null, 'last_sentence'],
    ['A and B\nare what is left', null, 'label_line'],
  ])('%j gives %j by %j', (response, value, method) => {
    const { extraction } = extractChoice(response, planet);
    expect([extraction.value, extraction.method]).toEqual([value, method]);
  });

  describe('options whose texts name labels or each other', () => {
    const both = [
      { label: 'A', text: 'iron' },
      { label: 'B', text: 'iron ore' },
      { label: 'C', text: 'Both A and B' },
      { label: 'D', text: '' },
      { label: 'E', text: 'A and C' },
    ];
    it.each<[response: string, value: string | null, method: string | null]>([
      ['Answer: C, Both A and B', 'C', 'answer_phrase'],
      ['Answer: C. Both A and B', 'C', 'answer_phrase'],
      ['C, Both A and B', 'C', 'label_line'],
      ['C, A and B', null, 'label_line'],
      ['Answer: E. A and C', 'E', 'answer_phrase'],
      ['E. A and C', 'E', 'label_line'],
      ['Answer: E. A and B', null, 'answer_phrase'],
      ['E. A and B', null, 'label_line'],
      ['Answer: D, A', null, 'answer_phrase'],
      ['Answer: iron ore, mostly', 'B', 'answer_phrase'],
      ['Answer: ironware', null, null],
      ['What they dig for there is iron ore', 'B', 'last_sentence'],
      ['What they dig for there is iron', 'A', 'last_sentence'],
      ['What they dig for there is environment iron', 'A', 'last_sentence'],
      ['Environs', null, null],
    ])('%j gives %j by %j', (response, value, method) => {
      const { extraction } = extractChoice(response, both);
      expect([extraction.value, extraction.method]).toEqual([value, method]);
    });

    it('takes none of two options that differ in case alone, unless it is spelt like one', () => {
      const twins = [
        { label: 'A', text: 'polish' },
        { label: 'B', text: 'Polish' },
      ];
      const value = (response: string) => extractChoice(response, twins).extraction.value;
      expect(value('Polish')).toBe('B');
      expect(value('polish')).toBe('A');
      expect(value('POLISH')).toBeNull();
    });
  });

  describe('a response that was cut off', () => {
    const cut = (response: string) => {
      const { extraction } = extractChoice(response, planet, { isTruncated: true });
      return [extraction.value, extraction.method];
    };
    it.each<[response: string, value: string | null, method: string | null]>([
      ['The answer is B', 'B', 'answer_phrase'],
      ['The answer is B. It is so because', 'B', 'answer_phrase'],
      ['The answer is planetary', null, null],
      ['The answer is planetary gravity', null, null],
      ['The answer is A or B', null, null],
      ['The answer is planetary gravity.\nThat is', 'D', 'answer_phrase'],
      ['B\nbecause the', 'B', 'bare_label'],
      ['because the\nB', null, null],
      ['B. Planetary years\nA. Planetary', 'B', 'label_line'],
      ['B. Planetary ye', null, null],
      ['So it has to be (B)', null, null],
      ['So it is **B**, planetary', null, null],
    ])('%j gives %j by %j', (response, value, method) => {
      expect(cut(response)).toEqual([value, method]);
    });
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

describe('labelGrammar', () => {
  const letters = labelGrammar(['A', 'B', 'C']);
  const wordy = labelGrammar(['yes', 'no']);

  it('is made once for each set of labels', () => {
    expect(labelGrammar(['A', 'B', 'C'])).toBe(letters);
    expect(labelGrammar(['A', 'B'])).not.toBe(letters);
  });

  it.each<[string, string | null]>([
    ['(B) because', 'B'],
    ['b)', 'B'],
    ['B is right', null],
    ['A or B', null],
    ['a planet', null],
    ['x', null],
  ])('reads %j strongly as %j', (stretch, label) => {
    expect(letters.readStrong(stretch)).toEqual(label === null ? null : { kind: 'label', label });
  });

  it.each<[string, unknown]>([
    ['B because it is', { label: 'B', strength: 'weak', isSeveral: false, isReasoned: true, end: 1 }],
    ['B is right', { label: 'B', strength: 'weak', isSeveral: false, isReasoned: false, end: 1 }],
    ['A or B', { label: 'A', strength: 'weak', isSeveral: true, isReasoned: false, end: 1 }],
    ['A, B', { label: 'A', strength: 'strong', isSeveral: true, isReasoned: false, end: 1 }],
    ['a, b.', { label: 'A', strength: 'strong', isSeveral: true, isReasoned: false, end: 1 }],
    ['A, A', { label: 'A', strength: 'strong', isSeveral: false, isReasoned: false, end: 1 }],
    ['b because', null],
    ['Be', null],
    ['', null],
  ])('reads %j as %j', (stretch, reading) => {
    expect(letters.read(stretch)).toEqual(reading);
  });

  it('knows words as labels in any case, and gives them as the options write them', () => {
    expect(['yes', 'Yes', 'YES', '**No**.'].map((line) => wordy.readBare(line))).toEqual(['yes', 'yes', 'yes', 'no']);
    expect(wordy.readBare('yEs')).toBeNull();
    expect(wordy.read('Yes or No')).toMatchObject({ label: 'yes', isSeveral: true });
    expect(wordy.readBare(`${' '.repeat(60)}yes`)).toBeNull();
  });

  it('takes statements that an option is right, but for those that deny it', () => {
    const said = (text: string) =>
      letters.verdicts(text).map(({ label, start, end }) => [label, text.slice(start, end)]);
    expect(said('Option A is wrong. Statement (B) is therefore the most likely.')).toEqual([
      ['B', 'Statement (B) is therefore the most likely'],
    ]);
    expect(said("Option A, which isn't new, is correct; option C never is correct")).toEqual([]);
    expect(said('Nothing to say')).toEqual([]);
    // Case-insensitive patterns take the long s for an s; no option is written so.
    expect(labelGrammar(['R', 'S']).verdicts('Option ſ is correct, option s is correct')).toMatchObject([
      { label: 'S' },
    ]);
  });

  it('takes labels that a sentence names as such', () => {
    expect(letters.mentions('Not A, but (B) or option c, and Choice "C", says (D)')).toEqual(['B', 'C', 'C']);
    expect(letters.mentions('Nothing')).toEqual([]);
  });
});
