import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StopFilter } from './stop-filter.ts';

function filter(
  pieces: readonly string[],
  stops: readonly string[],
): { text: string; stopped: boolean; streamed: string } {
  const stopFilter = new StopFilter(stops);
  const streamed = pieces.map((piece) => stopFilter.push(piece)).join('');
  return { text: streamed + stopFilter.flush(), stopped: stopFilter.stopped, streamed };
}

describe('StopFilter', () => {
  it('cuts at a stop string that is spread over pieces', () => {
    expect(filter(['The answer', ' is 4.\nQue', 'st', 'ion: next'], ['\nQuestion:'])).toEqual({
      text: 'The answer is 4.',
      stopped: true,
      streamed: 'The answer is 4.',
    });
  });

  it('gives back what only looked like the start of a stop string', () => {
    expect(filter(['a\n', 'Que'], ['\nQuestion:'])).toEqual({ text: 'a\nQue', stopped: false, streamed: 'a' });
  });

  it('takes the earliest of several stop strings', () => {
    expect(filter(['one two three'], ['three', 'two']).text).toBe('one ');
  });

  it('gives nothing after the stop and ignores an empty stop string', () => {
    expect(filter(['ab', 'STOP', 'cd', 'ef'], ['STOP', '']).text).toBe('ab');
    expect(filter(['ab', 'cd'], ['']).text).toBe('abcd');
  });

  it('equals a cut of the whole text however it is split', () => {
    const piece = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 4 });
    const stop = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(piece), fc.array(stop, { maxLength: 3 }), (pieces, stops) => {
        const whole = pieces.join('');
        const cuts = stops.map((text) => whole.indexOf(text)).filter((at) => at >= 0);
        const expected = cuts.length > 0 ? whole.slice(0, firstCut(pieces, stops)) : whole;
        expect(filter(pieces, stops)).toMatchObject({ text: expected, stopped: cuts.length > 0 });
      }),
    );
  });
});

/** Where a stream stops: the earliest stop string of the first prefix that contains one. */
function firstCut(pieces: readonly string[], stops: readonly string[]): number {
  let seen = '';
  for (const piece of pieces) {
    seen += piece;
    const cuts = stops.map((stop) => seen.indexOf(stop)).filter((at) => at >= 0);
    if (cuts.length > 0) return Math.min(...cuts);
  }
  return -1;
}
