import {
  checkConstraint,
  conflict,
  constraints,
  constraintOf,
  satisfyingText,
  violatingText,
  type ConstraintUse,
} from '../../scorers/constraints/constraint-table.ts';
import { trivialAnswers } from '../../scorers/constraints/trivial-answers.ts';
import type { Rng } from '../../stats/rng.ts';

/** A request with its rules, and a text that keeps them. */
export interface Instructions {
  readonly prompt: string;
  readonly constraints: readonly ConstraintUse[];
  readonly text: string;
}

const topics = [
  'the sea',
  'a friend',
  'the rain',
  'a cat',
  'the moon',
  'a tree',
  'bread',
  'a game',
  'a walk through an old town',
  'the first day of spring',
  'learning to cook',
  'a train journey at night',
  'the history of paper',
  'a visit to a museum',
  'how bees live',
  'a small shop',
  'winter in the mountains',
  'a letter from abroad',
  'the life of a clockmaker',
  'a street market',
  'why people keep diaries',
  'a lighthouse',
  'the smell of coffee',
  'moving house',
  'a day without electricity',
  'repairing a bicycle',
  'the sound of a river',
  'an unusual neighbour',
  'growing tomatoes',
  'a night under the stars',
] as const;
const openings = [
  'Write about {t}. {r}',
  'Write something about {t}. {r}',
  '{r} The topic: {t}.',
  'Write a short text about {t}.\n{l}',
  'Please write about {t}, and keep to these rules:\n{l}',
  'The topic is {t}. Rules:\n{l}',
  'I need a few lines about {t}.\n{l}',
  'Compose a text on {t}. It has to meet all of these conditions:\n{l}',
  'Topic: {t}\n\nRequirements:\n{l}',
  '{r} Write about {t}.',
] as const;
/** What is counted, said wherever a rule counts it. */
const countingNotes = [
  {
    claim: 'words',
    note: '(A word is a run of letters or digits; a hyphen or apostrophe inside it does not split it.)',
  },
  { claim: 'sentences', note: '(A sentence ends with a full stop, an exclamation mark or a question mark.)' },
  { claim: 'sentence_length', note: '(A sentence ends with a full stop, an exclamation mark or a question mark.)' },
];
const attempts = 400;

/** How many rules a prompt has at each level, from and to. */
const ruleCounts: readonly (readonly [number, number])[] = [
  [1, 2],
  [2, 2],
  [3, 3],
  [4, 5],
];

/**
 * Draws rules that do not conflict, proves by construction that they can be kept together, and rejects prompts that a trivial answer
 * passes or whose rules cannot each be broken alone. `turn` picks the rule that is always there, so that every kind gets its share.
 */
export function buildInstructions(rng: Rng, place: { readonly level: number; readonly turn: number }): Instructions {
  const pool = constraints.filter((constraint) => constraint.level <= place.level);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const draw = rng.fork(`attempt-${attempt}`);
    // After many misses the rule whose turn it is may not fit this level at all: the next one takes its place.
    const first = pool[(place.turn + Math.floor(attempt / 40)) % pool.length];
    const uses = drawRules(draw, { pool, first: first?.id ?? '', level: place.level });
    const text = satisfyingText(uses);
    if (text === null) continue;
    const prompt = writePrompt(draw, uses, place.level);
    if (isFit({ prompt, uses, text })) return { prompt, constraints: uses, text };
  }
  throw new Error(`no instructions at level ${place.level} in ${attempts} attempts`);
}

function drawRules(
  rng: Rng,
  how: { readonly pool: typeof constraints; readonly first: string; readonly level: number },
): readonly ConstraintUse[] {
  const [low, high] = ruleCounts[Math.min(how.level, ruleCounts.length - 1)] ?? [1, 1];
  const wanted = rng.integer(low, high);
  const chosen = [constraintOf(how.first)];
  for (const constraint of rng.shuffle(how.pool)) {
    if (chosen.length === wanted) break;
    if (!chosen.some((other) => conflict(other, constraint))) chosen.push(constraint);
  }
  return rng.shuffle(chosen).map((constraint) => ({ id: constraint.id, parameters: constraint.draw(rng, how.level) }));
}

function writePrompt(rng: Rng, uses: readonly ConstraintUse[], level: number): string {
  const rules = uses.map(({ id, parameters }) => {
    const wordings = constraintOf(id).describe(parameters);
    return level === 0 ? wordings[0] : rng.pick(wordings);
  });
  const notes =
    level === 0
      ? []
      : countingNotes.filter(({ claim }) => uses.some(({ id }) => constraintOf(id).claims.includes(claim)));
  const topic = rng.pick(topics.slice(0, level === 0 ? 8 : topics.length));
  const opening = rng.pick(openings.slice(0, level === 0 ? 3 : openings.length));
  const prompt = opening
    .replace('{t}', topic)
    .replace('{r}', rules.join(' '))
    .replace('{l}', rules.map((rule) => `- ${rule}`).join('\n'));
  return [...new Set([prompt, ...notes.map(({ note }) => note)])].join('\n');
}

function isFit(draft: {
  readonly prompt: string;
  readonly uses: readonly ConstraintUse[];
  readonly text: string;
}): boolean {
  const { prompt, uses, text } = draft;
  const passes = (answer: string): boolean => uses.every((use) => checkConstraint(answer, use).passed);
  return (
    !trivialAnswers(prompt).some((trivial) => passes(trivial.text)) &&
    uses.every((use) => !checkConstraint(violatingText(text, use), use).passed)
  );
}
