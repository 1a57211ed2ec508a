import { describe, expect, it } from 'vitest';
import { describeRow } from './describe-row.ts';

describe('describeRow', () => {
  it('puts a member in a line, and a dash where nothing is known', () => {
    expect(describeRow({ id: 'gsm8k', samples: 1319, needs: [], licence: null, found: false })).toBe(
      'id       gsm8k\nsamples  1319\nneeds    –\nlicence  –\nfound    false',
    );
  });

  it('puts short inner rows in the line and leaves out what they do not know', () => {
    expect(
      describeRow({ memory: { weightsGib: { bf16: 15.26, awq: null }, note: null }, modes: ['thinking', 'off'] }),
    ).toBe('memory  weightsGib (bf16 15.26)\nmodes   thinking, off');
  });

  it('puts rows of a list below each other, and so the members of a long row', () => {
    expect(
      describeRow({
        a: [
          { mode: 'x', t: 0.6 },
          { mode: 'y', t: 0.7 },
        ],
        b: { first: 'f'.repeat(70), last: 'l'.repeat(40) },
      }),
    ).toBe(`a  mode x, t 0.6\n   mode y, t 0.7\nb  first ${'f'.repeat(70)}\n   last ${'l'.repeat(40)}`);
  });
});
