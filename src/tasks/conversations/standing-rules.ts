import {
  checkConstraint,
  conflict,
  constraintOf,
  satisfyingText,
  violatingText,
  type ConstraintUse,
} from '../../scorers/constraints/constraint-table.ts';
import { trivialAnswers } from '../../scorers/constraints/trivial-answers.ts';
import type { UserTurn } from '../../scorers/conversations/conversation-script.ts';
import type { Rng } from '../../stats/rng.ts';

/** Rules that make sense of every answer of a conversation. */
const standing = [
  'lowercase',
  'uppercase',
  'words_at_most',
  'words_exact',
  'first_word',
  'last_phrase',
  'ends_with_question',
  'quoted',
  'exclamations',
  'no_commas',
  'include_words',
  'bullets_exact',
  'capital_words',
  'highlights_exact',
  'title',
  'postscript',
  'placeholders',
  'numbers_exact',
  'word_times',
  'sentences_exact',
];
const topics = [
  'the sea',
  'a cat',
  'the moon',
  'bread',
  'a garden',
  'a train',
  'winter',
  'a market',
  'music',
  'a river',
  'coffee',
  'a mountain',
  'a library',
  'the wind',
  'a bicycle',
  'an island',
];
const requests = [
  'Write about {t}.',
  'Now write about {t}.',
  'Next, a few words about {t}.',
  'Now tell me something about {t}.',
  'Go on with {t}.',
];
const openings = [
  'From now on, in every answer: {r}',
  'This holds for all your answers in this conversation: {r}',
  'Keep to this until the end: {r}',
];
const additions = [
  'From now on also: {r}',
  'One more thing for all further answers: {r}',
  'And from here on, besides what I said before: {r}',
];

/** Turns, rules at the start and turns at which another rule is added, by level. */
const shapes = [
  { turns: 2, first: 1, addAt: [] },
  { turns: 3, first: 1, addAt: [1] },
  { turns: 4, first: 2, addAt: [2] },
  { turns: 6, first: 2, addAt: [2, 4] },
] as const;
const attempts = 400;

/** Rules that are said once and must hold in every later answer; more are added on the way. */
export function standingRules(rng: Rng, level: number): readonly UserTurn[] {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const turns = tryScript(rng.fork(`attempt-${attempt}`), level);
    if (turns) return turns;
  }
  throw new Error(`no standing rules at level ${level} in ${attempts} attempts`);
}

function tryScript(rng: Rng, level: number): readonly UserTurn[] | null {
  const shape = shapes[Math.min(level, shapes.length - 1)] ?? shapes[0];
  const addAt: readonly number[] = shape.addAt;
  const rules = drawRules(rng, level, shape.first + addAt.length);
  const said = rng.sample(topics.slice(0, level === 0 ? 6 : topics.length), shape.turns);
  const wordings = level === 0 ? 1 : 3;
  const turns: UserTurn[] = [];
  for (const [turn, topic] of said.entries()) {
    const active = rules.slice(0, shape.first + addAt.filter((at) => at <= turn).length);
    const fresh = turn === 0 ? active : addAt.includes(turn) ? active.slice(-1) : [];
    const rule = fresh
      .map(({ id, parameters }) => rng.pick(constraintOf(id).describe(parameters).slice(0, wordings)))
      .join(' ');
    const request = rng.pick(turn === 0 ? requests.slice(0, 1) : requests.slice(1, 1 + wordings)).replace('{t}', topic);
    const opening = rng.pick((turn === 0 ? openings : additions).slice(0, wordings)).replace('{r}', rule);
    const text = fresh.length === 0 ? request : `${opening} ${request}`;
    const right = satisfyingText(active, turn);
    if (right === null || !isFit(text, active, right)) return null;
    turns.push({ text, checkpoint: { kind: 'rules', constraints: active, text: right } });
  }
  return turns;
}

function drawRules(rng: Rng, level: number, count: number): readonly ConstraintUse[] {
  const pool = standing.map(constraintOf).filter((constraint) => constraint.level <= level);
  const chosen: typeof pool = [];
  for (const constraint of rng.shuffle(pool)) {
    if (chosen.length === count) break;
    if (!chosen.some((other) => conflict(other, constraint))) chosen.push(constraint);
  }
  return chosen.map((constraint) => ({ id: constraint.id, parameters: constraint.draw(rng, Math.min(level, 1)) }));
}

/** No trivial answer may keep the rules of any turn, and each rule must be breakable alone. */
function isFit(prompt: string, active: readonly ConstraintUse[], text: string): boolean {
  const passes = (answer: string): boolean => active.every((use) => checkConstraint(answer, use).passed);
  return (
    active.length > 0 &&
    ![...trivialAnswers(prompt).map((answer) => answer.text), 'Noted.', 'Done.', 'What do you mean?'].some(passes) &&
    active.every((use) => !checkConstraint(violatingText(text, use), use).passed)
  );
}
