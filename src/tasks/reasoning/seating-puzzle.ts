import type { Rng } from '../../stats/rng.ts';
import { atLevel, type ReasoningFamily } from './reasoning-family.ts';
import { people } from './word-lists.ts';

/** People are numbers here, seats count from 0 at the left. */
interface Clue {
  readonly kind: 'seat' | 'not_seat' | 'directly_left' | 'left' | 'beside' | 'not_beside' | 'end';
  readonly who: number;
  readonly other: number;
}

const holds = ({ kind, who, other }: Clue, seats: readonly number[]): boolean => {
  const at = seats.indexOf(who);
  if (kind === 'seat') return at === other;
  if (kind === 'not_seat') return at !== other;
  if (kind === 'end') return at === 0 || at === seats.length - 1;
  const there = seats.indexOf(other);
  if (kind === 'directly_left') return at + 1 === there;
  if (kind === 'left') return at < there;
  return (Math.abs(at - there) === 1) === (kind === 'beside');
};

const wordings: Readonly<Record<Clue['kind'], readonly string[]>> = {
  seat: ['{A} sits in seat {n}.', 'Seat {n} belongs to {A}.'],
  not_seat: ['{A} does not sit in seat {n}.', 'Seat {n} is not taken by {A}.'],
  directly_left: ['{A} sits directly left of {B}.', 'The seat just to the left of {B} is taken by {A}.'],
  left: ['{A} sits somewhere left of {B}.', '{B} sits further right than {A}.'],
  beside: ['{A} and {B} sit next to each other.', '{A} is a direct neighbour of {B}.'],
  not_beside: ['{A} and {B} do not sit next to each other.', '{A} is not a direct neighbour of {B}.'],
  end: ['{A} sits at one end of the row.', '{A} has a neighbour on one side only.'],
};
const asides = [
  '{A} likes tea.',
  '{A} came by train.',
  '{A} wears a green hat.',
  '{A} is the youngest.',
  '{A} brought a cake.',
];

/** Who sits where: a row of three to six people with clues that leave exactly one seating, none of them redundant. */
export const seatingPuzzle: ReasoningFamily = {
  id: 'seating_puzzle',
  build(rng, level) {
    const size = atLevel([3, 4, 5, 6], level);
    const all = permutations(size);
    const solution = rng.pick(all);
    const clues = minimalClues({ solution, all, level }, rng);
    if (!clues) return null;
    const listed = rng.shuffle(solution);
    if (listed.every((who, seat) => who === solution[seat])) return null;
    return (variant) => {
      const own = rng.fork(variant);
      const pool = own.sample<string>(level === 0 ? people.slice(0, 8) : people, size);
      const name = (who: number): string => pool[who] ?? '';
      const order = variant === 'renamed' ? own.shuffle(clues) : clues;
      const told = order.map((clue) => say(clue, { name, rng: own, paraphrases: level === 0 ? 1 : 2 }));
      if (variant === 'distractor')
        told.splice(own.integer(0, told.length), 0, own.pick(asides).replace('{A}', name(own.pick(solution))));
      const answer = solution.map(name);
      const parts = [
        `${size} people sit in a row of ${size} seats, seat 1 at the left: ${listed.map(name).join(', ')}.`,
        ...told,
        'Who sits where, from left to right?',
      ];
      return {
        question: parts.join(' '),
        parts,
        form: 'words',
        answer: answer.join(', '),
        steps: solution.map((who, seat) => `Seat ${seat + 1}: ${name(who)}`),
        nearMisses: [
          { kind: 'reversed', value: answer.toReversed().join(', ') },
          { kind: 'swapped', value: [answer[1], answer[0], ...answer.slice(2)].join(', ') },
        ],
      };
    };
  },
};

function say(
  clue: Clue,
  how: { readonly name: (who: number) => string; readonly rng: Rng; readonly paraphrases: number },
): string {
  return how.rng
    .pick(wordings[clue.kind].slice(0, how.paraphrases))
    .replace('{A}', how.name(clue.who))
    .replace('{B}', how.name(clue.other))
    .replace('{n}', String(clue.other + 1));
}

function permutations(size: number): number[][] {
  if (size === 0) return [[]];
  return permutations(size - 1).flatMap((shorter) =>
    Array.from({ length: size }, (_, at) => [...shorter.slice(0, at), size - 1, ...shorter.slice(at)]),
  );
}

/** Clues that together leave only the solution, and of which none can be left out; null when the kinds at hand do not suffice. */
function minimalClues(
  puzzle: {
    readonly solution: readonly number[];
    readonly all: readonly (readonly number[])[];
    readonly level: number;
  },
  rng: Rng,
): readonly Clue[] | null {
  const { solution, all, level } = puzzle;
  const kinds: Clue['kind'][] =
    level === 0
      ? ['seat', 'directly_left']
      : level === 1
        ? ['seat', 'directly_left', 'left', 'end']
        : ['not_seat', 'directly_left', 'left', 'beside', 'not_beside', 'end'];
  const numbers = solution.map((_, index) => index);
  const candidates = rng
    .shuffle(kinds.flatMap((kind) => numbers.flatMap((who) => numbers.map((other) => ({ kind, who, other })))))
    .filter(({ kind, who, other }) =>
      kind === 'seat' || kind === 'not_seat' ? true : kind === 'end' ? other === 0 : who !== other,
    )
    .filter((clue) => holds(clue, solution));
  const chosen: Clue[] = [];
  let left = all;
  for (const clue of candidates) {
    const rest = left.filter((seats) => holds(clue, seats));
    if (rest.length === left.length) continue;
    chosen.push(clue);
    left = rest;
    if (left.length === 1) break;
  }
  if (left.length > 1) return null;
  const needed = chosen.filter((clue) => {
    const others = chosen.filter((other) => other !== clue);
    return all.filter((seats) => others.every((other) => holds(other, seats))).length > 1;
  });
  // Dropping one redundant clue can make another one necessary: such draws are left aside.
  return all.filter((seats) => needed.every((clue) => holds(clue, seats))).length === 1 ? needed : null;
}
