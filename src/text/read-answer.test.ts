import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assistantTurn } from './assistant-turn.ts';
import { canonicalAnswer, type AnswerForm } from './answer-form.ts';
import { parseAnswerLines } from './answer-lines.ts';
import { readAnswer } from './read-answer.ts';
import { checkStatedSteps } from './stated-steps.ts';

const values = (text: string): readonly string[] => parseAnswerLines(text).map(({ value }) => value);

describe('parseAnswerLines', () => {
  it.each([
    ['ANSWER: 42', ['42']],
    ['answer: 42.', ['42']],
    ['The final answer is: **42**', ['42']],
    ['**Answer:** 42', ['42']],
    ['> ### ANSWER: `x`', ['x']],
    ['- Final answer: $\\boxed{7}$.', ['7']],
    ['ANSWER： “七”', ['七']],
    ['ANSWER:\n\n  42\nmore', ['42']],
    ['ANSWER:\nANSWER: 3', ['', '3']],
    ['ANSWER:', ['']],
    ['ANSWER:\n\n', ['']],
    ['ANSWER: 1\r\nANSWER: 2', ['1', '2']],
    ['My answer: 5', []],
    ['answering: 5', []],
    ['ANSWER: <(3)>', ['3']],
    ['ANSWER: ...', ['...']],
  ])('reads %j as %j', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it('gives the place of the value', () => {
    const text = 'So:\nANSWER:  42 \nBye';
    const [line] = parseAnswerLines(text);
    expect(text.slice(...(line?.span ?? [0, 0])).trim()).toBe('42');
  });

  it('finds an answer line in any text around it', () => {
    const noise = fc.string().filter((text) => !/answer|:|：/i.test(text));
    fc.assert(
      fc.property(noise, noise, fc.integer(), (before, after, number) => {
        expect(values(`${before}\nANSWER: ${number}\n${after}`)).toEqual([String(number)]);
      }),
    );
  });

  it('is linear in hostile texts', () => {
    for (const piece of ['ANSWER:', 'ANSWER:\n', 'ANSWER: \n \n', '*', '> ', 'answer is is ', '((((', 'ANSWER: "']) {
      const time = (repeats: number): number => {
        const text = piece.repeat(repeats);
        const start = process.hrtime.bigint();
        parseAnswerLines(text);
        return Number(process.hrtime.bigint() - start) / 1e6;
      };
      time(10_000);
      // A quadratic reader would need minutes for this.
      expect(time(400_000), piece).toBeLessThan(5_000);
    }
  });
});

describe('canonicalAnswer', () => {
  it.each<[AnswerForm, string, string | null]>([
    ['integer', '1,234', '1234'],
    ['integer', '42 apples', '42'],
    ['integer', '-0', '0'],
    ['integer', '−7', '-7'],
    ['integer', '+007', '7'],
    ['integer', '5.0', '5'],
    ['integer', '5.5', null],
    ['integer', '3 or 4', null],
    ['integer', 'whole number', null],
    ['integer', '', null],
    ['integer', '１２', '12'],
    ['time', '9:05', '09:05'],
    ['time', '9.05', '09:05'],
    ['time', '12:30 AM', '00:30'],
    ['time', '2:15 p.m.', '14:15'],
    ['time', '13:15 pm', null],
    ['time', '24:00', null],
    ['time', '10:00 or 11:00', null],
    ['date', '2024-02-09', '2024-02-09'],
    ['date', '2024/2/9', '2024-02-09'],
    ['date', 'February 9, 2024', '2024-02-09'],
    ['date', '9th Feb 2024', '2024-02-09'],
    ['date', 'Someday 9, 2024', null],
    ['date', '2024-02-09 or 2024-02-10', null],
    ['weekday', 'It is a Monday', 'monday'],
    ['weekday', 'Monday or Tuesday', null],
    ['word', 'The "Castle".', 'castle'],
    ['word', 'two words', null],
    ['words', 'Ana, Ben and Eva', 'ana, ben, eva'],
    ['words', 'Ana -> Ben > Eva', 'ana, ben, eva'],
    ['words', ', ,', null],
    ['words', 'words in order, with commas', null],
    ['verdicts', 'Yes, No, Unknown', 'yes, no, unknown'],
    ['verdicts', '(1) true; (2) false; 3. cannot be determined', 'yes, no, unknown'],
    ['verdicts', 'yes, perhaps', null],
  ])('reads %s %j as %j', (form, value, expected) => {
    expect(canonicalAnswer(value, form)).toBe(expected);
  });

  it('refuses endless values', () => {
    expect(canonicalAnswer('1'.repeat(5_000), 'integer')).toBeNull();
  });
});

describe('readAnswer', () => {
  const read = (text: string) => readAnswer(assistantTurn({ text }), (value) => canonicalAnswer(value, 'integer'));

  it('takes equal answers as one and different ones as none', () => {
    expect(read('ANSWER: 7\nANSWER: 7.')).toMatchObject({ value: '7', code: null, extraction: { candidates: 1 } });
    expect(read('ANSWER: 7\nANSWER: 8')).toMatchObject({ value: null, code: 'extract.ambiguous' });
    expect(read('ANSWER: <whole number>\nANSWER: 8')).toMatchObject({ value: '8', code: null });
  });

  it('says why there is none', () => {
    expect(read('').code).toBe('gen.empty');
    expect(read('<think>7</think>').code).toBe('gen.empty_after_think');
    expect(read('It is 7').code).toBe('extract.no_answer');
    expect(read('I’m sorry, I can’t help with that').code).toBe('gen.refused');
    const cut = readAnswer(assistantTurn({ text: '<think>7', finishReason: 'length' }), (value) => value);
    expect(cut.code).toBe('gen.truncated.in_think');
  });
});

describe('checkStatedSteps', () => {
  it.each([
    ['Step 1: 3 + 4 = 7\nStep 2: 7 * 2 = 14', { stated: 2, right: 2, lastValue: 14 }],
    ['**Step 1:** 3 + 4 = 8.', { stated: 1, right: 0, lastValue: 8 }],
    ['Step 1: (3 + 4) × 2 = 7 × 2 = 14', { stated: 1, right: 1, lastValue: 14 }],
    ['Step 1: 1,000 − 1 = 999', { stated: 1, right: 1, lastValue: 999 }],
    ['Step 1: 9 / 2 = 4.5', { stated: 1, right: 1, lastValue: 4.5 }],
    ['Step 1: 5 - -3 = 8', { stated: 1, right: 1, lastValue: 8 }],
    ['Step 1: 6 ÷ (2 + 1) x 2 = 4', { stated: 1, right: 1, lastValue: 4 }],
    ['Step 1: Ana leads to Ben', { stated: 0, right: 0, lastValue: null }],
    ['Step 1: x = 3', { stated: 0, right: 0, lastValue: null }],
    ['Step 1: (3 + 4 = 7', { stated: 0, right: 0, lastValue: null }],
    ['Step 1: 3 + = 3', { stated: 0, right: 0, lastValue: null }],
    ['Step 1: 3 / 0 = 0', { stated: 0, right: 0, lastValue: null }],
    ['3 + 4 = 7', { stated: 0, right: 0, lastValue: null }],
    [`Step 1: ${'1 + '.repeat(200)}1 = 201`, { stated: 0, right: 0, lastValue: null }],
  ])('%j', (text, expected) => {
    expect(checkStatedSteps(text)).toEqual(expected);
  });

  it('agrees with the machine on random expressions', () => {
    interface Sum {
      readonly text: string;
      readonly value: number;
    }
    const { node } = fc.letrec<{ node: Sum }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.nat(50).map((value) => ({ text: String(value), value })),
        fc.tuple(tie('node'), fc.constantFrom('+', '-', '*'), tie('node')).map(([a, sign, b]) => ({
          text: `(${a.text} ${sign} ${b.text})`,
          value: sign === '+' ? a.value + b.value : sign === '-' ? a.value - b.value : a.value * b.value,
        })),
      ),
    }));
    fc.assert(
      fc.property(
        node.filter(({ text }) => text.length < 200),
        fc.integer({ min: -5, max: 5 }),
        ({ text, value }, off) => {
          const expected = { stated: 1, right: off === 0 ? 1 : 0, lastValue: value + off };
          expect(checkStatedSteps(`Step 1: ${text} = ${value + off}`)).toEqual(expected);
        },
      ),
    );
  });
});
