import type { Rng } from '../../stats/rng.ts';
import type { CaseRequest, LongContextCase, LongContextFamily } from './long-context-case.ts';

const first = [
  'Anna',
  'Peter',
  'Maria',
  'John',
  'Laura',
  'David',
  'Emma',
  'Paul',
  'Sarah',
  'Mark',
  'Julia',
  'Thomas',
  'Nina',
  'Simon',
  'Clara',
  'Victor',
  'Helen',
  'Oscar',
  'Alice',
  'Robert',
  'Diana',
  'George',
  'Irene',
  'Frank',
  'Rosa',
  'Martin',
  'Felix',
  'Lucy',
  'Daniel',
  'Grace',
  'Henry',
  'Rachel',
];
const last = [
  'Baker',
  'Stone',
  'Wood',
  'Hill',
  'Rivers',
  'King',
  'Fisher',
  'Young',
  'Hunter',
  'Cook',
  'Brown',
  'Green',
  'White',
  'Black',
  'Gray',
  'Bell',
  'Fox',
  'Wolf',
  'Lane',
  'Marsh',
  'Brook',
  'Parker',
  'Turner',
  'Walker',
  'Miller',
  'Potter',
  'Carter',
  'Mason',
  'Porter',
  'Shepherd',
  'Archer',
  'Page',
];
const middle = ['Lee', 'May', 'Jay', 'Kim', 'Ray', 'Ann', 'Bo', 'Lou'];
const towns = [
  'London',
  'Paris',
  'Berlin',
  'Madrid',
  'Rome',
  'Vienna',
  'Prague',
  'Lisbon',
  'Dublin',
  'Athens',
  'Oslo',
  'Helsinki',
  'Warsaw',
  'Budapest',
  'Brussels',
  'Geneva',
  'Milan',
  'Naples',
  'Lyon',
  'Hamburg',
  'Munich',
  'Boston',
  'Chicago',
  'Denver',
  'Dallas',
  'Seattle',
  'Toronto',
  'Sydney',
  'Delhi',
  'Cairo',
  'Tokyo',
  'Moscow',
];
const jobs = [
  'farmer',
  'teacher',
  'painter',
  'sailor',
  'baker',
  'doctor',
  'writer',
  'singer',
  'hunter',
  'driver',
  'guard',
  'nurse',
  'pilot',
  'judge',
  'artist',
  'lawyer',
  'dentist',
  'chef',
  'waiter',
  'banker',
  'actor',
  'dancer',
  'editor',
  'engineer',
  'butcher',
  'cleaner',
  'mechanic',
  'plumber',
  'barber',
  'miner',
  'tailor',
  'librarian',
];
const hobbies = [
  'chess',
  'music',
  'films',
  'hiking',
  'cooking',
  'dancing',
  'fishing',
  'painting',
  'reading',
  'running',
  'sailing',
  'singing',
  'skiing',
  'swimming',
  'tennis',
  'travel',
  'yoga',
  'poetry',
  'puzzles',
  'football',
  'cycling',
  'boxing',
  'golf',
  'camping',
  'knitting',
  'theatre',
  'history',
  'coffee',
  'opera',
  'jazz',
  'comics',
  'stars',
];

interface Person {
  readonly name: string;
  readonly town: string;
  readonly job: string;
  readonly hobby: string;
}

/** What is noted of a person, one line a fact. */
const tell = ({ name, town, job, hobby }: Person): readonly string[] => [
  `- ${name} lives in ${town}.`,
  `- The job of ${name} is ${job}.`,
  `- ${name} likes ${hobby}.`,
];

/** So many lines about people one after the other, the last of whom may be told in part. */
function notes(source: () => Person, count: number): string[] {
  const lines: string[] = [];
  while (lines.length < count) lines.push(...tell(source()));
  return lines.slice(0, count);
}

/** Endless different people; towns, jobs and hobbies are dealt like decks so that lengths stay even. */
function people(rng: Rng): () => Person {
  const names = rng.shuffle(Array.from({ length: first.length * middle.length * last.length }, (_, index) => index));
  const decks = new Map<readonly string[], string[]>();
  const deal = (list: readonly string[]): string => {
    const deck = decks.get(list) ?? [];
    if (deck.length === 0) deck.push(...rng.shuffle(list));
    decks.set(list, deck);
    return deck.pop() ?? '';
  };
  let count = 0;
  return () => {
    const code = names[count++ % names.length] ?? 0;
    const given = first[code % first.length] ?? '';
    const initial = middle[Math.floor(code / first.length) % middle.length] ?? '';
    const family = last[Math.floor(code / first.length / middle.length)] ?? '';
    return { name: `${given} ${initial} ${family}`, town: deal(towns), job: deal(jobs), hobby: deal(hobbies) };
  };
}

/** Questions about one of many people, directly or through a friend. */
function draw({ rng, depth }: CaseRequest): LongContextCase {
  const ask = rng.fork('question');
  const isTwoSteps = ask.chance(0.5);
  const place = depth ?? ask.uniform();
  const next = people(rng.fork('people'));
  const [asked, friend] = [next(), next()];
  const target = isTwoSteps ? friend : asked;
  const linkPlace = ask.uniform();
  const link = `- The best friend of ${asked.name} is ${friend.name}.`;
  const subject = isTwoSteps ? `the best friend of ${asked.name}` : asked.name;
  return {
    write: (units) => {
      const source = people(rng.fork('people'));
      const [one, two] = [source(), source()];
      const lines = notes(source, Math.max(0, units - 6));
      const betweenPeople = (depth: number): number => 3 * Math.round((depth * lines.length) / 3);
      // The later place first, so that the first insertion does not move the second.
      const extra = [
        { at: betweenPeople(place), lines: tell(isTwoSteps ? two : one) },
        { at: betweenPeople(linkPlace), lines: isTwoSteps ? [link, ...tell(one)] : tell(two) },
      ].toSorted((a, b) => b.at - a.at);
      for (const { at, lines: added } of extra) lines.splice(at, 0, ...added);
      return [
        'Read these notes about people. A question about them follows.',
        lines.join('\n'),
        `In which town does ${subject} live, and what is the job of ${subject}? End with one line: ANSWER: <town>, <job>`,
      ].join('\n\n');
    },
    expected: [target.town, target.job],
    distractors: isTwoSteps ? [asked.town, asked.job] : [friend.town, friend.job],
    depth: place,
  };
}

/** Question answering over synthetic biographies. */
export const biographyFamily: LongContextFamily = {
  id: 'qa',
  title: 'questions about one of many people',
  form: 'word',
  calibration: [96, 960],
  draw,
};
