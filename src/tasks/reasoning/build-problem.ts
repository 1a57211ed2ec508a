import type { Rng } from '../../stats/rng.ts';
import { canonicalAnswer } from '../../text/answer-form.ts';
import { arithmeticChain } from './arithmetic-chain.ts';
import { calendar } from './calendar.ts';
import { entailment } from './entailment.ts';
import { graphPath } from './graph-path.ts';
import { planOrder } from './plan-order.ts';
import { reasoningVariants, type ReasoningFamily, type ReasoningProblem } from './reasoning-family.ts';
import { seatingPuzzle } from './seating-puzzle.ts';
import { stateTracking } from './state-tracking.ts';
import { tinyProgram } from './tiny-program.ts';

/** Every kind of problem, in the order in which they take turns. */
export const reasoningFamilies: readonly ReasoningFamily[] = [
  arithmeticChain,
  seatingPuzzle,
  calendar,
  graphPath,
  stateTracking,
  entailment,
  tinyProgram,
  planOrder,
];

const byId = new Map(reasoningFamilies.map((family) => [family.id, family]));
const attempts = 500;

/** The wordings of one base item, in the order of `reasoningVariants`. Throws when a family cannot make one, which is a bug of the family. */
export function buildProblem(
  rng: Rng,
  place: { readonly family: string; readonly level: number },
): readonly ReasoningProblem[] {
  const family = byId.get(place.family);
  if (!family) throw new RangeError(`there is no family ${place.family}`);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const tell = family.build(rng.fork(`attempt-${attempt}`), place.level);
    if (!tell) continue;
    const problems = reasoningVariants.map(tell).map(withoutRightMisses);
    const isFit =
      new Set(problems.map(({ question }) => question)).size === problems.length &&
      problems.every(({ nearMisses }) => nearMisses.length > 0);
    if (isFit) return problems;
  }
  throw new Error(`no problem of ${place.family} at level ${place.level} in ${attempts} attempts`);
}

/** Leaves out near misses that happen to be right or to have no canonical form. */
function withoutRightMisses(problem: ReasoningProblem): ReasoningProblem {
  const right = canonicalAnswer(problem.answer, problem.form);
  const nearMisses = problem.nearMisses.filter(({ value }) => {
    const miss = canonicalAnswer(value, problem.form);
    return miss !== null && miss !== right;
  });
  return { ...problem, nearMisses };
}
