import { QwenEvalError, type ErrorCode } from '../../core/errors.ts';
import { readTaskScores } from '../../diagnosis/compare/task-scores.ts';
import type { RunOptions } from '../run.ts';
import { isSearchSpent, nothingSpent, type Budget, type Spending } from './budget.ts';
import type { Evaluations } from './evaluations.ts';
import { roundSizes } from './sample-pools.ts';
import { describeChanges, joinChanges, type Changes } from './search-space.ts';

/** What became of a way of asking. */
export interface TriedCandidate {
  readonly changes: Changes;
  /** Rounds it took part in to their end. */
  readonly rounds: number;
  /** Why it could not be evaluated; null when it was. */
  readonly failure: string | null;
}

export interface SearchResult {
  /** The best of the search; null when none did better than no change, or the budget was too small to tell. */
  readonly winner: Changes | null;
  /** Why there is no winner; empty when there is one. */
  readonly reason: string;
  readonly tried: readonly TriedCandidate[];
  readonly spent: Spending;
}

interface SearchInput {
  readonly evaluations: Evaluations;
  /** Options of the run without changes. */
  readonly options: RunOptions;
  /** Sample ids in the order in which rounds take them. */
  readonly samples: readonly string[];
  readonly budget: Budget;
  readonly onProgress: (message: string) => void;
}

interface Contender {
  readonly changes: Changes;
  /** Sums over the samples evaluated so far. */
  score: number;
  scored: number;
  outputTokens: number;
  /** Samples of the order that it has been evaluated on. */
  reached: number;
  rounds: number;
  failure: string | null;
}

const contender = (changes: Changes): Contender => ({
  changes,
  score: 0,
  scored: 0,
  outputTokens: 0,
  reached: 0,
  rounds: 0,
  failure: null,
});

const meanOf = ({ score, scored }: Contender): number => (scored === 0 ? Number.NEGATIVE_INFINITY : score / scored);

/** Equal means differ by rounding, and a mean that is only rounded upwards is no better. */
const isBetter = (a: Contender, b: Contender): boolean => meanOf(a) - meanOf(b) > 1e-12;

/** Best first; of equal ones the one that generates less. */
const byMerit = (a: Contender, b: Contender): number =>
  isBetter(a, b) ? -1 : isBetter(b, a) ? 1 : a.outputTokens - b.outputTokens;

/**
 * Successive halving (Jamieson and Talwalkar 2016): each round all that are left answer the same further samples, and the better half goes
 * on to twice as many. After the first round the best two that change different things are joined. Throws the failure of the run without changes.
 */
export async function search(candidates: readonly Changes[], input: SearchInput): Promise<SearchResult> {
  const baseline = contender({});
  const all = candidates.map(contender);
  let field: Contender[] = [...all];
  let leader: Contender | null = null;
  let spent = nothingSpent;
  const sizes = roundSizes(input.samples.length, candidates.length + 1);
  for (const [round, size] of sizes.entries()) {
    const turn = await playRound([baseline, ...field], { ...input, round, rounds: sizes.length, size, spent });
    spent = turn.spent;
    if (!turn.isOver) {
      if (round > 0) break;
      return { winner: null, reason: 'the budget ended within the first round', tried: all.map(triedOf), spent };
    }
    field = field.filter(({ failure }) => failure === null).toSorted(byMerit);
    const [best] = field;
    leader = best && isBetter(best, baseline) ? best : null;
    if (round === sizes.length - 1) break;
    field = field.slice(0, Math.ceil(field.length / 2));
    const joined = round === 0 ? joinBest(field, all) : null;
    if (joined) {
      all.push(joined);
      field.push(joined);
    }
  }
  return {
    winner: leader?.changes ?? null,
    reason: leader ? '' : 'the search found no way of asking that does better than no change',
    tried: all.map(triedOf),
    spent,
  };
}

const triedOf = ({ changes, rounds, failure }: Contender): TriedCandidate => ({ changes, rounds, failure });

/** The best contender joined with the next best that changes something else; null when there is none or it was there before. */
function joinBest(field: readonly Contender[], all: readonly Contender[]): Contender | null {
  const [best, ...others] = field;
  if (!best) return null;
  for (const other of others) {
    const joined = joinChanges(best.changes, other.changes);
    if (joined && !all.some(({ changes }) => describeChanges(changes) === describeChanges(joined)))
      return contender(joined);
  }
  return null;
}

interface Round extends SearchInput {
  readonly round: number;
  readonly rounds: number;
  readonly size: number;
  readonly spent: Spending;
}

/** Lets all contenders answer the samples up to the size of the round; not over when the budget ends first. */
async function playRound(
  contenders: readonly Contender[],
  input: Round,
): Promise<{ readonly isOver: boolean; readonly spent: Spending }> {
  let { spent } = input;
  for (const [index, one] of contenders.entries()) {
    if (isSearchSpent(input.budget, spent)) return { isOver: false, spent };
    const label = `search ${input.round + 1}/${input.rounds}, ${index + 1}/${contenders.length}`;
    input.onProgress(`${label}: ${describeChanges(one.changes)}, ${input.size - one.reached} samples`);
    spent = await advance(one, { ...input, spent });
    if (one.failure !== null) input.onProgress(`${label}: left out: ${one.failure}`);
  }
  for (const one of contenders) if (one.failure === null) one.rounds += 1;
  return { isOver: true, spent };
}

/** Evaluates a contender on the samples that it lacks. */
async function advance(one: Contender, { evaluations, options, samples, size, spent }: Round): Promise<Spending> {
  const ids = samples.slice(one.reached, size);
  if (ids.length === 0) return spent;
  const evaluation = await evaluations.evaluate(
    { ...options, ...(one.changes as RunOptions), samples: ids },
    { phase: 'search', changes: { ...one.changes }, ids },
  );
  if (evaluation.kind === 'failed') {
    if (Object.keys(one.changes).length === 0) {
      throw new QwenEvalError(evaluation.code as ErrorCode, `asking without changes failed: ${evaluation.reason}`, {
        hint: evaluation.mend ?? 'mend what stands in the way of a plain run, then run the same command again',
      });
    }
    one.failure = evaluation.reason;
    return spent;
  }
  const { run, outputTokens, seconds } = evaluation;
  const [plan] = run.document.plan.tasks;
  const headlines = new Map(plan ? [[plan.task, { headline: plan.headline }]] : []);
  for (const { score } of readTaskScores(run.directory.samplesFile, headlines)
    .get(plan?.task ?? '')
    ?.values() ?? []) {
    one.score += score;
    one.scored += 1;
  }
  one.outputTokens += outputTokens;
  one.reached = size;
  return {
    evaluations: spent.evaluations + 1,
    samples: spent.samples + ids.length,
    seconds: spent.seconds + seconds,
    outputTokens: spent.outputTokens + outputTokens,
  };
}
