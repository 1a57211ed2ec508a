import type { TokenLogProbability } from '../core/generation.ts';

/** What a greedy request gave: its text and, where the engine has them, its tokens with the alternatives. */
export interface CompanyAnswer {
  readonly text: string;
  readonly tokens: readonly TokenLogProbability[] | null;
}

/** The same greedy request answered alone and with others in flight. */
export interface CompanyPair {
  readonly alone: CompanyAnswer;
  readonly together: CompanyAnswer;
}

/** How one request fared in company. */
export type CompanyOutcome =
  | { readonly kind: 'equal' }
  /** The first differing token was nearly as likely as the best one in the run alone: floating-point noise. */
  | { readonly kind: 'flip'; readonly position: number; readonly gapNats: number }
  /** No log-probability at the first difference: judged by the words that agree. */
  | { readonly kind: 'text'; readonly commonWordShare: number; readonly stutter: string | null }
  | { readonly kind: 'garbled'; readonly position: number; readonly gapNats: number; readonly explanation: string };

export interface CompanyVerdict {
  readonly passed: boolean;
  readonly outcomes: readonly CompanyOutcome[];
  readonly equal: number;
  /** Floating-point flips: the engine's noise floor, reported beside results. */
  readonly flips: number;
  readonly garbled: number;
  /** Mean share of common leading words over equal pairs and pairs judged by text; null when none was judged by text. */
  readonly meanCommonWordShare: number | null;
  /** One sentence for people. */
  readonly summary: string;
}

/** A token this close to the best one (nats) in the run alone is a flip. */
export const flipToleranceNats = 0.5;

/** Answers that log-probabilities do not decide must share this part of their leading words on average. */
export const minimumCommonWordShare = 0.5;

const wordsOf = (text: string): string[] => text.split(/\s+/u).filter((word) => word !== '');

/** Share of leading words that two texts have in common, of the longer text; 1 for two empty texts. */
export function commonWordShare(a: string, b: string): number {
  const [left, right] = [wordsOf(a), wordsOf(b)];
  const longest = Math.max(left.length, right.length);
  if (longest === 0) return 1;
  let common = 0;
  while (common < left.length && common < right.length && left[common] === right[common]) common++;
  return common / longest;
}

/** Words of three letters or more that stand three times running in a text. */
export function stutteredWords(text: string): ReadonlySet<string> {
  const words = wordsOf(text);
  const found = new Set<string>();
  for (let index = 2; index < words.length; index++) {
    const word = words[index] as string;
    const letters = word.match(/\p{L}/gu)?.length ?? 0;
    if (letters >= 3 && word === words[index - 1] && word === words[index - 2]) found.add(word);
  }
  return found;
}

function firstDifference(a: readonly TokenLogProbability[], b: readonly TokenLogProbability[]): number {
  let position = 0;
  while (position < a.length && position < b.length && a[position]?.token === b[position]?.token) position++;
  return position;
}

/** Nats by which a token lies below the best one of the run alone: a lower bound when it is not even listed, null without a list. */
function gapOf(alone: TokenLogProbability, token: string): { readonly nats: number; readonly listed: boolean } | null {
  const listed = alone.top.find((other) => other.token === token);
  const best = Math.max(alone.logProbability, ...alone.top.map((other) => other.logProbability));
  if (listed !== undefined) return { nats: best - listed.logProbability, listed: true };
  if (alone.top.length === 0) return null;
  return { nats: best - Math.min(...alone.top.map((other) => other.logProbability)), listed: false };
}

function judgeByText({ alone, together }: CompanyPair): CompanyOutcome {
  const known = stutteredWords(alone.text);
  const stutter = [...stutteredWords(together.text)].find((word) => !known.has(word)) ?? null;
  return { kind: 'text', commonWordShare: commonWordShare(alone.text, together.text), stutter };
}

function judge(pair: CompanyPair): CompanyOutcome {
  const { alone, together } = pair;
  if (alone.text === together.text) return { kind: 'equal' };
  if (alone.tokens === null || together.tokens === null) return judgeByText(pair);
  const position = firstDifference(alone.tokens, together.tokens);
  const reference = alone.tokens[position];
  const taken = together.tokens[position];
  if (reference === undefined || taken === undefined) return judgeByText(pair);
  const gap = gapOf(reference, taken.token);
  // A token below a list that itself ends within the tolerance may or may not be a flip.
  if (gap === null || (!gap.listed && gap.nats <= flipToleranceNats)) return judgeByText(pair);
  if (gap.nats <= flipToleranceNats) return { kind: 'flip', position, gapNats: gap.nats };
  const distance = `${gap.listed ? '' : 'at least '}${gap.nats.toFixed(2)} nat below the best`;
  const explanation = `token ${position} is ${JSON.stringify(taken.token)} in company, ${distance} when alone (${JSON.stringify(reference.token)})`;
  return { kind: 'garbled', position, gapNats: gap.nats, explanation };
}

function summarise(verdict: Omit<CompanyVerdict, 'summary'>): string {
  const { outcomes, equal, flips, garbled, meanCommonWordShare: share } = verdict;
  const stutters = outcomes.flatMap((outcome) => (outcome.kind === 'text' && outcome.stutter ? [outcome.stutter] : []));
  const parts = [
    `${equal} of ${outcomes.length} greedy answers equal alone and in company`,
    ...(flips > 0 ? [`${flips} floating-point flip${flips === 1 ? '' : 's'}`] : []),
    ...(share === null ? [] : [`${(100 * share).toFixed(0)} % of leading words in common on average`]),
    ...(stutters.length > 0 ? [`stuttering only in company: ${JSON.stringify(stutters[0])}`] : []),
    ...(garbled > 0 ? [`${garbled} garbled`] : []),
  ];
  const worst = outcomes.find((outcome) => outcome.kind === 'garbled');
  return `${parts.join(', ')}${worst ? `: ${worst.explanation}` : ''}`;
}

/**
 * Judges whether greedy answers given together equal those given alone. At the first differing token the one taken in company must
 * lie within 0.5 nat of the best in the run alone; where that is not known, the texts must share half of their leading words on
 * average and none may repeat a word three times running that the text alone does not.
 */
export function companyVerdict(pairs: readonly CompanyPair[]): CompanyVerdict {
  const outcomes = pairs.map(judge);
  const byText = outcomes.filter((outcome) => outcome.kind === 'text');
  const count = (kind: CompanyOutcome['kind']): number => outcomes.filter((outcome) => outcome.kind === kind).length;
  // Equal answers count into the mean: the rule is about all answers that log-probabilities do not decide.
  const meanShare =
    byText.length === 0
      ? null
      : (count('equal') + byText.reduce((sum, outcome) => sum + outcome.commonWordShare, 0)) /
        (count('equal') + byText.length);
  const garbled = count('garbled');
  const verdict = {
    passed:
      pairs.length > 0 &&
      garbled === 0 &&
      byText.every((outcome) => outcome.stutter === null) &&
      (meanShare ?? 1) >= minimumCommonWordShare,
    outcomes,
    equal: count('equal'),
    flips: count('flip'),
    garbled,
    meanCommonWordShare: meanShare,
  };
  return { ...verdict, summary: summarise(verdict) };
}
