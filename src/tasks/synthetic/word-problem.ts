import { QwenEvalError } from '../../core/errors.ts';
import type { Rng } from '../../stats/rng.ts';
import { problemDraw, stagesOfLevel } from './problem-draw.ts';
import { problemTemplates, type ProblemTemplate } from './problem-templates.ts';
import type { TemplateTurn } from './turn-order.ts';

/** A generated word problem with its worked solution. */
export interface GeneratedProblem {
  readonly question: string;
  /** One line a calculation: `12 + 5 = 17`. */
  readonly solution: string;
  readonly answer: number;
}

const attempts = 500;

const numbersOf = (text: string): readonly number[] => (text.match(/\d+/g) ?? []).map(Number);

/** True when no shortcut leads to the answer: it stands nowhere in the question, and no earlier result equals it. */
function isSound(question: string, results: readonly number[]): boolean {
  const answer = results.at(-1) ?? 0;
  const earlier = results.slice(0, -1);
  const told = numbersOf(question);
  const isNew = !told.includes(answer) && !earlier.includes(answer);
  const isWhole = results.every((result) => Number.isInteger(result) && result > 0);
  const sum = told.reduce((total, value) => total + value, 0);
  // Adding up all numbers is the right way in one-step additions only.
  return isNew && isWhole && (results.length === 1 || sum !== answer);
}

/** Makes the problem of a story and level; the same generator state gives the same problem. Throws E_BUG for a story that never works. */
export function makeWordProblem(rng: Rng, turn: TemplateTurn): GeneratedProblem {
  const template: ProblemTemplate = problemTemplates[turn.template] ?? (() => null);
  const depth = stagesOfLevel[turn.level] ?? 1;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const stages = template(problemDraw(rng.fork(`attempt-${attempt}`), turn.level))?.slice(0, depth);
    if (stages === undefined) continue;
    const question = [...stages.map(({ told }) => told), stages.at(-1)?.asked ?? ''].join(' ');
    const results = stages.map(({ result }) => result);
    if (!isSound(question, results)) continue;
    const solution = stages.map(({ sum, result }) => `${sum} = ${result}`).join('\n');
    return { question, solution, answer: results.at(-1) ?? 0 };
  }
  throw new QwenEvalError(
    'E_BUG',
    `no word problem of the story ${turn.template} at level ${turn.level} could be made`,
  );
}
