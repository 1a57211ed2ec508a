import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TokenLogProbability } from '../core/generation.ts';
import { commonWordShare, companyVerdict, stutteredWords, type CompanyAnswer } from './company-test.ts';

const token = (text: string, logProbability: number, top: Record<string, number> = {}): TokenLogProbability => ({
  token: text,
  logProbability,
  top: Object.entries(top).map(([name, value]) => ({ token: name, logProbability: value })),
});

const answer = (tokens: readonly TokenLogProbability[]): CompanyAnswer => ({
  text: tokens.map((one) => one.token).join(''),
  tokens,
});

const plain = (text: string): CompanyAnswer => ({ text, tokens: null });

describe('companyVerdict', () => {
  it('passes equal answers', () => {
    const verdict = companyVerdict([{ alone: plain('a b'), together: plain('a b') }]);
    expect(verdict).toMatchObject({ passed: true, equal: 1, flips: 0, garbled: 0, meanCommonWordShare: null });
    expect(verdict.summary).toBe('1 of 1 greedy answers equal alone and in company');
  });

  it('fails an empty set: nothing was shown', () => {
    expect(companyVerdict([]).passed).toBe(false);
  });

  it('counts a near-equal token as a flip, whatever follows it', () => {
    const alone = answer([token('A', -0.1, { A: -0.1 }), token(' x', -0.7, { ' x': -0.7, ' y': -1.1 })]);
    const together = answer([token('A', -0.1), token(' y', -0.8), token(' zzz', -9)]);
    const verdict = companyVerdict([{ alone, together }]);
    expect(verdict).toMatchObject({ passed: true, flips: 1, garbled: 0 });
    expect(verdict.outcomes[0]).toMatchObject({ kind: 'flip', position: 1 });
  });

  it.each([
    ['listed far below the best', { ' x': -0.2, ' y': -0.71 }],
    ['below the end of the list', { ' x': -0.2, ' q': -3 }],
  ])('calls a token %s garbled, with the evidence', (_name, top) => {
    const alone = answer([token('A', -0.1), token(' x', -0.2, top)]);
    const together = answer([token('A', -0.1), token(' y', -0.1)]);
    const verdict = companyVerdict([{ alone, together }]);
    expect(verdict).toMatchObject({ passed: false, garbled: 1 });
    expect(verdict.summary).toContain('token 1 is " y" in company');
  });

  it('judges by text when the list ends within the tolerance or the answers end at different places', () => {
    const long = 'one two three four five six seven eight nine';
    const alone = answer([token(long, -1, {}), token(' x', -0.2, { ' x': -0.2, ' q': -0.3 })]);
    const unlisted = answer([token(long, -1), token(' y', -0.1)]);
    const shorter = answer([token(long, -1)]);
    const verdict = companyVerdict([
      { alone, together: unlisted },
      { alone, together: shorter },
    ]);
    expect(verdict.outcomes.map((outcome) => outcome.kind)).toEqual(['text', 'text']);
    expect(verdict).toMatchObject({ passed: true, meanCommonWordShare: 0.9 });
  });

  it('fails texts that part early on average, and counts equal ones into the mean', () => {
    const early = { alone: plain('a b c d'), together: plain('a x y z') };
    const equal = { alone: plain('a'), together: plain('a') };
    expect(companyVerdict([early])).toMatchObject({ passed: false, meanCommonWordShare: 0.25 });
    expect(companyVerdict([early, equal])).toMatchObject({ passed: true, meanCommonWordShare: 0.625 });
  });

  it('fails a stutter that the text alone lacks', () => {
    const alone = 'to calculate the number using the recursion we need the base';
    const together = 'to calculate the number using the recursion the the the';
    const verdict = companyVerdict([{ alone: plain(alone), together: plain(together) }]);
    expect(verdict.passed).toBe(false);
    expect(verdict.summary).toContain('stuttering only in company: "the"');
    const known = companyVerdict([{ alone: plain(`${alone} the the the`), together: plain(together) }]);
    expect(known.passed).toBe(true);
  });
});

describe('words', () => {
  it('finds words of three letters three times running', () => {
    expect([...stutteredWords('go go go the the the, == == == one one')]).toEqual([]);
    expect([...stutteredWords('und und und noch noch noch noch')]).toEqual(['und', 'noch']);
  });

  it('shares lie in [0,1], are symmetric, and are 1 exactly for equal word lists', () => {
    const text = fc.array(fc.constantFrom('a', 'bb', 'ccc'), { maxLength: 8 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(text, text, (a, b) => {
        const share = commonWordShare(a, b);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
        expect(commonWordShare(b, a)).toBe(share);
        expect(share === 1).toBe(a === b);
      }),
    );
  });

  it('never fails a set of answers compared with themselves', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), (texts) => {
        expect(companyVerdict(texts.map((text) => ({ alone: plain(text), together: plain(text) }))).passed).toBe(true);
      }),
    );
  });
});

describe('what log-probabilities do not tell', () => {
  it('is judged by text where the token alone has no list of alternatives', () => {
    const alone = answer([token('same words here', -0.1), token(' x', -0.2)]);
    const together = answer([token('same words here', -0.1), token(' y', -0.2)]);
    const verdict = companyVerdict([{ alone, together }]);
    expect(verdict.outcomes).toEqual([{ kind: 'text', commonWordShare: 0.75, stutter: null }]);
  });

  it('is counted in a sentence', () => {
    const flip = {
      alone: answer([token('A', -0.7, { A: -0.7, B: -0.8 })]),
      together: answer([token('B', -0.7)]),
    };
    const summary = (pairs: readonly (typeof flip)[]) => companyVerdict(pairs).summary;
    expect(summary([flip])).toBe('0 of 1 greedy answers equal alone and in company, 1 floating-point flip');
    expect(summary([flip, flip])).toBe('0 of 2 greedy answers equal alone and in company, 2 floating-point flips');
  });
});
