import type { Rng } from '../../stats/rng.ts';
import { civilFromDays, daysFromCivil, type CivilDate } from './civil-date.ts';
import {
  atLevel,
  numberSteps,
  type ReasoningFamily,
  type ReasoningProblem,
  type ReasoningVariant,
} from './reasoning-family.ts';
import { people, places } from './word-lists.ts';

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const asides = [
  'The ticket costs {m} coins.',
  '{P} has {m} books to return.',
  'The hall has {m} chairs.',
  'It is {m} degrees outside.',
  '{P} packs {m} bags.',
];

type Builder = (rng: Rng, level: number) => (told: Telling) => ReasoningProblem;

/** What a wording may use: a person, places, an aside (empty unless the variant has one) and an offset that differs between variants. */
interface Telling {
  readonly person: string;
  readonly from: string;
  readonly to: string;
  readonly aside: string;
  readonly shift: number;
}

const pad = (value: number): string => String(value).padStart(2, '0');
const clock = (minutes: number): string =>
  `${pad(Math.floor((((minutes % 1440) + 1440) % 1440) / 60))}:${pad(((minutes % 60) + 60) % 60)}`;
const iso = ({ year, month, day }: CivilDate): string => `${year}-${pad(month)}-${pad(day)}`;
const sentences = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');

const laterTime: Builder = (rng, level) => {
  const start = level === 0 ? rng.integer(1, 20) * 60 : rng.integer(60, 1380);
  const hours = level === 0 ? rng.integer(1, 23 - start / 60) : rng.integer(2, 20);
  const minutes = level === 0 ? 0 : rng.integer(3, 57);
  const end = start + hours * 60 + minutes;
  const span = `${hours} ${hours === 1 ? 'hour' : 'hours'}${minutes > 0 ? ` and ${minutes} minutes` : ''}`;
  return ({ person, aside, shift }) => ({
    question: sentences(
      `${person} starts at ${clock(start)}.`,
      aside,
      [`What time is it ${span} later?`, `The work takes ${span}. When does it end?`][shift % 2] ?? '',
    ),
    form: 'time',
    answer: clock(end),
    steps: numberSteps(
      minutes === 0
        ? [`${start / 60} + ${hours} = ${end / 60}`]
        : [
            `${hours} * 60 + ${minutes} = ${hours * 60 + minutes}`,
            `${clock(start)} plus ${hours * 60 + minutes} minutes is ${clock(end)}`,
          ],
    ),
    nearMisses: [
      { kind: 'off_by_one', value: clock(end + 60) },
      { kind: 'reversed', value: clock(start - hours * 60 - minutes) },
    ],
  });
};

const laterWeekday: Builder = (rng, level) => {
  const start = rng.integer(0, 6);
  const days = level === 0 ? rng.integer(2, 6) : rng.integer(9, 200);
  return ({ person, aside, shift }) => {
    const from = (start + shift) % 7;
    const name = (day: number): string => weekdays[((day % 7) + 7) % 7] ?? '';
    return {
      question: sentences(
        `Today is ${name(from)}.`,
        aside,
        `${person} leaves in ${days} days. What day of the week is that?`,
      ),
      form: 'weekday',
      answer: name(from + days),
      steps: numberSteps([
        `${days} - 7 * ${Math.floor(days / 7)} = ${days % 7}`,
        `${days % 7} days after ${name(from)} is ${name(from + days)}`,
      ]),
      nearMisses: [
        { kind: 'off_by_one', value: name(from + days + 1) },
        { kind: 'off_by_one', value: name(from + days - 1) },
      ],
    };
  };
};

const laterDate: Builder = (rng, level) => {
  const start = daysFromCivil({ year: rng.integer(1990, 2060), month: rng.integer(1, 12), day: rng.integer(1, 28) });
  const days = level < 2 ? rng.integer(5, 40) : rng.integer(60, 700);
  const first = civilFromDays(start);
  const last = civilFromDays(start + days);
  return ({ person, aside, shift }) => ({
    question: sentences(
      [`A project begins on ${iso(first)}.`, `${person} arrives on ${iso(first)}.`][shift % 2] ?? '',
      aside,
      `Which date is ${days} days after ${iso(first)}?`,
    ),
    form: 'date',
    answer: iso(last),
    steps: numberSteps([`${iso(first)} plus ${days} days is ${iso(last)}`]),
    nearMisses: [
      { kind: 'off_by_one', value: iso(civilFromDays(start + days + 1)) },
      { kind: 'off_by_one', value: iso(civilFromDays(start + days - 1)) },
      { kind: 'reversed', value: iso(civilFromDays(start - days)) },
    ],
  });
};

