import { describe, expect, it } from 'vitest';
import { exitCodeOf, isQwenEvalError, QwenEvalError } from './errors.ts';

describe('a run-level error', () => {
  it('carries what was given, and nulls for what was not', () => {
    const cause = new Error('reset');
    const full = new QwenEvalError('E_HUB', 'the hub said no', {
      hint: 'try later',
      cause,
      retryable: true,
      details: { status: 503 },
    });
    expect(full).toMatchObject({ hint: 'try later', cause, retryable: true, details: { status: 503 } });
    const bare = new QwenEvalError('E_HUB', 'the hub said no');
    expect(bare).toMatchObject({ name: 'QwenEvalError', hint: null, retryable: false, details: {} });
    expect('cause' in bare).toBe(false);
  });

  it.each<[unknown, boolean, number]>([
    [new QwenEvalError('E_USAGE', 'x'), true, 2],
    [new QwenEvalError('E_GATE_FAILED', 'x'), true, 1],
    [new QwenEvalError('E_OFFLINE', 'x'), true, 3],
    [new QwenEvalError('E_RUN_INCOMPLETE', 'x'), true, 4],
    [new QwenEvalError('E_INTERRUPTED', 'x'), true, 130],
    [new QwenEvalError('E_BUG', 'x'), true, 70],
    [new Error('x'), false, 70],
    [{ code: 'E_USAGE' }, false, 70],
    ['E_USAGE', false, 70],
    [null, false, 70],
    [undefined, false, 70],
  ])('%s is ours: %s, and ends the program with %d', (error, isOurs, exitCode) => {
    expect(isQwenEvalError(error)).toBe(isOurs);
    expect(exitCodeOf(error)).toBe(exitCode);
  });
});
