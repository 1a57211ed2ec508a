const { categories } = await import(new URL('../../dist/tasks/synthetic/category-words.js', import.meta.url));

const kindOf = new Map(Object.entries(categories).flatMap(([name, words]) => words.map((word) => [word, name])));
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const directions = ['north', 'east', 'south', 'west'];
const quarters = { left: 3, right: 1, around: 2 };

/** The words from the first to the last of a way round a ring, at most once round. */
const walk = (ring, from, steps) =>
  Array.from({ length: Math.abs(steps) % ring.length }, (_, index) => {
    const at = ring.indexOf(from) + (index + 1) * Math.sign(steps);
    return ring[((at % ring.length) + ring.length) % ring.length];
  }).join(' ');

/** The fewest letters from the front that tell the right word from the others. */
function prefixLength(options, gold) {
  let length = 1;
  while (options.some((text) => text !== gold && text.startsWith(gold.slice(0, length)))) length += 1;
  return length;
}

function coins(question) {
  const held = new Map(
    [...question.matchAll(/(\w+) has (\d+) coins/g)].map(([, name, count]) => [name, Number(count)]),
  );
  for (const [, from, amount, to] of question.matchAll(/(\w+) gives (\d+) to (\w+)/g)) {
    held.set(from, held.get(from) - Number(amount));
    held.set(to, held.get(to) + Number(amount));
  }
  return held;
}

/** What is in the box asked for, first and after each change that touches it. */
function boxContents(question) {
  const held = new Map(
    [...question.matchAll(/The (\w+) box holds a (\w+)/g)].map(([, colour, thing]) => [colour, thing]),
  );
  const [, wanted] = question.match(/What is in the (\w+) box/);
  const seen = [held.get(wanted)];
  for (const [, one, two] of question.matchAll(/what is in the (\w+) box and what is in the (\w+) box change/g)) {
    const [first, second] = [held.get(one), held.get(two)];
    held.set(one, second).set(two, first);
    if (one === wanted || two === wanted) seen.push(held.get(wanted));
  }
  return seen.join(' ');
}

function facings([, start, turns]) {
  let at = directions.indexOf(start);
  const seen = [...turns.matchAll(/left|right|around/g)].map(([turn]) => {
    at = (at + quarters[turn]) % directions.length;
    return directions[at];
  });
  return seen.join(' ');
}

function sums([, sum]) {
  const [a, sign, b, , c] = sum.split(' ');
  const result = { '+': Number(a) + Number(b), '-': a - b, '*': a * b }[sign];
  const first = `${a} ${sign} ${b} = ${result}`;
  return c === undefined ? first : `${first}\n${result} + ${c} = ${result + Number(c)}`;
}

/** The best of the options up to each one: the last is the best of all. */
const bestSoFar = (options, isBetter) =>
  options
    .map((_, index) =>
      options.slice(0, index + 1).reduce((best, each) => (isBetter(Number(each), Number(best)) ? each : best)),
    )
    .join(' ');

const divides = (by) => (text) => (text % by === 0 ? 'yes' : 'no');

/**
 * How a kind of question is worked out: by a property of each option (the answer has the one that no other has), or by steps that end in
 * the right option's text. A kind that is not here is answered by its text at once.
 */
const kinds = [
  [/does not belong|names an? /, { property: () => (text) => kindOf.get(text) }],
  [/in a dictionary/, { property: (_, options, gold) => (text) => text.slice(0, prefixLength(options, gold)) }],
  [/letters\?/, { property: () => (text) => text.length }],
  [/is even|is odd/, { property: () => (text) => (text % 2 === 0 ? 'even' : 'odd') }],
  [/be divided by (\d)/, { property: ([, by]) => divides(Number(by)) }],
  [
    /the letter (\w)/,
    {
      property:
        ([, letter]) =>
        (text) =>
          text.includes(letter) ? 'yes' : 'no',
    },
  ],
  [
    /most coins/,
    {
      property:
        ({ input }) =>
        (text) =>
          coins(input).get(text),
    },
  ],
  [/the largest/, { steps: (_, options) => bestSoFar(options, (a, b) => a > b) }],
  [/the smallest/, { steps: (_, options) => bestSoFar(options, (a, b) => a < b) }],
  [/How much is (.*)\?/, { steps: sums }],
  [/(\d+)\?$/, { steps: ([, last], _, gold) => `${last} + ${gold - last} = ${gold}` }],
  [
    /Today is (\w+).* it be in (one|\d+)/,
    { steps: ([, day, days]) => walk(weekdays, day, days === 'one' ? 1 : Number(days)) },
  ],
  [/Today is (\w+).* was it (one|\d+)/, { steps: ([, day, days]) => walk(weekdays, day, days === 'one' ? -1 : -days) }],
  [/box holds/, { steps: ({ input }) => boxContents(input) }],
  [/faces (\w+) and (.*)\. Which/, { steps: facings }],
];

/**
 * The working of a choice question: what is to be said of each option, and what it comes to, which is a property that only the right option
 * has, or steps that end in its text.
 */
export function choiceWork({ question, options }, gold) {
  const texts = options.map(({ text }) => text);
  const [pattern, way] = kinds.find(([each]) => each.test(question)) ?? [/^/, {}];
  const match = question.match(pattern);
  const property = way.property?.(match, texts, gold.text);
  if (property) {
    if (texts.some((text) => text !== gold.text && property(text) === property(gold.text)))
      throw new Error(`the property does not tell ${gold.text}: ${question}`);
    return { hasProperty: true, told: ({ text }) => `${text} ${property(text)}`, result: property(gold.text) };
  }
  const steps = way.steps?.(match, texts, gold.text) || gold.text;
  if (!steps.endsWith(gold.text)) throw new Error(`the steps do not lead to ${gold.text}: ${question}`);
  return { hasProperty: false, told: ({ text }) => text, result: steps };
}