const daysBetween: Builder = (rng) => {
  const start = daysFromCivil({ year: rng.integer(1990, 2060), month: rng.integer(1, 12), day: rng.integer(1, 28) });
  const days = rng.integer(45, 800);
  const [first, last] = [iso(civilFromDays(start)), iso(civilFromDays(start + days))];
  return ({ person, aside, shift }) => ({
    question: sentences(
      `${person} moves in on ${first} and out on ${last}.`,
      aside,
      [
        `How many days lie from ${first} to ${last}, counting the last day but not the first?`,
        `By how many days is ${last} later than ${first}?`,
      ][shift % 2] ?? '',
    ),
    form: 'integer',
    answer: String(days),
    steps: numberSteps([`from ${first} to ${last} it is ${days} days`]),
    nearMisses: [
      { kind: 'off_by_one', value: String(days + 1) },
      { kind: 'off_by_one', value: String(days - 1) },
    ],
  });
};

const journey: Builder = (rng) => {
  const start = rng.integer(300, 1380);
  const legs = [rng.integer(95, 400), rng.integer(95, 400)];
  const stop = rng.integer(15, 170);
  const zone = rng.pick([-5, -3, -2, 2, 3, 4, 6]);
  const total = (legs[0] ?? 0) + (legs[1] ?? 0) + stop;
  const span = (minutes: number): string =>
    `${Math.floor(minutes / 60)} ${minutes < 120 ? 'hour' : 'hours'} and ${minutes % 60} minutes`;
  return ({ person, from, to, aside }) => ({
    question: sentences(
      `${person} leaves ${from} at ${clock(start)} local time, travels ${span(legs[0] ?? 0)}, waits ${stop} minutes and travels another ${span(legs[1] ?? 0)} to ${to}.`,
      aside,
      `Clocks in ${to} are ${Math.abs(zone)} hours ${zone > 0 ? 'ahead of' : 'behind'} those in ${from}. What is the local time in ${to} on arrival?`,
    ),
    form: 'time',
    answer: clock(start + total + zone * 60),
    steps: numberSteps([
      `${legs[0]} + ${stop} + ${legs[1]} = ${total}`,
      `${clock(start)} plus ${total} minutes is ${clock(start + total)}`,
      `with the zones it is ${clock(start + total + zone * 60)}`,
    ]),
    nearMisses: [
      { kind: 'intermediate_value', value: clock(start + total) },
      { kind: 'reversed', value: clock(start + total - zone * 60) },
      { kind: 'off_by_one', value: clock(start + total + zone * 60 + 60) },
    ],
  });
};

/** Clock times, weekdays and dates, with leap years and time zones at the higher levels. */
export const calendar: ReasoningFamily = {
  id: 'calendar',
  build(rng, level) {
    const builders = atLevel<[Builder, ...Builder[]]>(
      [
        [laterTime, laterWeekday],
        [laterTime, laterWeekday, laterDate],
        [laterDate, daysBetween, laterWeekday],
        [journey, daysBetween, laterDate],
      ],
      level,
    );
    const tell = rng.pick(builders)(rng, level);
    return (variant) => tell(telling(variant, rng.fork(variant), level));
  },
};

function telling(variant: ReasoningVariant, rng: Rng, level: number): Telling {
  const [person = ''] = rng.sample<string>(level === 0 ? people.slice(0, 8) : people, 1);
  const [from = '', to = ''] = rng.sample<string>(places, 2);
  // Of three digits, so that no aside can be taken for an hour or a day.
  const aside = rng
    .pick(asides)
    .replace('{m}', String(rng.integer(801, 999)))
    .replace('{P}', person);
  return { person, from, to, aside: variant === 'distractor' ? aside : '', shift: variant === 'renamed' ? 1 : 0 };
}
