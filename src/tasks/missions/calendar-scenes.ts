import type { MissionStep } from '../../scorers/worlds/mission.ts';
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

const subjects = [
  'budget',
  'design',
  'hiring',
  'launch',
  'quality',
  'safety',
  'sales',
  'support',
  'training',
  'travel',
  'press',
  'legal',
  'garden',
  'music',
  'holiday',
];
const kinds = ['meeting', 'review', 'workshop', 'lunch'];
const roomNames = ['Maple', 'Birch', 'Cedar', 'Willow', 'Aspen', 'Elm'];
const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
const times = ['08:30', '09:00', '10:15', '11:00', '13:00', '14:30', '15:45', '16:20'];

function seed(rng: Rng, level: number) {
  const names = rng.sample(roomNames, countAt(level, [2, 3, 4, 6]));
  const seats = rng.sample([6, 8, 10, 12, 16, 20, 24, 30, 40], names.length);
  const rooms = makeRows(
    rng,
    'roo',
    names.map((name, index) => ({ name, seats: seats[index] ?? 6 })),
  );
  const titles = rng.sample(subjects, countAt(level, [3, 7, 11, 14])).map((subject) => `${subject} ${rng.pick(kinds)}`);
  const events = makeRows(
    rng,
    'eve',
    titles.map((title) => ({
      title,
      day: rng.pick(days),
      start: rng.pick(times),
      minutes: 60,
      room: rng.pick(Object.keys(rooms)),
      guests: rng.sample<string>(people, rng.integer(1, 3)).toSorted(),
      status: 'planned',
    })),
  );
  return { events, rooms };
}

const find = (title: string) => plan('find_event', { title });

const move = (scene: Scene): MissionStep | null => {
  const event = pickRow(scene, 'events');
  if (!event) return null;
  const title = String(event.row['title']);
  const [day, start] = [scene.rng.pick(days), scene.rng.pick(times)];
  return {
    text: fill(
      scene.rng,
      ['Move the {t} to {d} at {s}.', 'The {t} takes place on {d} at {s} instead.', 'Reschedule the {t}: {d}, {s}.'],
      { t: title, d: day, s: start },
    ),
    lookups: [find(title)],
    writes: [plan('move_event', { event_id: event.id, day, start })],
    touches: [event.id],
  };
};

const cancel = (scene: Scene): MissionStep | null => {
  const event = pickRow(scene, 'events');
  if (!event) return null;
  const title = String(event.row['title']);
  return {
    text: fill(scene.rng, ['Cancel the {t}.', 'The {t} does not take place: cancel it.'], { t: title }),
    lookups: [find(title)],
    writes: [plan('cancel_event', { event_id: event.id })],
    touches: [event.id],
  };
};

const rename = (scene: Scene): MissionStep | null => {
  const event = pickRow(scene, 'events');
  if (!event) return null;
  const title = `${scene.rng.pick(['annual', 'open', 'final', 'joint'])} ${scene.rng.pick(subjects)} ${scene.rng.pick(['session', 'hour', 'forum'])}`;
  const before = String(event.row['title']);
  return {
    text: fill(scene.rng, ['Rename the {t} to "{n}".', 'The {t} is to be called "{n}".'], { t: before, n: title }),
    lookups: [find(before)],
    writes: [plan('rename_event', { event_id: event.id, title })],
    touches: [event.id],
  };
};

const invite = (scene: Scene): MissionStep | null => {
  const event = pickRow(scene, 'events');
  if (!event) return null;
  const title = String(event.row['title']);
  const guests = scene.rng.sample(
    people.filter((name) => !(event.row['guests'] as readonly string[]).includes(name)),
    scene.rng.integer(1, 2),
  );
  return {
    text: fill(scene.rng, ['Invite {g} to the {t}.', 'Put {g} on the guest list of the {t}.'], {
      g: guests.join(' and '),
      t: title,
    }),
    lookups: [find(title)],
    writes: guests.map((guest) => plan('add_guest', { event_id: event.id, guest })),
    touches: [event.id],
  };
};

const uninvite = (scene: Scene): MissionStep | null => {
  const event = pickRow(scene, 'events', (row) => (row['guests'] as readonly string[]).length > 1);
  if (!event) return null;
  const title = String(event.row['title']);
  const guest = scene.rng.pick(event.row['guests'] as readonly string[]);
  return {
    text: fill(
      scene.rng,
      ['Take {g} off the guest list of the {t}.', '{g} cannot come to the {t}: remove this guest.'],
      { g: guest, t: title },
    ),
    lookups: [find(title)],
    writes: [plan('remove_guest', { event_id: event.id, guest })],
    touches: [event.id],
  };
};

const biggestRoom = (scene: Scene): MissionStep | null => {
  const event = pickRow(scene, 'events');
  const rooms = Object.entries(scene.tables['rooms'] ?? {}).toSorted(
    ([, a], [, b]) => Number(b['seats']) - Number(a['seats']),
  );
  const [best] = rooms;
  if (!event || !best || event.row['room'] === best[0]) return null;
  const title = String(event.row['title']);
  return {
    text: fill(
      scene.rng,
      ['Move the {t} to the room with the most seats.', 'The {t} needs the largest room we have.'],
      { t: title },
    ),
    lookups: [find(title), ...pages('list_rooms', rooms.length)],
    writes: [plan('set_room', { event_id: event.id, room_id: best[0] })],
    touches: [event.id, best[0]],
  };
};

