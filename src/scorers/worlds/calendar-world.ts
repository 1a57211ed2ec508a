import type { Json } from '../../core/json.ts';
import { asSet, findRows, insertRow, listRows, rowOf, setFields, writableRow, type Row } from './simulation.ts';
import { cursor, oneOf, reading, text, writing, type World } from './world.ts';

const day = oneOf('monday', 'tuesday', 'wednesday', 'thursday', 'friday');
const start = { type: 'string', pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'HH:MM' };
const guestsOf = (row: Row): Json[] => [...((row['guests'] ?? []) as readonly Json[])];

/** A calendar: events in rooms, with guests. */
export const calendarWorld: World = {
  id: 'calendar',
  tools: [
    writing({
      name: 'move_event',
      description: 'Moves an event to another time.',
      properties: { event_id: text, day, start },
      subject: 'event_id',
      run: (world, given) => {
        Object.assign(writableRow(world, 'events', given['event_id']), { day: given['day'], start: given['start'] });
        return { ok: true };
      },
    }),
    writing({
      name: 'cancel_event',
      description: 'Cancels an event.',
      properties: { event_id: text },
      subject: 'event_id',
      run: (world, given) => {
        writableRow(world, 'events', given['event_id'])['status'] = 'cancelled';
        return { ok: true };
      },
    }),
    reading({
      name: 'find_event',
      description: 'Finds the id of an event by its title.',
      properties: { title: text },
      run: (world, { title }) => findRows(world, 'events', { field: 'title', value: title }),
    }),
    reading({
      name: 'get_event',
      description: 'Shows an event.',
      properties: { event_id: text },
      run: (world, given) => rowOf(world, 'events', given['event_id']),
    }),
    reading({
      name: 'list_events',
      description: 'Lists all events, a page at a time.',
      properties: { cursor },
      run: (world, given) =>
        listRows(world, 'events', { columns: ['title', 'day', 'start', 'room'], cursor: given['cursor'] }),
    }),
    writing({
      name: 'create_event',
      description: 'Makes a new event.',
      properties: { title: text, day, start, minutes: { type: 'integer', minimum: 5, default: 60 }, room_id: text },
      run: (world, { title, day: on, start: at, minutes, room_id: room }) => {
        rowOf(world, 'rooms', room);
        return {
          id: insertRow(world, 'events', {
            title,
            day: on,
            start: at,
            minutes,
            room,
            guests: [],
            status: 'planned',
          }),
        };
      },
    }),
    writing({
      name: 'rename_event',
      description: 'Gives an event another title.',
      properties: { event_id: text, title: text },
      subject: 'event_id',
      run: (world, given) => {
        setFields(writableRow(world, 'events', given['event_id']), { title: given['title'] });
        return { ok: true };
      },
    }),
    writing({
      name: 'add_guest',
      description: 'Invites somebody to an event.',
      properties: { event_id: text, guest: text },
      subject: 'event_id',
      run: (world, { event_id: id, guest = '' }) => {
        const event = writableRow(world, 'events', id);
        event['guests'] = asSet([...guestsOf(event), guest]);
        return { ok: true };
      },
    }),
    writing({
      name: 'remove_guest',
      description: 'Takes somebody off the guest list of an event.',
      properties: { event_id: text, guest: text },
      subject: 'event_id',
      run: (world, { event_id: id, guest }) => {
        const event = writableRow(world, 'events', id);
        event['guests'] = guestsOf(event).filter((other) => other !== guest);
        return { ok: true };
      },
    }),
    writing({
      name: 'set_room',
      description: 'Moves an event to another room.',
      properties: { event_id: text, room_id: text },
      subject: 'event_id',
      run: (world, given) => {
        rowOf(world, 'rooms', given['room_id']);
        setFields(writableRow(world, 'events', given['event_id']), { room: given['room_id'] });
        return { ok: true };
      },
    }),
    reading({
      name: 'find_room',
      description: 'Finds the id of a room by its name.',
      properties: { name: text },
      run: (world, { name }) => findRows(world, 'rooms', { field: 'name', value: name }),
    }),
    reading({
      name: 'get_room',
      description: 'Shows a room.',
      properties: { room_id: text },
      run: (world, given) => rowOf(world, 'rooms', given['room_id']),
    }),
    reading({
      name: 'list_rooms',
      description: 'Lists all rooms, a page at a time.',
      properties: { cursor },
      run: (world, given) => listRows(world, 'rooms', { columns: ['name', 'seats'], cursor: given['cursor'] }),
    }),
  ],
};
