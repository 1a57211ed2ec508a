import type { Rng } from '../../stats/rng.ts';
import { colours, objects, people } from '../reasoning/word-lists.ts';
import { categories, categoryNames } from './category-words.ts';

/** A question with its right answer and three wrong ones, before their order is drawn. */
export interface GeneratedChoice {
  readonly question: string;
  readonly gold: string;
  readonly others: readonly string[];
}

/** Makes a question of a level (0 the easiest); null when the drawn values do not tell one right answer. */
export type ChoiceTemplate = (rng: Rng, level: number) => GeneratedChoice | null;

const numberRanges: readonly (readonly [number, number])[] = [
  [1, 20],
  [10, 99],
  [100, 130],
];

/** Four numbers of a level, the largest first: single digits, two digits, close ones, decimals of different lengths. */
function fourNumbers(rng: Rng, level: number): readonly { readonly text: string; readonly value: number }[] {
  if (level === 3) {
    const whole = rng.integer(1, 9);
    const parts = rng.sample(['05', '3', '41', '5', '098', '7', '62', '8', '125', '9'], 4);
    return parts.map((part) => ({ text: `${whole}.${part}`, value: Number(`${whole}.${part}`) })).toSorted(byValue);
  }
  const [low, high] = numberRanges[level] ?? [1, 20];
  const values = new Set<number>();
  while (values.size < 4) values.add(rng.integer(low, high));
  return [...values].map((value) => ({ text: String(value), value })).toSorted(byValue);
}

const byValue = (a: { readonly value: number }, b: { readonly value: number }): number => b.value - a.value;

const largest: ChoiceTemplate = (rng, level) => {
  const [gold, ...others] = fourNumbers(rng, level).map(({ text }) => text);
  return { question: 'Which of these numbers is the largest?', gold: gold ?? '', others };
};

const smallest: ChoiceTemplate = (rng, level) => {
  const [gold, ...others] = fourNumbers(rng, level)
    .map(({ text }) => text)
    .toReversed();
  return { question: 'Which of these numbers is the smallest?', gold: gold ?? '', others };
};

/** The right number and three near it; null when a wrong one is not above zero. */
function withNearNumbers(question: string, gold: number, steps: readonly number[]): GeneratedChoice | null {
  const others = steps.map((step) => gold + step);
  const isSound = new Set([gold, ...others]).size === 4 && others.every((value) => value > 0);
  return isSound ? { question, gold: String(gold), others: others.map(String) } : null;
}

const sequence: ChoiceTemplate = (rng, level) => {
  const [start, step] = [rng.integer(1, 9 + level * 20), rng.integer(2, 4 + level * 3)];
  const next = (value: number, index: number): number => {
    if (level < 2) return value + step;
    return level === 2 ? value + step + index : value * 2 + (step % 2);
  };
  const terms = [start];
  while (terms.length < 5) terms.push(next(terms.at(-1) ?? 0, terms.length));
  const gold = terms.pop() ?? 0;
  const difference = gold - (terms.at(-1) ?? 0);
  const steps = rng.sample([1, -1, 2, -2, difference, -difference], 3);
  return withNearNumbers(`Which number comes next: ${terms.join(', ')}?`, gold, steps);
};

const calculation: ChoiceTemplate = (rng, level) => {
  const [a, b, c] = [rng.integer(2, 9 + level * 12), rng.integer(2, 9 + level * 4), rng.integer(2, 9)];
  const sums: readonly (readonly [string, number])[] = [
    [`${a} + ${b}`, a + b],
    [`${a + b} - ${b}`, a],
    [`${a} * ${b}`, a * b],
    [`${a} * ${b} + ${c}`, a * b + c],
  ];
  const [sum, gold] = sums[level] ?? ['', 0];
  return withNearNumbers(`How much is ${sum}?`, gold, rng.sample([1, -1, 2, -2, 10, -10], 3));
};

const oddOneOut: ChoiceTemplate = (rng) => {
  const [many = '', one = ''] = rng.sample(categoryNames, 2);
  return {
    question: 'Which of these words does not belong with the other three?',
    gold: rng.pick(categories[one] ?? []),
    others: rng.sample(categories[many] ?? [], 3),
  };
};

