import type { Rng } from '../../stats/rng.ts';
import { fillerText } from './filler-text.ts';

/** A sentence to hide at a place of the text, in [0,1]. */
export interface HiddenSentence {
  readonly depth: number;
  readonly text: string;
}

/** Filler sentences with the hidden ones between them at their depths, each depth counted in sentences; linear in the length. */
export function composeHaystack(rng: Rng, sentences: number, hidden: readonly HiddenSentence[]): string {
  const next = fillerText(rng);
  const waiting = hidden.toSorted((a, b) => a.depth - b.depth);
  const parts: string[] = [];
  let at = 0;
  for (let sentence = 0; sentence <= sentences; sentence++) {
    for (let one = waiting[at]; one && Math.round(one.depth * sentences) <= sentence; one = waiting[at]) {
      parts.push(one.text);
      at += 1;
    }
    if (sentence < sentences) parts.push(next());
  }
  return parts.join(' ');
}
