import fc from 'fast-check';
import { expect, it } from 'vitest';
import { endsInRepetition } from './repetition.ts';

it('sees loops of any period', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 400 }), fc.string({ maxLength: 200 }), (unit, head) => {
      const repeats = Math.max(5, Math.ceil(300 / unit.length) + 1);
      return endsInRepetition(head + unit.repeat(repeats));
    }),
  );
});

it('does not see them in ordinary text, short text or three repeats', () => {
  expect(endsInRepetition('')).toBe(false);
  expect(endsInRepetition('no '.repeat(20))).toBe(false);
  const list = Array.from({ length: 200 }, (_, index) => `Step ${index}: add ${index * 7} to the sum.`).join('\n');
  expect(endsInRepetition(list)).toBe(false);
  const sentence = Array.from({ length: 120 }, (_, index) =>
    String.fromCharCode(97 + ((index * 7 + (index >> 3)) % 26)),
  ).join('');
  expect(endsInRepetition(`${'q'.repeat(30)}x${sentence.repeat(3)}`)).toBe(false);
});

it('is linear on hostile text', () => {
  const before = performance.now();
  endsInRepetition('a'.repeat(10_000_000));
  endsInRepetition(`${'ab'.repeat(5_000_000)}c`);
  expect(performance.now() - before).toBeLessThan(1000);
});

it('needs four repeats of the longest unit that a short text could hold', () => {
  const unit = Array.from({ length: 100 }, (_, index) => String.fromCharCode(200 + index)).join('');
  expect(endsInRepetition(unit.repeat(3))).toBe(false);
  expect(endsInRepetition(unit.repeat(4))).toBe(true);
});

it('does not take a beginning that comes back at the end for a loop', () => {
  const middle = Array.from({ length: 300 }, (_, index) => String.fromCharCode(200 + index)).join('');
  expect(endsInRepetition(`sixteen letters.${middle}sixteen letters.`)).toBe(false);
  const far = Array.from({ length: 600 }, (_, index) => String.fromCharCode(200 + index)).join('');
  expect(endsInRepetition(`sixteen letters.${far}sixteen letters.`)).toBe(false);
});

it('does not take a passage that comes back once, far from the beginning, for a loop', () => {
  const head = Array.from({ length: 1000 }, (_, index) => String.fromCharCode(200 + index)).join('');
  const between = Array.from({ length: 100 }, (_, index) => String.fromCharCode(5000 + index)).join('');
  expect(endsInRepetition(`${head}sixteen letters.${between}sixteen letters.`)).toBe(false);
});
