import type { Rng } from '../../stats/rng.ts';
import {
  atLevel,
  insertBetween,
  integerAt,
  numberSteps,
  type ReasoningFamily,
  type ReasoningVariant,
} from './reasoning-family.ts';
import { people, things } from './word-lists.ts';

type Operation = { readonly kind: 'gain' | 'lose' | 'times' | 'share'; readonly amount: number };

const phrases: Readonly<Record<Operation['kind'], readonly string[]>> = {
  gain: [
    '{P} gets {k} more {I}.',
    '{P} buys {k} {I}.',
    '{P} finds {k} {I}.',
    'A friend gives {P} {k} {I}.',
    '{P} wins {k} {I}.',
    'A neighbour brings {P} {k} more {I}.',
    '{P} is handed {k} {I} at the door.',
    '{P} picks up another {k} {I}.',
  ],
  lose: [
    '{P} gives away {k} {I}.',
    '{P} loses {k} {I}.',
    '{P} sells {k} {I}.',
    '{P} uses {k} {I}.',
    '{k} of the {I} are taken away.',
    '{P} passes {k} {I} on to a cousin.',
    '{P} leaves {k} {I} behind.',
    '{P} has to hand back {k} {I}.',
  ],
  times: [
    'Then {P} makes the number of {I} {k} times as large.',
    'After that {P} has {k} times as many {I}.',
    'Overnight the {I} become {k} times as many.',
    '{P} trades them so that there are {k} times as many {I}.',
    'The pile of {I} grows to {k} times its size.',
    '{P} ends up with {k} times that number of {I}.',
    'A swap leaves {P} with {k} times as many {I}.',
    'The {I} multiply: now there are {k} times as many.',
  ],
  share: [
    '{P} splits the {I} into {k} equal groups and keeps one group.',
    '{P} shares the {I} equally among {k} bags and keeps one bag.',
    'The {I} are divided equally by {k} and {P} keeps one part.',
    '{P} puts the {I} into {k} equal piles and keeps just one pile.',
    '{P} deals the {I} out evenly to {k} people, {P} being one of them.',
    'Only one of {k} equal shares of the {I} stays with {P}.',
    '{P} cuts the stock of {I} into {k} equal lots and keeps one.',
    '{P} keeps one of {k} equal portions of the {I}.',
  ],
};
const starts = [
  '{P} has {k} {I}.',
  '{P} owns {k} {I}.',
  'There are {k} {I} in the box of {P}.',
  '{P} starts with {k} {I}.',
  '{P} counts {k} {I} at home.',
  'On Monday {P} has {k} {I}.',
  'The shelf of {P} holds {k} {I}.',
  'At first {P} has {k} {I}.',
];
const questions = [
  'How many {I} does {P} have now?',
  'How many {I} does {P} have at the end?',
  'What number of {I} does {P} have in the end?',
  'With how many {I} does {P} finish?',
  'How many {I} are left with {P}?',
  'Count the {I} that {P} has now. How many?',
  'In the end, how many {I} belong to {P}?',
  'How many {I} does {P} hold after all this?',
];
const asides = [
  '{Q} has {m} {J}.',
  'The bag weighs {m} grams.',
  '{Q} is {m} years old.',
  'The walk takes {m} minutes.',
  'The shop is open for {m} hours a week.',
  '{Q} once owned {m} {J}.',
  'There are {m} houses in the street.',
  'Page {m} of the paper shows {J}.',
];

const signs = { gain: '+', lose: '-', times: '*', share: '/' } as const;
const apply = (value: number, { kind, amount }: Operation): number =>
  kind === 'gain'
    ? value + amount
    : kind === 'lose'
      ? value - amount
      : kind === 'times'
        ? value * amount
        : value / amount;

