import type { MissionStep, PlannedCall } from '../../scorers/worlds/mission.ts';
import type { Row } from '../../scorers/worlds/simulation.ts';
import type { Rng } from '../../stats/rng.ts';
import { people } from '../reasoning/word-lists.ts';
import {
  countAt,
  fill,
  idsOf,
  makeRows,
  pages,
  pickRow,
  plan,
  refusedStep,
  untouched,
  type Scene,
  type Scenes,
} from './scenes.ts';

const cities = ['oslo', 'rome', 'cairo', 'lima', 'delhi', 'quito'];
const days = ['monday', 'wednesday', 'friday', 'sunday'];
const hotelNames = ['Bellevue', 'Central', 'Harbour', 'Park', 'Royal', 'Sunrise', 'Terminus', 'Victoria'];
const codeLetters = Array.from('BCDFGHJKLMNPQRSTVWXZ');

function seed(rng: Rng, level: number) {
  const used = cities.slice(0, countAt(level, [2, 3, 3, 4]));
  const routes = used.flatMap((origin) =>
    used.filter((destination) => destination !== origin).map((destination) => ({ origin, destination })),
  );
  const flown = rng.sample(days, countAt(level, [1, 2, 2, 3]));
  const flights = makeRows(
    rng,
    'fli',
    rng
      .sample(routes, countAt(level, [2, 4, 5, 7]))
      .flatMap((route) =>
        flown.flatMap((day) =>
          rng
            .sample([60, 75, 90, 110, 130, 150, 180, 210], countAt(level, [1, 2, 3, 4]))
            .map((price) => ({ ...route, day, price, seats: rng.integer(0, 9) })),
        ),
      )
      .slice(0, 88),
  );
  const prices = rng.sample([40, 55, 70, 85, 95, 120, 140, 160], hotelNames.length);
  const hotels = makeRows(
    rng,
    'hot',
    rng.sample(hotelNames, countAt(level, [2, 4, 6, 8])).map((name, index) => ({
      name,
      city: used[index % used.length] ?? '',
      price: prices[index] ?? 50,
      rooms: rng.integer(1, 9),
    })),
  );
  const codes = new Set<string>();
  while (codes.size < countAt(level, [3, 5, 8, 11]))
    codes.add(`${rng.pick(codeLetters)}${rng.pick(codeLetters)}${rng.integer(10, 99)}`);
  const bookings = makeRows(
    rng,
    'boo',
    [...codes].map((code, index): Row => {
      const traveller = rng.pick(people.slice(0, 8 + level * 4));
      return index % 2 === 0
        ? {
            code,
            kind: 'hotel',
            traveller,
            target: rng.pick(Object.keys(hotels)),
            nights: rng.integer(1, 6),
            status: 'booked',
          }
        : { code, kind: 'flight', traveller, target: rng.pick(Object.keys(flights)), seat: 'any', status: 'booked' };
    }),
  );
  return { flights, hotels, bookings };
}

const find = (code: string) => plan('find_booking', { code });
const codeOf = (booking: { readonly row: Row }): string => String(booking.row['code']);
const capital = (word: string): string => (word[0] ?? '').toUpperCase() + word.slice(1);

/** The cheapest of the rows that has any left; null when two share the price. */
function cheapest(rows: readonly (readonly [string, Row])[], left: string): readonly [string, Row] | null {
  const [first, second] = rows
    .filter(([, row]) => Number(row[left]) > 0)
    .toSorted(([, a], [, b]) => Number(a['price']) - Number(b['price']));
  return first && first[1]['price'] !== second?.[1]['price'] ? first : null;
}

function flightsLike(
  scene: Scene,
  route: { readonly origin: unknown; readonly destination: unknown; readonly day: unknown },
) {
  const rows = Object.entries(scene.tables['flights'] ?? {}).filter(
    ([, row]) => row['origin'] === route.origin && row['destination'] === route.destination && row['day'] === route.day,
  );
  const lookups: readonly PlannedCall[] = pages('search_flights', rows.length, {
    origin: capital(String(route.origin)),
    destination: capital(String(route.destination)),
    day: String(route.day),
  });
  return { rows, lookups };
}

