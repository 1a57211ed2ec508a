import { describe, expect, it } from 'vitest';
import { PolledSource, type Reading } from './polled-source.ts';

describe('PolledSource', () => {
  it('gives each value once', async () => {
    let asked = 0;
    const source = new PolledSource<number>(async () => ({ kind: 'value', value: ++asked }));
    expect(source.take()).toEqual({ value: null, problem: 'no answer yet' });
    await source.poll();
    expect(source.take()).toEqual({ value: 1, problem: null });
    expect(source.take().value).toBeNull();
    await source.poll();
    expect(source.take().value).toBe(2);
  });

  it('does not ask again while an answer is awaited, and hands it out when it comes', async () => {
    let asked = 0;
    let answer: (reading: Reading<number>) => void = () => undefined;
    const source = new PolledSource<number>(() => {
      asked++;
      return new Promise((resolve) => {
        answer = resolve;
      });
    });
    const first = source.poll();
    const second = source.poll();
    expect(asked).toBe(1);
    expect(source.take()).toEqual({ value: null, problem: 'no answer yet' });
    answer({ kind: 'value', value: 7 });
    await Promise.all([first, second]);
    expect(source.take().value).toBe(7);
  });

  it('asks a failing source less often, and one that is over never again', async () => {
    let asked = 0;
    const failing = new PolledSource<number>(() => {
      asked++;
      return Promise.reject(new Error('broken'));
    });
    for (let tick = 0; tick < 20; tick++) await failing.poll();
    expect(asked).toBe(3);
    for (let tick = 0; tick < 20; tick++) await failing.poll();
    expect(asked).toBe(4);
    expect(failing.take()).toEqual({ value: null, problem: 'Error: broken' });
    let last = 0;
    const over = new PolledSource<number>(async () => {
      last++;
      return { kind: 'problem', reason: 'none here', final: true };
    });
    await over.poll();
    await over.poll();
    expect(last).toBe(1);
    expect(over.take().problem).toBe('none here');
  });
});
