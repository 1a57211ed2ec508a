import { expect, it } from 'vitest';
import { engineProgress } from './engine-progress.ts';

function show(isLive: boolean): string {
  let written = '';
  let nowMs = 0;
  const tell = engineProgress({ err: (text) => (written += text), isLive, columns: 20 }, () => nowMs);
  for (const [atMs, text] of [
    [0, 'loading weights'],
    [100, 'loading more'],
    [6000, 'capturing the graphs of all batches'],
  ] as const) {
    nowMs = atMs;
    tell(text, false);
  }
  tell('answers', true);
  return written;
}

it('redraws one line on a terminal and ends it', () => {
  expect(show(true)).toBe('\r\u001B[Kloading weights\r\u001B[Kcapturing the grap…\r\u001B[Kanswers\n');
});

it('writes a line every five seconds elsewhere', () => {
  expect(show(false)).toBe('loading weights\ncapturing the graphs of all batches\nanswers\n');
});
