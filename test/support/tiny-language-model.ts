interface Candidate {
  readonly token: string;
  readonly logProbability: number;
}

/** A deterministic language model over a few dozen words: enough to test streaming, stops, log-probabilities and sampling for real. */
export interface TinyLanguageModel {
  /** Lossless pieces of a text: a word with at most one leading space, or one white-space character. */
  pieces(text: string): string[];
  /** Log-probability (natural logarithm) of a piece after a text. */
  logProbability(prefix: string, piece: string): number;
  /** The likeliest next pieces after a text, best first. */
  likeliest(prefix: string, count: number): Candidate[];
  /** The next piece: the best one at temperature 0, else drawn with the seed. */
  next(prefix: string, temperature: number, seed: number): string;
}

const words = (
  'the a one every some river stone light garden window paper engine forest number question answer bridge ' +
  'morning letter water holds finds makes turns follows carries opens counts reads keeps near under over within ' +
  'beyond without quiet round early plain bright narrow seven twelve forty'
)
  .split(' ')
  .map((word) => ` ${word}`);

/** Share of probability that words outside the vocabulary have together. */
const unknownShare = 0.001;

function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return ((state ^ (state >>> 16)) >>> 0) / 0x100000000;
}

const pieces = (text: string): string[] => text.match(/ ?[^\s]+|\s/gu) ?? [];

/** Opens a tiny model; two with the same name are equal. */
export function tinyLanguageModel(name = 'tiny'): TinyLanguageModel {
  const contextOf = (prefix: string): string => `${name}|${pieces(prefix.slice(-64)).slice(-3).join('')}`;
  const known = new Map<string, readonly Candidate[]>();
  /** Candidates after a context, best first, at temperature 1. */
  const candidates = (prefix: string): readonly Candidate[] => {
    const context = contextOf(prefix);
    const cached = known.get(context);
    if (cached !== undefined) return cached;
    const logits = words.map((word) => 6 * hash(`${context}|${word}`));
    const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - Math.log(1 - unknownShare);
    const fresh = words
      .map((token, index) => ({ token, logProbability: (logits[index] ?? 0) - total }))
      .sort((a, b) => b.logProbability - a.logProbability);
    if (known.size < 100_000) known.set(context, fresh);
    return fresh;
  };
  return {
    pieces,
    likeliest: (prefix, count) => candidates(prefix).slice(0, count),
    logProbability: (prefix, piece) =>
      candidates(prefix).find(({ token }) => token === piece)?.logProbability ??
      Math.log(unknownShare) - 3 * hash(`${contextOf(prefix)}|${piece}`) - piece.length / 10,
    next: (prefix, temperature, seed) => {
      const ranked = candidates(prefix);
      if (temperature === 0) return ranked[0]?.token ?? '';
      const weights = ranked.map(({ logProbability }) => Math.exp(logProbability / temperature));
      let left = hash(`${seed}|${prefix}`) * weights.reduce((sum, weight) => sum + weight, 0);
      for (const [index, { token }] of ranked.entries()) {
        left -= weights[index] ?? 0;
        if (left <= 0) return token;
      }
      return words[0] ?? '';
    },
  };
}
