import type { Rng } from '../../stats/rng.ts';
import { composeHaystack, type HiddenSentence } from './compose-haystack.ts';
import type { CaseRequest, LongContextCase, LongContextFamily } from './long-context-case.ts';

const qualities = [
  'amber',
  'crimson',
  'golden',
  'silver',
  'purple',
  'copper',
  'marble',
  'ivory',
  'ruby',
  'jade',
  'bronze',
  'violet',
];
const animals = [
  'tiger',
  'wolf',
  'eagle',
  'rabbit',
  'dragon',
  'lion',
  'bear',
  'panda',
  'turtle',
  'dolphin',
  'shark',
  'spider',
  'whale',
  'fox',
  'owl',
  'crow',
];
const wordings = [
  'The code of the {k} is {v}.',
  'Remember that the code of the {k} is {v}.',
  'For the {k} the code is {v}.',
  'Somebody wrote down that the code of the {k} is {v}.',
  'It is said that the {k} has the code {v}.',
  'Note that {v} is the code of the {k}.',
  'The {k} answers to the code {v}.',
  'To call the {k}, use the code {v}.',
];
const decoys = [
  'The last invoice has the number {v}.',
  'The old archive holds {v} pages.',
  'The car has the number plate {v}.',
  'The museum counted {v} visitors.',
];

/** Different keys such as `amber tiger`. */
const drawKeys = (rng: Rng, count: number): readonly string[] =>
  rng.sample(
    qualities.flatMap((quality) => animals.map((animal) => `${quality} ${animal}`)),
    count,
  );

/** Different numbers of seven digits, three where the text is short. */
function drawNumbers(rng: Rng, count: number, isShort: boolean): readonly string[] {
  const found = new Set<string>();
  while (found.size < count) found.add(String(isShort ? rng.integer(101, 998) : rng.integer(1_000_001, 9_999_998)));
  return [...found];
}

const say = (rng: Rng, key: string, value: string): string =>
  rng.pick(wordings).replace('{k}', key).replace('{v}', value);

interface Search {
  readonly rng: Rng;
  readonly needles: readonly HiddenSentence[];
  readonly others: readonly string[];
  readonly question: string;
  readonly expected: readonly string[];
  readonly distractors: readonly string[];
}

/** Needles at their depths, everything else at random ones. */
function searchCase({ rng, needles, others, question, expected, distractors }: Search): LongContextCase {
  const hidden = [...needles, ...others.map((text) => ({ depth: rng.uniform(), text }))];
  const plural = expected.length > 1;
  return {
    write: (units) =>
      [
        'Read this text. Some codes are hidden in it, and a question about them follows.',
        composeHaystack(rng.fork('filler'), units, hidden),
        `${question} End with one line: ANSWER: ${plural ? '<numbers, with commas>' : '<number>'}`,
      ].join('\n\n'),
    expected,
    distractors,
    depth: needles.reduce((sum, { depth }) => sum + depth, 0) / needles.length,
  };
}

const sayDecoys = (rng: Rng, values: readonly string[]): readonly string[] =>
  values.map((value, index) => (decoys[index % decoys.length] ?? '').replace('{v}', value));

function drawSingle({ rng, isShort, depth }: CaseRequest): LongContextCase {
  const [key = ''] = drawKeys(rng, 1);
  const [value = '', ...others] = drawNumbers(rng, isShort ? 3 : 5, isShort);
  return searchCase({
    rng,
    needles: [{ depth: depth ?? rng.uniform(), text: say(rng, key, value) }],
    others: sayDecoys(rng, others),
    question: `What is the code of the ${key}?`,
    expected: [value],
    distractors: others,
  });
}

function drawMultikey({ rng, isShort, depth }: CaseRequest): LongContextCase {
  const [key = '', ...keys] = drawKeys(rng, isShort ? 3 : 9);
  const [value = '', ...values] = drawNumbers(rng, keys.length + 1, isShort);
  return searchCase({
    rng,
    needles: [{ depth: depth ?? rng.uniform(), text: say(rng, key, value) }],
    others: keys.map((other, index) => say(rng, other, values[index] ?? '')),
    question: `What is the code of the ${key}?`,
    expected: [value],
    distractors: values,
  });
}

