import type { Rng } from '../../stats/rng.ts';
import type { CaseRequest, LongContextCase, LongContextFamily } from './long-context-case.ts';
import { listWords } from './list-words.ts';

const mostOthers = 350;

function listCase(
  words: (units: number, rng: Rng) => readonly string[],
  input: {
    readonly rng: Rng;
    readonly question: string;
    readonly expected: readonly string[];
    readonly distractors: readonly string[];
  },
): LongContextCase {
  return {
    write: (units) => {
      const rng = input.rng.fork('order');
      return [
        'Read this list of words. A question about it follows.',
        rng.shuffle(words(units, rng)).join(' '),
        `${input.question} End with one line: ANSWER: <words, with commas>`,
      ].join('\n\n');
    },
    expected: input.expected,
    distractors: input.distractors,
    depth: null,
  };
}

const repeated = (word: string, times: number): readonly string[] => Array.from({ length: times }, () => word);

/** Some words ten times as often as every other one (three times where the text is very short). */
function drawCommon({ rng, isShort }: CaseRequest): LongContextCase {
  const count = isShort ? 3 : 10;
  const pool = rng.shuffle(listWords);
  const common = pool.slice(0, count);
  const others = pool.slice(count, count + mostOthers);
  const words = (units: number): readonly string[] => {
    const rounds = Math.max(1, Math.round(units / (10 * count + mostOthers)));
    const frequency = rounds * (units < 30 * count ? 4 : 10);
    const rest = Math.max(0, units - count * frequency);
    return [
      ...common.flatMap((word) => repeated(word, frequency)),
      ...Array.from({ length: rest }, (_, index) => others[index % others.length] ?? ''),
    ];
  };
  return listCase(words, {
    rng,
    question: `Which ${count} words are the most frequent in the list?`,
    expected: common,
    distractors: others.slice(0, 2 * count),
  });
}

/** Words whose frequency falls with the square of their rank. */
function drawFrequent({ rng, isShort }: CaseRequest): LongContextCase {
  const kinds = isShort ? 12 : 60;
  // The first word is more than half of the list: words of one length keep the lists of all seeds about as long.
  const pool = rng.sample(
    listWords.filter((word) => word.length === 5),
    kinds,
  );
  const weights = pool.map((_, rank) => 1 / (rank + 1) ** 2);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const words = (units: number): readonly string[] => {
    const counts = weights.map((weight) => Math.max(1, Math.round((units * weight) / sum)));
    const drift = counts.reduce((total, count) => total + count, 0) - units;
    counts[0] = Math.max((counts[1] ?? 0) + 1, (counts[0] ?? 0) - drift);
    return pool.flatMap((word, rank) => repeated(word, counts[rank] ?? 0));
  };
  return listCase(words, {
    rng,
    question: 'Which three words are the most frequent in the list?',
    expected: pool.slice(0, 3),
    distractors: pool.slice(3, 9),
  });
}

/** Questions about how often words stand in a list. */
export const wordListFamilies: readonly LongContextFamily[] = [
  {
    id: 'common_words',
    title: 'most frequent words against an even background',
    form: 'word',
    calibration: [200, 1200],
    draw: drawCommon,
  },
  {
    id: 'frequent_words',
    title: 'three most frequent words',
    form: 'word',
    calibration: [200, 1200],
    draw: drawFrequent,
  },
];
