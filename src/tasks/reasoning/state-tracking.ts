import type { Rng } from '../../stats/rng.ts';
import {
  atLevel,
  insertBetween,
  integerAt,
  numberSteps,
  type ReasoningFamily,
  type ReasoningProblem,
  type ReasoningVariant,
} from './reasoning-family.ts';
import { colours, objects, people } from './word-lists.ts';

/** Boxes are numbers; each holds one object. */
interface Move {
  readonly kind: 'swap' | 'rotate';
  readonly boxes: readonly number[];
}

const asides = [
  '{P} whistles a tune.',
  'A clock strikes in the next room.',
  '{P} wipes the table with a cloth.',
  'Somebody opens the window.',
  '{P} counts to ten.',
];
/** All say that contents move: who swaps the boxes themselves leaves every object in its box. */
const swaps = [
  '{P} swaps what is in the {a} box with what is in the {b} box.',
  '{P} swaps what is in the {a} and the {b} box.',
  'The contents of the {a} and the {b} box change places.',
];

interface Story {
  readonly text: string;
  readonly boxes: readonly string[];
  readonly things: readonly string[];
}

/** Objects in coloured boxes that are swapped and rotated; asked where one is (level 0) or where all are. */
export const stateTracking: ReasoningFamily = {
  id: 'state_tracking',
  build(rng, level) {
    const size = atLevel([3, 3, 4, 5], level);
    const count = integerAt(rng, level, { low: [1, 3, 5, 8], high: [2, 4, 7, 12] });
    const moves = Array.from({ length: count }, () => drawMove(rng, size, level));
    const states = [Array.from({ length: size }, (_, box) => box)];
    for (const move of moves) states.push(applied(states.at(-1) ?? [], move));
    const last = states.at(-1) ?? [];
    const asked = rng.integer(0, size - 1);
    // An object that ends where it began could be named without tracking.
    if (level === 0 ? last.indexOf(asked) === asked : last.every((object, box) => object === box)) return null;
    return (variant) => {
      const story = tell({ moves, size, level, asked }, variant, rng.fork(variant));
      return level === 0 ? askOne(story, states, asked) : askAll(story, states);
    };
  },
};

function tell(
  plot: { readonly moves: readonly Move[]; readonly size: number; readonly level: number; readonly asked: number },
  variant: ReasoningVariant,
  rng: Rng,
): Story {
  const isEasy = plot.level === 0;
  const boxes = rng.sample<string>(isEasy ? colours.slice(0, 5) : colours, plot.size);
  const things = rng.sample<string>(isEasy ? objects.slice(0, 4) : objects, plot.size);
  const cast = rng.sample<string>(isEasy ? people.slice(0, 8) : people, 3);
  const held = boxes.map(
    (box, index) => `the ${box} box holds ${isEasy && index !== plot.asked ? 'nothing' : `the ${things[index]}`}`,
  );
  const told = plot.moves.map((move) => say(move, { rng, boxes, cast, paraphrases: isEasy ? 1 : swaps.length }));
  const aside = rng.pick(asides).replace('{P}', rng.pick(cast));
  const sentences = variant === 'distractor' ? insertBetween(['', ...told], aside, rng).slice(1) : told;
  return { text: `At first ${held.join(', ')}. ${sentences.join(' ')}`, boxes, things };
}

function askOne(
  { text, boxes, things }: Story,
  states: readonly (readonly number[])[],
  asked: number,
): ReasoningProblem {
  const thing = things[asked] ?? '';
  const boxOf = (state: readonly number[]): string => boxes[state.indexOf(asked)] ?? '';
  return {
    question: `${text} What colour is the box that holds the ${thing} now?`,
    form: 'word',
    answer: boxOf(states.at(-1) ?? []),
    steps: numberSteps(states.slice(1).map((state) => `the ${thing} is in the ${boxOf(state)} box`)),
    nearMisses: [{ kind: 'intermediate_value', value: boxes[asked] ?? '' }],
  };
}

function askAll({ text, boxes, things }: Story, states: readonly (readonly number[])[]): ReasoningProblem {
  const held = (state: readonly number[]): string[] => state.map((object) => things[object] ?? '');
  const last = held(states.at(-1) ?? []);
  return {
    question: `${text} What do the boxes hold now? Name the objects in the order ${boxes.join(', ')}.`,
    form: 'words',
    answer: last.join(', '),
    steps: numberSteps(
      states.slice(1).map((state) =>
        held(state)
          .map((thing, index) => `${boxes[index]} ${thing}`)
          .join(', '),
      ),
    ),
    nearMisses: [
      { kind: 'reversed', value: last.toReversed().join(', ') },
      { kind: 'intermediate_value', value: held(states.at(-2) ?? []).join(', ') },
    ],
  };
}

function drawMove(rng: Rng, size: number, level: number): Move {
  const rotates = level > 1 && rng.chance(0.3);
  return {
    kind: rotates ? 'rotate' : 'swap',
    boxes: rng.sample(
      Array.from({ length: size }, (_, box) => box),
      rotates ? 3 : 2,
    ),
  };
}

/** A rotation moves the content of each named box to the next named one. */
function applied(state: readonly number[], { boxes }: Move): number[] {
  const next = [...state];
  boxes.forEach((box, index) => {
    next[boxes[(index + 1) % boxes.length] ?? 0] = state[box] ?? 0;
  });
  return next;
}

function say(
  move: Move,
  how: {
    readonly rng: Rng;
    readonly boxes: readonly string[];
    readonly cast: readonly string[];
    readonly paraphrases: number;
  },
): string {
  const person = how.rng.pick(how.cast);
  const [a = '', b = '', c = ''] = move.boxes.map((box) => how.boxes[box] ?? '');
  if (move.kind === 'rotate') {
    return `${person} moves what is in the ${a} box to the ${b} box, what was in the ${b} box to the ${c} box, and what was in the ${c} box to the ${a} box.`;
  }
  return how.rng.pick(swaps.slice(0, how.paraphrases)).replace('{P}', person).replace('{a}', a).replace('{b}', b);
}
