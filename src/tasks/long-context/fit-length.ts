import type { Tokenizer } from '../../core/ports/tokenizer.ts';
import { seededRng } from '../../stats/rng.ts';
import type { LongContextCase, LongContextFamily } from './long-context-case.ts';

/** How the length of a family's prompts grows: tokens = base + perUnit × units, plus what one case's own facts add. */
export interface LengthFit {
  readonly base: number;
  readonly perUnit: number;
  /** Tokens for one piece of the rough count, to convert what one case has more or less than another. */
  readonly perPiece: number;
  /** Rough count of the case that was measured, at the shorter length. */
  readonly pieces: number;
}

/** Words, single digits and punctuation marks: close to the tokens of a large vocabulary, and proportional to those of any. */
export const roughCount = (text: string): number => text.match(/\p{L}+|\d|[^\s\p{L}\d]/gu)?.length ?? 0;

/** Measures two prompts of a family and puts a line through them: filler is dealt so evenly that this holds for every seed. */
export async function fitLength(
  family: LongContextFamily,
  options: { readonly isShort: boolean; readonly tokenizer: Tokenizer | null },
): Promise<LengthFit> {
  const sample = family.draw({ rng: seededRng(`calibration/${family.id}`), isShort: options.isShort, depth: 0.5 });
  const [low, high] = family.calibration;
  const { tokenizer } = options;
  const count = (text: string): Promise<number> => tokenizer?.count(text) ?? Promise.resolve(roughCount(text));
  const short = sample.write(low);
  const shortTokens = await count(short);
  const longTokens = await count(sample.write(high));
  const perUnit = (longTokens - shortTokens) / (high - low);
  const pieces = roughCount(short);
  return {
    base: shortTokens - perUnit * low,
    perUnit,
    perPiece: shortTokens / pieces,
    pieces,
  };
}

/** Units that bring a prompt nearest to a length in tokens; below 1 when even the question alone is longer. */
export function unitsFor(
  fit: LengthFit,
  one: { readonly case: LongContextCase; readonly low: number; readonly tokens: number },
): number {
  const own = (roughCount(one.case.write(one.low)) - fit.pieces) * fit.perPiece;
  return Math.round((one.tokens - fit.base - own) / fit.perUnit);
}
