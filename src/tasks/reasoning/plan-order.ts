import type { Rng } from '../../stats/rng.ts';
import {
  atLevel,
  insertBetween,
  numberSteps,
  type ReasoningFamily,
  type ReasoningProblem,
  type ReasoningVariant,
} from './reasoning-family.ts';
import { jobs } from './word-lists.ts';

/** `before` must be done before `after`; jobs are numbers in their only possible order. */
interface Constraint {
  readonly before: number;
  readonly after: number;
}

const wordings = [
  '{a} comes before {b}.',
  '{b} needs {a} to be done first.',
  '{b} can start only after {a}.',
  '{a} must be finished before {b}.',
];
const asides = [
  '{c} was done last week and is not needed today.',
  'Nobody has asked for {c}.',
  'The plan for next month mentions {c}.',
  '{c} is another team’s job.',
];

/** Jobs with constraints: the only possible order, or the earliest end when jobs may run side by side. */
export const planOrder: ReasoningFamily = {
  id: 'plan_order',
  build: (rng, level) => (level > 1 && rng.chance(0.5) ? buildSchedule(rng, level) : buildOrder(rng, level)),
};

function buildOrder(rng: Rng, level: number): ((variant: ReasoningVariant) => ReasoningProblem) | null {
  const size = atLevel([3, 4, 5, 7], level);
  // Neighbours in the order must be constrained or the order would not be the only one; further pairs add noise.
  const chain = Array.from({ length: size - 1 }, (_, before) => ({ before, after: before + 1 }));
  const extra = Array.from({ length: Math.max(0, level) }, () => drawPair(rng, size)).filter(
    ({ before, after }) => after - before > 1,
  );
  const constraints = rng.shuffle([...chain, ...extra]);
  const listed = rng.shuffle(Array.from({ length: size }, (_, job) => job));
  if (listed.every((job, index) => job === index) || constraints.every(({ before }, index) => before === index))
    return null;
  return (variant) => {
    const own = rng.fork(variant);
    const { name, spare } = nameJobs(own, size, level);
    const order = Array.from({ length: size }, (_, job) => name(job));
    return {
      question: `Jobs: ${listed.map(name).join(', ')}. ${tell(constraints, { variant, rng: own, name, spare, level }).join(' ')} In which order must they be done?`,
      form: 'words',
      answer: order.join(', '),
      steps: numberSteps(order),
      nearMisses: [
        { kind: 'reversed', value: order.toReversed().join(', ') },
        { kind: 'swapped', value: [...order.slice(0, -2), order.at(-1), order.at(-2)].join(', ') },
      ],
    };
  };
}

function buildSchedule(rng: Rng, level: number): ((variant: ReasoningVariant) => ReasoningProblem) | null {
  const size = level > 2 ? 7 : 5;
  const durations = Array.from({ length: size }, () => rng.integer(5, 60));
  const constraints = uniquePairs(
    Array.from({ length: size + level - 2 }, () => drawPair(rng, size)),
    size,
  );
  const ends: number[] = [];
  const starts: number[] = [];
  for (let job = 0; job < size; job++) {
    starts[job] = Math.max(
      0,
      ...constraints.filter(({ after }) => after === job).map(({ before }) => ends[before] ?? 0),
    );
    ends[job] = (starts[job] ?? 0) + (durations[job] ?? 0);
  }
  const answer = Math.max(...ends);
  const total = durations.reduce((sum, duration) => sum + duration, 0);
  if (durations.includes(answer) || answer === total) return null;
  const listed = rng.shuffle(Array.from({ length: size }, (_, job) => job));
  return (variant) => {
    const own = rng.fork(variant);
    const { name, spare } = nameJobs(own, size, level);
    return {
      question: `Jobs and their minutes: ${listed.map((job) => `${name(job)} ${durations[job]}`).join(', ')}. ${tell(constraints, { variant, rng: own, name, spare, level }).join(' ')} Any number of jobs may run at the same time. After how many minutes can all be done at the earliest?`,
      form: 'integer',
      answer: String(answer),
      steps: numberSteps(ends.map((end, job) => `${starts[job]} + ${durations[job]} = ${end}`)),
      nearMisses: [
        { kind: 'intermediate_value', value: String(total) },
        { kind: 'off_by_one', value: String(answer + 1) },
      ],
    };
  };
}

function drawPair(rng: Rng, size: number): Constraint {
  const before = rng.integer(0, size - 2);
  return { before, after: rng.integer(before + 1, size - 1) };
}

function uniquePairs(pairs: readonly Constraint[], size: number): readonly Constraint[] {
  return [...new Map(pairs.map((pair) => [pair.before * size + pair.after, pair])).values()];
}

function nameJobs(
  rng: Rng,
  size: number,
  level: number,
): { readonly name: (job: number) => string; readonly spare: string } {
  const names = rng.sample<string>(level === 0 ? jobs.slice(0, 6) : jobs, size + 1);
  return { name: (job) => names[job] ?? '', spare: names[size] ?? '' };
}

function tell(
  constraints: readonly Constraint[],
  how: {
    readonly variant: ReasoningVariant;
    readonly rng: Rng;
    readonly name: (job: number) => string;
    readonly spare: string;
    readonly level: number;
  },
): readonly string[] {
  const { variant, rng, name, spare, level } = how;
  const capital = (text: string): string => (text[0] ?? '').toUpperCase() + text.slice(1);
  const told = (variant === 'renamed' ? rng.shuffle(constraints) : constraints).map(({ before, after }) =>
    capital(
      rng
        .pick(wordings.slice(0, level === 0 ? 1 : wordings.length))
        .replace('{a}', name(before))
        .replace('{b}', name(after)),
    ),
  );
  return variant === 'distractor' ? insertBetween(told, capital(rng.pick(asides).replace('{c}', spare)), rng) : told;
}