const bookFlight = (scene: Scene): MissionStep | null => {
  const route = pickRow(scene, 'flights')?.row;
  if (!route) return null;
  const { rows, lookups } = flightsLike(scene, {
    origin: route['origin'],
    destination: route['destination'],
    day: route['day'],
  });
  const best = cheapest(rows, 'seats');
  if (!best) return null;
  const traveller = scene.rng.pick(people);
  const seat = scene.rng.pick(['any', 'any', 'aisle', 'window']);
  const gaps = {
    t: traveller,
    a: capital(String(route['origin'])),
    b: capital(String(route['destination'])),
    d: String(route['day']),
    s: seat,
  };
  const wordings =
    seat === 'any'
      ? [
          'Book the cheapest flight from {a} to {b} on {d} that has a seat left, for {t}.',
          '{t} wants to fly from {a} to {b} on {d}: book the cheapest flight with a free seat.',
        ]
      : ['Book the cheapest flight from {a} to {b} on {d} that has a seat left, for {t}, with a seat at the {s}.'];
  return {
    text: fill(scene.rng, wordings, gaps),
    lookups,
    writes: [plan('book_flight', { flight_id: best[0], traveller, ...(seat === 'any' ? {} : { seat }) })],
    touches: rows.map(([id]) => id),
  };
};

const changeFlight = (scene: Scene): MissionStep | null => {
  const booking = pickRow(scene, 'bookings', (row) => row['kind'] === 'flight' && row['status'] === 'booked');
  const before = scene.tables['flights']?.[String(booking?.row['target'])];
  const day = scene.rng.pick(days);
  if (!booking || !before || before['day'] === day) return null;
  const { rows, lookups } = flightsLike(scene, { origin: before['origin'], destination: before['destination'], day });
  const best = cheapest(rows, 'seats');
  if (!best) return null;
  return {
    text: fill(
      scene.rng,
      [
        'Move the flight booking {c} to {d}: same cities, the cheapest flight with a free seat.',
        'The booking {c} must be for {d} instead. Take the cheapest flight between the same cities that has a seat left.',
      ],
      { c: codeOf(booking), d: day },
    ),
    lookups: [
      find(codeOf(booking)),
      plan('get_booking', { booking_id: booking.id }),
      plan('get_flight', { flight_id: String(booking.row['target']) }),
      ...lookups,
    ],
    writes: [plan('change_flight', { booking_id: booking.id, flight_id: best[0] })],
    touches: [booking.id, String(booking.row['target']), ...rows.map(([id]) => id)],
  };
};

const cancel = (scene: Scene): MissionStep | null => {
  const booking = pickRow(scene, 'bookings', (row) => row['status'] === 'booked');
  return (
    booking && {
      text: fill(scene.rng, ['Cancel the booking {c}.', 'The booking {c} is no longer needed: cancel it.'], {
        c: codeOf(booking),
      }),
      lookups: [find(codeOf(booking))],
      writes: [plan('cancel_booking', { booking_id: booking.id })],
      touches: [booking.id],
    }
  );
};

const setNights = (scene: Scene): MissionStep | null => {
  const booking = pickRow(scene, 'bookings', (row) => row['kind'] === 'hotel');
  if (!booking) return null;
  const more = scene.rng.integer(1, 4);
  const nights = Number(booking.row['nights']) + more;
  return {
    text: fill(
      scene.rng,
      ['Make the hotel booking {c} {m} nights longer.', 'The guest of the hotel booking {c} stays {m} nights more.'],
      { c: codeOf(booking), m: more },
    ).replace(' 1 nights', ' 1 night'),
    lookups: [find(codeOf(booking)), plan('get_booking', { booking_id: booking.id })],
    writes: [plan('set_nights', { booking_id: booking.id, nights })],
    touches: [booking.id],
  };
};

const bookHotel = (scene: Scene): MissionStep | null => {
  const city = pickRow(scene, 'hotels')?.row['city'];
  const rows = Object.entries(scene.tables['hotels'] ?? {}).filter(([, row]) => row['city'] === city);
  const best = cheapest(rows, 'rooms');
  if (!best) return null;
  const [traveller, nights] = [scene.rng.pick(people), scene.rng.integer(2, 7)];
  return {
    text: fill(
      scene.rng,
      [
        'Book the cheapest hotel in {c} with a free room for {t}, {n} nights.',
        '{t} needs a room in {c} for {n} nights: take the cheapest hotel that has one.',
      ],
      { c: capital(String(city)), t: traveller, n: nights },
    ),
    lookups: pages('search_hotels', rows.length, { city: capital(String(city)) }),
    writes: [plan('book_hotel', { hotel_id: best[0], traveller, nights })],
    touches: rows.map(([id]) => id),
  };
};