const member: ChoiceTemplate = (rng) => {
  const [wanted = '', ...rest] = rng.sample(categoryNames, 4);
  const article = /^[aeiou]/.test(wanted) ? 'an' : 'a';
  return {
    question: `Which of these words names ${article} ${wanted}?`,
    gold: rng.pick(categories[wanted] ?? []),
    others: rest.map((name) => rng.pick(categories[name] ?? [])),
  };
};

const tallest: ChoiceTemplate = (rng, level) => {
  const order = rng.sample(people, 4);
  const facts = order.slice(0, 3).map((name, index) => {
    const lower = order[index + 1] ?? '';
    return level > 0 && rng.chance(0.5) ? `${lower} is shorter than ${name}.` : `${name} is taller than ${lower}.`;
  });
  const wanted = level > 1 && rng.chance(0.5) ? 'shortest' : 'tallest';
  const gold = (wanted === 'tallest' ? order[0] : order[3]) ?? '';
  const told = level === 0 ? facts : rng.shuffle(facts);
  return { question: `${told.join(' ')} Who is the ${wanted}?`, gold, others: order.filter((name) => name !== gold) };
};

const boxes: ChoiceTemplate = (rng, level) => {
  const [inks, held] = [rng.sample(colours, 4), [...rng.sample(objects, 4)] as string[]];
  const told = inks.map((colour, index) => `The ${colour} box holds a ${held[index]}.`);
  for (let swap = 0; swap < level; swap++) {
    const [one = 0, two = 1] = rng.sample([0, 1, 2, 3], 2);
    told.push(`Then what is in the ${inks[one]} box and what is in the ${inks[two]} box change places.`);
    [held[one], held[two]] = [held[two] ?? '', held[one] ?? ''];
  }
  const wanted = rng.integer(0, 3);
  return {
    question: `${told.join(' ')} What is in the ${inks[wanted]} box${level > 0 ? ' now' : ''}?`,
    gold: held[wanted] ?? '',
    others: held.filter((_, index) => index !== wanted),
  };
};

const allWords = Object.values(categories).flat();

const alphabet: ChoiceTemplate = (rng, level) => {
  // Words that begin alike are harder to put in order.
  const initial = rng.pick(allWords)[0] ?? '';
  const pool = level < 2 ? allWords : allWords.filter((word) => word.startsWith(initial));
  if (pool.length < 4) return null;
  const words = rng.sample(pool, 4).sort();
  const isFirst = level % 2 === 0;
  const gold = (isFirst ? words[0] : words[3]) ?? '';
  const question = `Which of these words comes ${isFirst ? 'first' : 'last'} in a dictionary?`;
  return { question, gold, others: words.filter((word) => word !== gold) };
};

const wordLength: ChoiceTemplate = (rng, level) => {
  const words = rng.sample(allWords, 4).toSorted((a, b) => a.length - b.length);
  const lengths = words.map((word) => word.length);
  const isShortest = level % 2 === 1;
  const [gold, rival] = isShortest ? [words[0], words[1]] : [words[3], words[2]];
  const gap = Math.abs((gold?.length ?? 0) - (rival?.length ?? 0));
  if (gap === 0 || (level < 2 && gap < 2) || new Set(lengths).size < 2) return null;
  const question = `Which of these words has the ${isShortest ? 'fewest' : 'most'} letters?`;
  return { question, gold: gold ?? '', others: words.filter((word) => word !== gold) };
};

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const calendar: ChoiceTemplate = (rng, level) => {
  const today = rng.integer(0, 6);
  const days = rng.integer(1, [1, 3, 6, 30][level] ?? 1);
  const isBack = level > 1 && rng.chance(0.5);
  const day = (((today + (isBack ? -days : days)) % 7) + 7) % 7;
  const gold = weekdays[day] ?? '';
  const count = days === 1 ? 'one day' : `${days} days`;
  const question = `Today is ${weekdays[today]}. Which day ${isBack ? `was it ${count} ago` : `will it be in ${count}`}?`;
  return {
    question,
    gold,
    others: rng.sample(
      weekdays.filter((name) => name !== gold),
      3,
    ),
  };
};

