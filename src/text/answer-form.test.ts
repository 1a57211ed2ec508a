import { describe, expect, it } from 'vitest';
import { canonicalAnswer, type AnswerForm } from './answer-form.ts';

describe('canonicalAnswer', () => {
  it.each<[AnswerForm, string, string | null]>([
    ['integer', '6 + 4 = 10', '10'],
    ['integer', '10 = 6 + 4', null],
    ['integer', '1,830 books', '1830'],
    ['word', 'the blue box', 'blue'],
    ['word', 'Blue box.', 'blue'],
    ['word', 'box', 'box'],
    ['word', 'blue red', null],
    ['words', '1. Eva, 2. Ben, 3. Sam', 'eva, ben, sam'],
    ['words', 'Seat 1: Eva; Seat 2: Ben', 'eva, ben'],
    ['words', '(1) Eva → (2) Ben', 'eva, ben'],
    ['words', '2. Eva, 1. Ben', null],
    ['words', '1. Eva', null],
    ['words', '12, 13', '12, 13'],
    ['verdicts', '(1): unknown, (2): yes', 'unknown, yes'],
    ['verdicts', '1. True and 2. cannot be determined', 'yes, unknown'],
    ['verdicts', 'perhaps', null],
  ])('as %s reads %j as %j', (form, value, canonical) => {
    expect(canonicalAnswer(value, form)).toBe(canonical);
  });
});