const cancelAll = (scene: Scene): MissionStep | null => {
  const traveller = pickRow(scene, 'bookings')?.row['traveller'];
  const held = idsOf(scene, 'bookings', (row) => row['traveller'] === traveller && row['status'] === 'booked');
  if (held.length === 0 || held.length > 4) return null;
  return {
    text: fill(scene.rng, ['Cancel every booking of {t}.', '{t} does not travel: cancel all bookings in that name.'], {
      t: String(traveller),
    }),
    lookups: pages('list_bookings', Object.keys(scene.tables['bookings'] ?? {}).length),
    writes: held.map((id) => plan('cancel_booking', { booking_id: id })),
    // A booking made for the same traveller by another step would be in doubt.
    touches: [...held, `traveller ${String(traveller)}`],
  };
};

/** Marks the traveller of a new booking, so that no other step cancels it. */
const forTraveller =
  (make: (scene: Scene) => MissionStep | null) =>
  (scene: Scene): MissionStep | null => {
    const step = make(scene);
    const travellers =
      step?.writes.flatMap((call) =>
        'traveller' in call.arguments ? [`traveller ${String(call.arguments['traveller'])}`] : [],
      ) ?? [];
    return step && { ...step, touches: [...step.touches, ...travellers] };
  };

/** Requests to a travel agency. */
export const travelScenes: Scenes = {
  world: 'travel',
  seed,
  easyTools: ['set_nights', 'cancel_booking'],
  easySteps: [
    (scene) => {
      const booking = pickRow(scene, 'bookings', (row) => row['kind'] === 'hotel');
      const nights = scene.rng.integer(1, 9);
      return (
        booking && {
          text: `Set booking ${booking.id} to ${nights} nights.`,
          lookups: [],
          writes: [plan('set_nights', { booking_id: booking.id, nights })],
          touches: [booking.id],
        }
      );
    },
    (scene) => {
      const booking = pickRow(scene, 'bookings');
      return (
        booking && {
          text: `Cancel booking ${booking.id}.`,
          lookups: [],
          writes: [plan('cancel_booking', { booking_id: booking.id })],
          touches: [booking.id],
        }
      );
    },
  ],
  steps: [forTraveller(bookFlight), changeFlight, cancel, setNights, forTraveller(bookHotel), cancelAll],
  questions: [
    (scene) => {
      const booking = pickRow(
        scene,
        'bookings',
        (row) => row['kind'] === 'hotel' && row['code'] !== undefined && row['status'] === 'booked',
      );
      const hotel = scene.tables['hotels']?.[String(booking?.row['target'])];
      if (!booking || !hotel) return null;
      return {
        text: `What does the hotel booking ${codeOf(booking)} cost in all after that, nights times price?`,
        answer: {
          form: 'integer',
          value: String(Number(booking.row['nights']) * Number(hotel['price'])),
          lookups: [
            find(codeOf(booking)),
            plan('get_booking', { booking_id: booking.id }),
            plan('get_hotel', { hotel_id: String(booking.row['target']) }),
          ],
        },
      };
    },
  ],
  deadEnds: [
    ({ rng, tables }) => {
      const code = `A${rng.pick(codeLetters)}${rng.integer(10, 99)}`;
      return {
        text: `Cancel the booking ${code}.`,
        denied: null,
        impossible: {
          reason: 'not_found',
          entity: code,
          lookups: [find(code), ...pages('list_bookings', Object.keys(tables['bookings'] ?? {}).length)],
        },
      };
    },
    (scene) => {
      const step = setNights(scene);
      return refusedStep(step, String(scene.tables['bookings']?.[step?.touches[0] ?? '']?.['code']));
    },
  ],
  forbiddenTool: { text: 'Do not change any flight booking.', tools: ['change_flight'], ids: [] },
  leaveAlone: (scene, touched) => {
    const booking = pickRow(untouched(scene, 'bookings', touched), 'bookings');
    return booking && { text: `Leave the booking ${codeOf(booking)} as it is.`, tools: [], ids: [booking.id] };
  },
};
