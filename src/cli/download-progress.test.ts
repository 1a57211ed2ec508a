import { describe, expect, it } from 'vitest';
import { downloadProgress, formatBytes } from './download-progress.ts';

const shown = (isLive: boolean) => {
  let now = 0;
  let text = '';
  const streams = { out: () => undefined, err: (part: string) => void (text += part), isLive, columns: 80 };
  const progress = downloadProgress(streams, () => now);
  for (let done = 0; done <= 4; done++) {
    progress({ title: 'model.gguf', receivedBytes: done * 160_000_000, totalBytes: 640_000_000 });
    now += 150;
  }
  return text;
};

describe('downloadProgress', () => {
  it('redraws a terminal at most five times a second', () => {
    expect(shown(true).split('\r').slice(1)).toEqual([
      '\u001B[Kmodel.gguf: 0 B of 640 MB (0 %)',
      '\u001B[Kmodel.gguf: 320 MB of 640 MB (50 %)',
      '\u001B[Kmodel.gguf: 640 MB of 640 MB (100 %)\n',
    ]);
  });

  it('writes the first and the last line elsewhere', () => {
    expect(shown(false)).toBe('model.gguf: 0 B of 640 MB (0 %)\nmodel.gguf: 640 MB of 640 MB (100 %)\n');
  });

  it('says only what came when the server gives no size', () => {
    let text = '';
    const streams = { out: () => undefined, err: (part: string) => void (text += part), isLive: false, columns: 80 };
    downloadProgress(streams, () => 0)({ title: 'a', receivedBytes: 1500, totalBytes: null });
    expect(text).toBe('a: 1.5 kB\n');
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [5_030_000_000, '5.03 GB'],
    [2e15, '2000 TB'],
  ])('%d is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
