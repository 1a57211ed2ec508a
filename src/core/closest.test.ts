import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closest } from './closest.ts';

const names = ['gsm8k', 'mmlu', 'mmlu_pro', 'humaneval', 'ifeval'];

describe('closest', () => {
  it.each<[string, string | null]>([
    ['gsm8', 'gsm8k'],
    ['GSM8K', 'gsm8k'],
    ['gsm-8k', 'gsm8k'],
    ['mlmu', 'mmlu'],
    ['mmlupro', 'mmlu_pro'],
    ['humanevl', 'humaneval'],
    ['if-eval', 'ifeval'],
    ['winogrande', null],
    ['', null],
  ])('%j means %j', (typed, meant) => {
    expect(closest(typed, names)).toBe(meant);
  });

  it('allows one slip in a short name, and none are near where there are none', () => {
    expect(closest('ab', ['xb', 'ab c'])).toBe('xb');
    expect(closest('ab', ['xy'])).toBeNull();
    expect(closest('ab', [])).toBeNull();
  });

  it('takes the first of equals', () => {
    expect(closest('cat', ['bat', 'hat'])).toBe('bat');
  });

  it('finds a name again after any one edit of it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), fc.constantFrom('', 'z', 'zz'), (name, seed, put) => {
        const at = seed % name.length;
        // 'zz' is an insertion beside the letter it replaces, '' takes the letter away.
        const typed = name.slice(0, at) + (put === 'zz' ? `${name.charAt(at)}z` : put) + name.slice(at + 1);
        expect(closest(typed, names)).toBe(name);
      }),
    );
  });
});
