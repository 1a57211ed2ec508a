import type { Checkpoint, UserTurn } from '../../scorers/conversations/conversation-script.ts';
import type { Rng } from '../../stats/rng.ts';
import { people } from '../reasoning/word-lists.ts';

interface Fact {
  readonly owner: string;
  readonly attribute: string;
  /** Values in the order in which they were true; `unknown` after a retraction. */
  readonly values: string[];
  /** User turn of the last change, from 0. */
  changedAt: number;
}

const attributes = [
  'locker code',
  'seat number',
  'room number',
  'badge number',
  'table number',
  'bus line',
  'lucky number',
  'phone extension',
];
const wordings = {
  tell: [
    'Remember that {o} {a} is {v}.',
    'Please note that {o} {a} is {v}.',
    'You should know that {o} {a} is {v}.',
    'For later: {o} {a} is {v}.',
    'Keep in mind that {o} {a} is {v}.',
  ],
  correct: [
    'Correction: {o} {a} is {v}, not {w}.',
    'I was wrong: {o} {a} is {v}.',
    'There is a change: {o} {a} is {v} now.',
    'Please update {o} {a} to {v}.',
  ],
  retract: [
    'Forget what I said about {o} {a}. Nobody knows it now.',
    'I take back what I said about {o} {a}: it is not known.',
    'What I said about {o} {a} was wrong, and the right one is not known.',
  ],
  ask: [
    'What is {o} {a}?',
    'Tell me {o} {a}.',
    'Which number is {o} {a} now?',
    'I need {o} {a}. What is it?',
    'Do you remember {o} {a}? Which number is it?',
  ],
  chat: [
    'By the way, it has been raining all day.',
    'I had soup for lunch.',
    'The train was late again.',
    'My neighbour plays the piano well.',
    'I hope the weekend will be sunny.',
  ],
} as const;
const answerLine = 'End with one line: ANSWER: <value, or unknown>';

/** What happens in which order at each level: tell, correct, retract (`r`) or ask for the fact of that number, or chat. */
const plots = [
  ['t0 a0', 't0 x a0'],
  ['t0 t1 c0 a1 a0', 't0 c0 t1 x a0 a1'],
  ['t0 t1 t2 c0 r1 a0 x a2 a1 a0', 't0 t1 a0 c0 t2 x a1 a0 a1'],
  ['t0 t1 t2 t3 c1 x r3 c1 a0 a3 a1 a2 a0', 't0 t1 r0 t2 a0 c0 t3 x c2 a1 a0 a2 a1'],
] as const;
const kinds = { t: 'tell', c: 'correct', r: 'retract', a: 'ask', x: 'chat' } as const;

/** Facts told, corrected and taken back, and asked for some turns later; every value is a number that stands for nothing else. */
export function factTracking(rng: Rng, level: number): readonly UserTurn[] {
  const plot = rng.pick<string>(plots[Math.min(level, plots.length - 1)] ?? plots[0]).split(' ');
  const facts = drawFacts(rng, level);
  const values = drawValues(rng, level);
  return plot.map((event, turn): UserTurn => {
    const kind = kinds[event[0] as keyof typeof kinds];
    const fact = facts[Number(event[1] ?? 0)];
    if (!fact) throw new RangeError(`no fact for ${event}`);
    const before = fact.values.at(-1) ?? '';
    if (kind === 'tell' || kind === 'correct') fact.values.push(values.pop() ?? '');
    if (kind === 'retract') fact.values.push('unknown');
    if (kind !== 'ask' && kind !== 'chat') fact.changedAt = turn;
    // What was taken back cannot be named as the wrong value.
    const usable = wordings[kind].filter((wording) => before !== 'unknown' || !wording.includes('{w}'));
    const text = rng
      .pick(level === 0 ? usable.slice(0, 1) : usable)
      .replace('{o}', fact.owner)
      .replace('{a}', fact.attribute)
      .replace('{v}', fact.values.at(-1) ?? '')
      .replace('{w}', before);
    if (kind !== 'ask') return { text, checkpoint: null };
    const isRepeated = plot.filter((other) => other === event).length > 1;
    return { text: `${text} ${answerLine}`, checkpoint: checkpointOf(fact, { facts, turn, isRepeated }) };
  });
}

function drawFacts(rng: Rng, level: number): Fact[] {
  if (level === 0) return [{ owner: 'my', attribute: rng.pick(attributes.slice(0, 4)), values: [], changedAt: 0 }];
  const owners = rng.sample<string>(people, 3).map((name) => `${name}'s`);
  const pairs = owners.flatMap((owner) => rng.sample(attributes, 3).map((attribute) => ({ owner, attribute })));
  return rng.sample(pairs, 4).map((pair) => ({ ...pair, values: [], changedAt: 0 }));
}

function drawValues(rng: Rng, level: number): string[] {
  const found = new Set<string>();
  while (found.size < 12) found.add(String(level === 0 ? rng.integer(10, 99) : rng.integer(100, 9999)));
  return [...found];
}

function checkpointOf(
  fact: Fact,
  how: { readonly facts: readonly Fact[]; readonly turn: number; readonly isRepeated: boolean },
): Checkpoint {
  const value = fact.values.at(-1) ?? '';
  const others = how.facts.filter((other) => other !== fact).flatMap((other) => other.values);
  return {
    kind: 'answer',
    form: 'word',
    value,
    stale: fact.values.slice(0, -1).filter((old) => old !== value),
    others: others.filter((other) => other !== 'unknown'),
    distance: how.turn - fact.changedAt,
    // Asked again after a change, another answer is no contradiction: the label counts the changes.
    sameAs: how.isRepeated ? `${fact.owner} ${fact.attribute} ${fact.values.length}` : null,
  };
}
