import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRating } from './rating.ts';

const read = (text: string): number | 'off the scale' | null => {
  const { rating, isOutOfRange } = readRating(text);
  return rating ?? (isOutOfRange ? 'off the scale' : null);
};

describe('readRating', () => {
  it.each([
    ['Rating: [[7]]', 7],
    ['[[7]]', 7],
    ['[[ 9 ]]', 9],
    ['[[10]]', 10],
    ['[[1]]', 1],
    ['[[7.5]]', 7.5],
    ['[[Rating: 7]]', 7],
    ['[[8/10]]', 8],
    ['[[7]]/10', 7],
    ['Rating: [[**8**]]', 8],
    ['\\[\\[7\\]\\]', 7],
    ['［［７］］', 7],
    ['评分：[[7]]', 7],
    ['Rating:\n\n[[9]]', 9],
    ['Rating: 7', 7],
    ['Rating = 9', 9],
    ['Rating: [7]', 7],
    ['Rating: 7.5/10', 7.5],
    ['Rating: 7 out of ten', 7],
    ['**Rating: 7/10**', 7],
    ['**Rating:** [[8]]', 8],
    ['Rating: **8**', 8],
    ['The final score: `9`', 9],
    ['{"rating": 9}', 9],
    ['{"rating": "9"}', 9],
    ['评分：７', 7],
    ['Rating (1-10): 7', 7],
    ['Rating – 7', 7],
    ['The overall rating is 6 out of 10', 6],
    ['This is worth 7/10.', 7],
    ['I give it a 7.', 7],
    ['I would rate this response a 6', 6],
    ['On a scale of 1 to 10, I rate it 7.', 7],
    ['7', 7],
    ['**7**', 7],
    ['7/10', 7],
    ['7 out of ten', 7],
    ['Clear and correct.\n\n8\n', 8],
  ])('reads %j as %d', (text, rating) => {
    expect(read(text)).toBe(rating);
  });

  it.each([
    ['the last one', 'At first [[3]], but after all [[8]]', 8],
    ['the last one, not the quoted first', 'The matrix is [[1]]. Rating: [[9]]', 9],
    ['the verdict, not an index before it', 'It uses arr[0] wrongly. Rating: 7', 7],
    ['the verdict, not brackets off the scale before it', 'It uses [[0]] wrongly. Rating: 7', 7],
    ['the verdict, not brackets off the scale after it', 'Rating: [[7]]. The matrix is [[0]].', 7],
    ['the form asked for, not a remark after it', 'Rating: [[7]]. Style alone is 8/10.', 7],
    ['what is meant, not what is denied after it', 'Rating: [[6]]. It does not deserve [[9]].', 6],
    ['what is meant, not what is denied before it', 'I would not give it a [[9]]; Rating: [[4]]', 4],
    ['a rating behind a denial of something else', 'It does not follow the question. Rating: [[2]]', 2],
  ])('takes %s', (_, text, rating) => {
    expect(read(text)).toBe(rating);
  });

  it.each([
    ['[[85]]'],
    ['[[0]]'],
    ['[[-7]]'],
    ['[[10.5]]'],
    ['[[4/5]]'],
    ['[[7]]/5'],
    ['Rating: 4/5'],
    ['Rating: -7'],
    ['Rating: [[11]]'],
    ['Rating: 7-8'],
    ['Rating: 7%'],
    ['Score: 70 %'],
    ['Rating: 0/10'],
    ['The form is [[5]]. Rating: [[11]]'],
    ['Clear and correct.\n\n85'],
    ['7/20'],
    ['7 out of 100'],
  ])('says that %j is off the scale', (text) => {
    expect(read(text)).toBe('off the scale');
  });

  it.each([
    [''],
    ['Clear and correct.'],
    ['Rating: [[rating]]'],
    ['Rating: [[7, 8]]'],
    ['[[7-8]]'],
    ['Rating: [[1'],
    ['a = [[1, 2], [3, 4]]'],
    ['This is not a 9/10 answer.'],
    ['This is not a 10/10 answer.'],
    ['It was signed on 5/10/2023 by 7/100 of them.'],
    ['I would give 3 examples.'],
  ])('reads nothing from %j', (text) => {
    expect(read(text)).toBeNull();
  });

  it('names the rule, the place and the number of candidates', () => {
    const text = 'First [[3]], then 评分：[[8]].';
    const { extraction } = readRating(text);
    expect(extraction).toMatchObject({ value: '8', method: 'double-brackets', candidates: 2 });
    expect(text.slice(...(extraction.span ?? [0, 0]))).toBe('[[8]]');
    expect(readRating('nothing').extraction.value).toBeNull();
  });

  it('finds any rating in its form behind any text without figures', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.string().filter((text) => !/[\d[\]]/.test(text.normalize('NFKC'))),
        (rating, text) => {
          expect(readRating(`${text}\nRating: [[${rating}]]`).rating).toBe(rating);
        },
      ),
    );
  });

  it('is quick on hostile text', () => {
    const hostile = ['[[', 'rating ', 'score of a ', 'not a ', 'rate it a ', '7/10 ', ' ', '[[7]]', '7-', '１／'];
    const started = performance.now();
    for (const piece of hostile) readRating(`${piece.repeat(1_000_000)}x`);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