function drawMultivalue({ rng, isShort }: CaseRequest): LongContextCase {
  const count = isShort ? 2 : 4;
  const [key = '', ...keys] = drawKeys(rng, 1 + count);
  const values = drawNumbers(rng, 2 * count, isShort);
  const expected = values.slice(0, count);
  return searchCase({
    rng,
    needles: expected.map((value) => ({ depth: rng.uniform(), text: say(rng, key, value) })),
    others: keys.map((other, index) => say(rng, other, values[count + index] ?? '')),
    question: `The ${key} has ${count} different codes. What are all of them?`,
    expected,
    distractors: values.slice(count),
  });
}

function drawMultiquery({ rng, isShort }: CaseRequest): LongContextCase {
  const count = isShort ? 2 : 4;
  const keys = drawKeys(rng, 2 * count);
  const values = drawNumbers(rng, keys.length, isShort);
  const asked = keys.slice(0, count).map((key) => `the ${key}`);
  return searchCase({
    rng,
    needles: asked.map((_, index) => ({
      depth: rng.uniform(),
      text: say(rng, keys[index] ?? '', values[index] ?? ''),
    })),
    others: keys.slice(count).map((key, index) => say(rng, key, values[count + index] ?? '')),
    question: `What are the codes of ${asked.slice(0, -1).join(', ')} and ${asked.at(-1)}?`,
    expected: values.slice(0, count),
    distractors: values.slice(count),
  });
}

/** Four-letter names that are no words. */
function drawVariables(rng: Rng, count: number): readonly string[] {
  const found = new Set<string>();
  const letters = Array.from('BCDFGHJKLMNPQRSTVWXZ');
  while (found.size < count) found.add(Array.from({ length: 4 }, () => rng.pick(letters)).join(''));
  return [...found];
}

function drawTracing({ rng, isShort }: CaseRequest): LongContextCase {
  const length = isShort ? 2 : 5;
  const chains = isShort ? 2 : 3;
  const names = drawVariables(rng, length * chains);
  const values = drawNumbers(rng, chains, isShort);
  const hidden = values.flatMap((value, chain) => {
    // Each variable takes its value from the one before it, so the order in the text is that of the chain.
    const depths = Array.from({ length }, () => rng.uniform()).toSorted((a, b) => a - b);
    const own = names.slice(chain * length, (chain + 1) * length);
    return own.map((name, hop) => ({
      depth: depths[hop] ?? 0,
      text: `VAR ${name} = ${hop === 0 ? value : `VAR ${own[hop - 1]}`}.`,
    }));
  });
  const order = hidden.slice(0, length);
  return {
    write: (units) =>
      [
        'Read this text. Some variables are assigned in it, and a question about them follows.',
        composeHaystack(rng.fork('filler'), units, hidden),
        `Which variables have the value ${values[0]}, assigned directly or through other variables? End with one line: ANSWER: <names, with commas>`,
      ].join('\n\n'),
    expected: names.slice(0, length),
    distractors: names.slice(length),
    depth: order.reduce((sum, { depth }) => sum + depth, 0) / length,
  };
}

const calibration = [32, 320] as const;

/** One fact in filler text. */
export const singleNeedle: LongContextFamily = {
  id: 'single',
  title: 'one fact',
  form: 'number',
  calibration,
  draw: drawSingle,
};

/** Search for facts in filler text: one, one among many alike, several of one key, several keys, chains of variables. */
export const needleFamilies: readonly LongContextFamily[] = [
  singleNeedle,
  { id: 'multikey', title: 'one fact among many alike', form: 'number', calibration, draw: drawMultikey },
  { id: 'multivalue', title: 'all values of one key', form: 'number', calibration, draw: drawMultivalue },
  { id: 'multiquery', title: 'values of several keys', form: 'number', calibration, draw: drawMultiquery },
  { id: 'variable_tracing', title: 'chains of variables', form: 'word', calibration, draw: drawTracing },
];
