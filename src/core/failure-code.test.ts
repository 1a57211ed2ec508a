import { describe, expect, it } from 'vitest';
import { blameOf, failureFamilies, familyOf, precedenceOf, primaryCode, type FailureCode } from './failure-code.ts';

describe('failure codes', () => {
  it.each<[string, string | null, string | null]>([
    ['gen.truncated', 'gen.truncated', 'model'],
    ['gen.truncated.in_think', 'gen.truncated', 'model'],
    ['if.no_comma.twice', 'if', 'model'],
    ['json', 'json', 'model'],
    ['infra.http.502', 'infra.http', 'infra'],
    ['ctx.clamped', 'ctx.clamped', 'server'],
    ['data.fault', 'data.fault', 'data'],
    ['judge.missing', 'judge.missing', 'judge'],
    ['gen', null, null],
    ['gen.truncatedly', null, null],
    ['', null, null],
    ['constructor', null, null],
  ])('%j belongs to %j and is blamed on %j', (code, family, blame) => {
    expect(familyOf(code)).toBe(family);
    expect(blameOf(code)).toBe(blame);
  });

  it('have the order of the taxonomy, unknown text last', () => {
    expect(failureFamilies.map(([family]) => precedenceOf(`${family}.detail`))).toEqual(
      failureFamilies.map((_, index) => index),
    );
    expect(precedenceOf('odd')).toBe(failureFamilies.length);
  });

  it.each<[readonly FailureCode[], FailureCode | null]>([
    [[], null],
    [['answer.wrong'], 'answer.wrong'],
    [['answer.wrong', 'gen.truncated', 'extract.no_answer'], 'gen.truncated'],
    [['extract.no_answer', 'answer.wrong', 'infra.timeout'], 'infra.timeout'],
    [['if.second', 'if.first'], 'if.second'],
  ])('of %j the primary one is %j', (codes, primary) => {
    expect(primaryCode(codes)).toBe(primary);
  });
});
