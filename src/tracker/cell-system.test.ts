import { expect, it } from 'vitest';
import { resultDocument, runDocument } from '../../test/support/recorded-run.ts';
import { memoryFigureText, memoryShort, systemOf } from './cell-system.ts';

const mebibyte = 2 ** 20;

it.each([
  [1, '34.0 MiB', '4.0 MiB', '24.0 MiB', '6.0 MiB', '100.0 MiB'],
  [1024, '34.00 GiB', '4.00 GiB', '24.00 GiB', '6.00 GiB', '100.00 GiB'],
])('tells estimated memory in its own unit (%d MiB)', (unit, total, weights, cache, overhead, available) => {
  const bytes = (count: number): number => count * unit * mebibyte;
  const document = {
    ...runDocument('r', []),
    memory: {
      architecture: null,
      quantization: null,
      kvType: 'auto',
      sequences: 8,
      contextTokens: 2048,
      estimate: {
        weightBytes: bytes(4),
        kvBytes: bytes(24),
        stateBytes: 0,
        overheadBytes: bytes(6),
        totalBytes: bytes(34),
        isRough: false,
      },
      fit: { fits: true, availableBytes: bytes(100), cacheTokens: 1e6, fullSequences: 100, source: 'this machine' },
    },
  };
  const { estimated, measured } = systemOf({ document, result: resultDocument(document, []) });
  expect(memoryFigureText(estimated)).toBe(
    `${total}: weights ${weights}, cache ${cache} for 8 × 2048 tokens, overhead ${overhead}: fits in ${available}, this machine`,
  );
  expect(memoryShort(estimated)).toBe(total);
  expect(memoryShort(measured)).toBe('–');
});