/** Story problems: a count that is raised, lowered, multiplied and shared, one to nine steps long. */
export const arithmeticChain: ReasoningFamily = {
  id: 'arithmetic_chain',
  build(rng, level) {
    const count = integerAt(rng, level, { low: [1, 3, 4, 7], high: [2, 3, 6, 9] });
    const top = atLevel([20, 60, 400, 4000], level);
    const start = rng.integer(2, Math.min(top, 300));
    const operations: Operation[] = [];
    const values = [start];
    for (let step = 0; step < count; step++) {
      const operation = draw(rng, { value: values.at(-1) ?? 0, level, top });
      if (!operation) return null;
      operations.push(operation);
      values.push(apply(values.at(-1) ?? 0, operation));
    }
    const answer = values.at(-1) ?? 0;
    const stated = new Set([start, ...operations.map(({ amount }) => amount)]);
    const aside = rng.integer(2, top);
    // An answer that stands in the text, or is reached half-way, could be had without solving.
    if (
      answer < 1 ||
      stated.has(answer) ||
      values.slice(0, -1).includes(answer) ||
      aside === answer ||
      stated.has(aside)
    )
      return null;
    return (variant) => {
      const told = tell({ start, operations, aside }, rng.fork(variant), { variant, level });
      return {
        question: told.join(' '),
        parts: told,
        form: 'integer',
        answer: String(answer),
        steps: numberSteps(
          operations.map(
            (operation, i) => `${values[i]} ${signs[operation.kind]} ${operation.amount} = ${values[i + 1]}`,
          ),
        ),
        nearMisses: [
          { kind: 'off_by_one', value: String(answer + 1) },
          { kind: 'off_by_one', value: String(answer - 1) },
          { kind: 'intermediate_value', value: String(values.at(-2)) },
          ...(variant === 'distractor' ? ([{ kind: 'distractor', value: String(answer + aside) }] as const) : []),
        ],
      };
    };
  },
};

function draw(
  rng: Rng,
  at: { readonly value: number; readonly level: number; readonly top: number },
): Operation | null {
  const { value, level, top } = at;
  const kinds: Operation['kind'][] =
    level === 0 ? ['gain', 'lose'] : ['gain', 'gain', 'lose', 'lose', 'times', 'share'];
  const kind = rng.pick(kinds);
  if (kind === 'gain') return { kind, amount: rng.integer(2, Math.min(top, 300)) };
  if (kind === 'lose') return value < 4 ? null : { kind, amount: rng.integer(2, Math.min(value - 1, 300)) };
  if (kind === 'times') return value > 20 * top ? null : { kind, amount: rng.integer(2, level > 1 ? 6 : 3) };
  const divisors = [2, 3, 4, 5, 6, 7, 8, 9].filter((divisor) => value % divisor === 0 && value / divisor > 1);
  return divisors.length === 0 ? null : { kind, amount: rng.pick(divisors) };
}

function tell(
  story: { readonly start: number; readonly operations: readonly Operation[]; readonly aside: number },
  rng: Rng,
  how: { readonly variant: ReasoningVariant; readonly level: number },
): readonly string[] {
  const paraphrases = how.level === 0 ? 2 : 8;
  const names = how.level === 0 ? people.slice(0, 8) : people;
  const goods = how.level === 0 ? things.slice(0, 6) : things;
  const [person = '', other = ''] = rng.sample<string>(names, 2);
  const [item = '', otherItem = ''] = rng.sample<string>(goods, 2);
  const say = (templates: readonly string[], amount: number): string =>
    rng
      .pick(templates.slice(0, paraphrases))
      .replaceAll('{P}', person)
      .replaceAll('{I}', item)
      .replaceAll('{Q}', other)
      .replaceAll('{J}', otherItem)
      .replaceAll('{k}', String(amount))
      .replaceAll('{m}', String(amount));
  const sentences = [
    say(starts, story.start),
    ...story.operations.map(({ kind, amount }) => say(phrases[kind], amount)),
  ];
  const told = how.variant === 'distractor' ? insertBetween(sentences, say(asides, story.aside), rng) : sentences;
  return [...told, say(questions, 0)];
}
