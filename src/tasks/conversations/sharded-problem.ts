import type { Checkpoint, UserTurn } from '../../scorers/conversations/conversation-script.ts';
import type { Rng } from '../../stats/rng.ts';
import { answerPlaceholders } from '../../text/answer-form.ts';
import { buildProblem } from '../reasoning/build-problem.ts';
import type { ReasoningProblem } from '../reasoning/reasoning-family.ts';

/** The askings of one problem, in the order of its variants. */
export const askings = ['full', 'concat', 'sharded'] as const;

const firsts = [
  'I have a question: {q} I will give you the facts one at a time. {p}',
  'Let us solve this bit by bit: {q} First: {p}',
  '{q} You will get what you need piece by piece. To begin with: {p}',
];
const lasts = [
  'That is all. Please answer now.',
  'Now you know everything. What is the answer?',
  'There is nothing more. Answer, please.',
];

/** One problem asked at once, as a list of facts, or one fact a turn; only the last turn counts. */
export function shardedProblem(
  rng: Rng,
  place: { readonly level: number; readonly variant: number },
): readonly UserTurn[] {
  const family = rng.pick(['arithmetic_chain', 'arithmetic_chain', 'seating_puzzle']);
  const [problem] = buildProblem(rng.fork('problem'), { family, level: Math.min(place.level, 2) });
  if (!problem?.parts) throw new Error(`${family} has no parts to tell one by one`);
  const line = `End with one line: ANSWER: ${answerPlaceholders[problem.form]}`;
  const facts = problem.parts.slice(0, -1);
  const question = problem.parts.at(-1) ?? '';
  const checkpoint = checkpointOf(problem);
  if (place.variant === 0) return [{ text: `${problem.question}\n\n${line}`, checkpoint }];
  if (place.variant === 1) {
    return [
      { text: `This is known:\n${facts.map((fact) => `- ${fact}`).join('\n')}\n\n${question}\n\n${line}`, checkpoint },
    ];
  }
  const pick = (wordings: readonly string[]): string => rng.pick(place.level === 0 ? wordings.slice(0, 1) : wordings);
  const [first = '', ...others] = facts;
  return [
    { text: pick(firsts).replace('{q}', question).replace('{p}', first), checkpoint: null },
    ...others.slice(0, -1).map((text): UserTurn => ({ text, checkpoint: null })),
    { text: `${others.at(-1) ?? ''} ${pick(lasts)} ${line}`.trimStart(), checkpoint },
  ];
}

const checkpointOf = ({ form, answer, nearMisses }: ReasoningProblem): Checkpoint => ({
  kind: 'answer',
  form,
  value: answer,
  stale: [],
  others: nearMisses.map(({ value }) => value),
  distance: 0,
  sameAs: null,
});
