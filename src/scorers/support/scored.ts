import type { Extraction, Measures, Scored } from '../../core/score.ts';
import type { Fault } from './response-faults.ts';

/** The outcome of a right answer. */
export const right = (extraction: Extraction | null, measures: Measures = {}): Scored => ({
  kind: 'scored',
  score: 1,
  extraction,
  measures,
  codes: [],
  explanation: null,
});

/** The outcome of a miss: its faults in the order in which they are to be told, at least one. */
export function missed(extraction: Extraction | null, faults: readonly Fault[], measures: Measures = {}): Scored {
  const [{ explanation } = { explanation: null }] = faults;
  return { kind: 'scored', score: 0, extraction, measures, codes: faults.map(({ code }) => code), explanation };
}