const create = (scene: Scene): MissionStep | null => {
  const room = pickRow(scene, 'rooms');
  if (!room) return null;
  const title = `${scene.rng.pick(['new', 'extra', 'short'])} ${scene.rng.pick(subjects)} briefing`;
  const [day, start, minutes] = [scene.rng.pick(days), scene.rng.pick(times), scene.rng.pick([30, 45, 60, 90])];
  const guest = scene.rng.pick(people);
  const name = String(room.row['name']);
  return {
    text: fill(
      scene.rng,
      [
        'Make an event "{t}" on {d} at {s} for {m} minutes in the room {r}, and invite {g}.',
        'Put a {m}-minute event "{t}" into the calendar: {d}, {s}, room {r}. {g} is invited.',
      ],
      { t: title, d: day, s: start, m: minutes, r: name, g: guest },
    ),
    lookups: [plan('find_room', { name })],
    writes: [
      plan('create_event', { title, day, start, ...(minutes === 60 ? {} : { minutes }), room_id: room.id }),
      plan('add_guest', { event_id: '$created', guest }),
    ],
    touches: [room.id, `day ${day}`],
  };
};

const cancelDay = (scene: Scene): MissionStep | null => {
  const day = scene.rng.pick(days);
  const held = idsOf(scene, 'events', (row) => row['day'] === day);
  if (held.length === 0 || held.length > 4) return null;
  return {
    text: fill(scene.rng, ['Cancel everything that is planned for {d}.', 'All events on {d} must be cancelled.'], {
      d: day,
    }),
    lookups: pages('list_events', Object.keys(scene.tables['events'] ?? {}).length),
    writes: held.map((id) => plan('cancel_event', { event_id: id })),
    // No other step may move an event to or from that day, or make one.
    touches: [...Object.keys(scene.tables['events'] ?? {}), `day ${day}`],
  };
};

/** Requests about a calendar. */
export const calendarScenes: Scenes = {
  world: 'calendar',
  seed,
  easyTools: ['move_event', 'cancel_event'],
  easySteps: [
    (scene) => {
      const event = pickRow(scene, 'events');
      const [day, start] = [scene.rng.pick(days), scene.rng.pick(times)];
      return (
        event && {
          text: `Move event ${event.id} to ${day} at ${start}.`,
          lookups: [],
          writes: [plan('move_event', { event_id: event.id, day, start })],
          touches: [event.id],
        }
      );
    },
    (scene) => {
      const event = pickRow(scene, 'events');
      return (
        event && {
          text: `Cancel event ${event.id}.`,
          lookups: [],
          writes: [plan('cancel_event', { event_id: event.id })],
          touches: [event.id],
        }
      );
    },
  ],
  steps: [move, cancel, rename, invite, uninvite, biggestRoom, create, cancelDay],
  questions: [
    (scene) => {
      const event = pickRow(scene, 'events', (row) => row['status'] === 'planned');
      const room = scene.tables['rooms']?.[String(event?.row['room'])];
      return event && room
        ? {
            text: `How many seats does the room of the ${String(event.row['title'])} have after that?`,
            answer: {
              form: 'integer',
              value: String(room['seats']),
              lookups: [
                find(String(event.row['title'])),
                plan('get_event', { event_id: event.id }),
                plan('get_room', { room_id: String(event.row['room']) }),
              ],
            },
          }
        : null;
    },
    (scene) => {
      const event = pickRow(scene, 'events');
      return (
        event && {
          text: `On which day is the ${String(event.row['title'])} after that?`,
          answer: {
            form: 'weekday',
            value: String(event.row['day']),
            lookups: [find(String(event.row['title'])), plan('get_event', { event_id: event.id })],
          },
        }
      );
    },
  ],
  deadEnds: [
    ({ rng, tables }) => {
      const title = `${rng.pick(['astronomy', 'chess', 'pottery', 'sailing'])} ${rng.pick(kinds)}`;
      return {
        text: `Move the ${title} to ${rng.pick(days)} at ${rng.pick(times)}.`,
        denied: null,
        impossible: {
          reason: 'not_found',
          entity: title,
          lookups: [find(title), ...pages('list_events', Object.keys(tables['events'] ?? {}).length)],
        },
      };
    },
    (scene) => {
      const step = cancel(scene);
      return refusedStep(step, String(scene.tables['events']?.[step?.touches[0] ?? '']?.['title']));
    },
  ],
  forbiddenTool: { text: 'Do not rename anything.', tools: ['rename_event'], ids: [] },
  leaveAlone: (scene, touched) => {
    const event = pickRow(untouched(scene, 'events', touched), 'events');
    return event && { text: `Leave the ${String(event.row['title'])} as it is.`, tools: [], ids: [event.id] };
  },
};
