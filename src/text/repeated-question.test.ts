import { describe, expect, it } from 'vitest';
import { repeatedQuestion } from './repeated-question.ts';
import { singleSpaced, withSingleSpaces } from './single-spaced.ts';

const options = [
  { label: 'A', text: 'nothing at all' },
  { label: 'B', text: 'it’s  heavier' },
];
const question = 'What happens to a planet’s\ngravity when its mass grows?';

describe('repeatedQuestion', () => {
  const asked = repeatedQuestion(question, options);

  it.each<[text: string, repetition: string | null]>([
    ["What happens to a planet's gravity when its mass grows?", 'all'],
    ["  What happens to a planet's\n\ngravity when its mass grows? ", 'all'],
    ["Question: What happens to a planet's gravity when its mass grows?\nA. nothing at all\nB. it's heavier", 'all'],
    ["Question: What happens to a planet's gravity when its mass grows?\nA. nothing", 'all'],
    ["planet's gravity when its mass", 'stretch'],
    ['gravity', null],
    ["What happens to a planet's gravity when its mass grows? It grows as well.", null],
    ["What happens to a planet's mass", null],
    ['The gravity of a planet grows with its mass, and with nothing else that I know of in physics', null],
  ])('of %j is %j', (text, repetition) => {
    expect(asked.read(text)).toBe(repetition);
  });

  it('of no question is nothing', () => {
    expect(repeatedQuestion('', options).read('A. nothing at all, that is so')).toBeNull();
  });
});

describe('singleSpaced', () => {
  it.each([
    ['a b', 'a b'],
    [' a\t\n b\u00a0c  d ', 'a b c d'],
    ['\n', ''],
    ['', ''],
  ])('of %j is %j', (text, expected) => {
    expect(singleSpaced(text)).toBe(expected);
  });

  it('leaves the ends to the other', () => {
    expect(withSingleSpaces('\n a  b\n')).toBe(' a b ');
  });
});