const most: ChoiceTemplate = (rng, level) => {
  const names = rng.sample(people, 4);
  const counts = names.map(() => rng.integer(2, 9 + level * 10));
  const told = names.map((name, index) => `${name} has ${counts[index]} coins.`);
  for (let gift = 0; gift < level; gift++) {
    const [from = 0, to = 1] = rng.sample([0, 1, 2, 3], 2);
    const amount = rng.integer(1, Math.max(1, (counts[from] ?? 1) - 1));
    told.push(`${names[from]} gives ${amount} to ${names[to]}.`);
    counts[from] = (counts[from] ?? 0) - amount;
    counts[to] = (counts[to] ?? 0) + amount;
  }
  const best = Math.max(...counts);
  if (counts.filter((count) => count === best).length > 1) return null;
  const gold = names[counts.indexOf(best)] ?? '';
  return {
    question: `${told.join(' ')} Who has the most coins${level > 0 ? ' now' : ''}?`,
    gold,
    others: names.filter((name) => name !== gold),
  };
};

const directions = ['north', 'east', 'south', 'west'];

const turning: ChoiceTemplate = (rng, level) => {
  const start = rng.integer(0, 3);
  const turns = Array.from({ length: level + 1 }, () => rng.pick(['left', 'right', 'around'] as const));
  const quarter = { left: 3, right: 1, around: 2 } as const;
  const facing = turns.reduce((at, turn) => (at + quarter[turn]) % 4, start);
  const name = rng.pick(people);
  const told = turns.map((turn, index) => `${index === 0 ? '' : 'then '}turns ${turn}`).join(', ');
  return {
    question: `${name} faces ${directions[start]} and ${told}. Which way does ${name} face now?`,
    gold: directions[facing] ?? '',
    others: directions.filter((_, index) => index !== facing),
  };
};

const parity: ChoiceTemplate = (rng, level) => {
  const by = [2, 2, 5, 3][level] ?? 2;
  const high = [20, 99, 199, 99][level] ?? 20;
  const isMultiple = level !== 1;
  const values = new Set<number>();
  while (values.size < 4) {
    const value = rng.integer(by, high);
    if ((value % by === 0) === (values.size === 0 ? isMultiple : !isMultiple)) values.add(value);
  }
  const [gold = 0, ...others] = values;
  const asked = ['is even', 'is odd', 'can be divided by 5', 'can be divided by 3'][level] ?? '';
  return { question: `Which of these numbers ${asked}?`, gold: String(gold), others: others.map(String) };
};

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh'];

const position: ChoiceTemplate = (rng, level) => {
  const list = rng.sample(allWords, 4 + level);
  const wanted = rng.integer(0, list.length - 1);
  const gold = list[wanted] ?? '';
  return {
    question: `Here is a list: ${list.join(', ')}. Which word is the ${ordinals[wanted]} one?`,
    gold,
    others: rng.sample(
      list.filter((word) => word !== gold),
      3,
    ),
  };
};

const spelling: ChoiceTemplate = (rng, level) => {
  const letter = rng.pick(['b', 'c', 'd', 'f', 'g', 'h', 'k', 'l', 'm', 'p', 's', 't']);
  const has = (word: string): boolean => word.includes(letter);
  const isWith = level % 2 === 0;
  const [right, wrong] = [
    allWords.filter((word) => has(word) === isWith),
    allWords.filter((word) => has(word) !== isWith),
  ];
  return {
    question: `Which of these words is written ${isWith ? 'with' : 'without'} the letter ${letter}?`,
    gold: rng.pick(right),
    others: rng.sample(wrong, 3),
  };
};

/** The kinds of question by name, in the order in which they take turns. */
export const choiceTemplates: Readonly<Record<string, ChoiceTemplate>> = {
  largest,
  smallest,
  sequence,
  calculation,
  oddOneOut,
  member,
  tallest,
  boxes,
  alphabet,
  wordLength,
  calendar,
  most,
  turning,
  parity,
  position,
  spelling,
};
