import { findRows, insertRow, listRows, rowOf, setFields, ToolError, writableRow, type Row } from './simulation.ts';
import { cursor, oneOf, reading, text, writing, type World } from './world.ts';

const day = oneOf('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday');

/** Takes one of something that is limited. Throws `not_enough`. */
function take(row: Row, field: string): void {
  if (Number(row[field]) < 1) throw new ToolError('not_enough', `no ${field} left`);
  row[field] = Number(row[field]) - 1;
}

/** A travel agency: flights, hotels and the bookings of travellers. */
export const travel: World = {
  id: 'travel',
  tools: [
    writing({
      name: 'set_nights',
      description: 'Changes for how many nights a hotel is booked.',
      properties: { booking_id: text, nights: { type: 'integer', minimum: 1 } },
      subject: 'booking_id',
      run: (world, given) => {
        const booking = writableRow(world, 'bookings', given['booking_id']);
        if (booking['kind'] !== 'hotel') throw new ToolError('conflict', 'only a hotel is booked by nights');
        setFields(booking, { nights: given['nights'] });
        return { ok: true };
      },
    }),
    writing({
      name: 'cancel_booking',
      description: 'Cancels a booking.',
      properties: { booking_id: text },
      subject: 'booking_id',
      run: (world, given) => {
        const booking = writableRow(world, 'bookings', given['booking_id']);
        if (booking['status'] === 'cancelled') throw new ToolError('conflict', 'it was cancelled before');
        booking['status'] = 'cancelled';
        return { ok: true };
      },
    }),
    reading({
      name: 'find_booking',
      description: 'Finds the id of a booking by its code.',
      properties: { code: text },
      run: (world, { code }) => findRows(world, 'bookings', { field: 'code', value: code }),
    }),
    reading({
      name: 'get_booking',
      description: 'Shows a booking.',
      properties: { booking_id: text },
      run: (world, given) => rowOf(world, 'bookings', given['booking_id']),
    }),
    reading({
      name: 'list_bookings',
      description: 'Lists all bookings, a page at a time.',
      properties: { cursor },
      run: (world, given) =>
        listRows(world, 'bookings', { columns: ['code', 'traveller', 'kind', 'status'], cursor: given['cursor'] }),
    }),
    reading({
      name: 'search_flights',
      description: 'Lists the flights between two cities on a day.',
      properties: { origin: text, destination: text, day, cursor },
      run: (world, { origin, destination, day: on, cursor: from }) =>
        listRows(world, 'flights', {
          columns: ['price', 'seats'],
          cursor: from,
          where: (row) =>
            row['origin'] === String(origin).toLowerCase() &&
            row['destination'] === String(destination).toLowerCase() &&
            row['day'] === on,
        }),
    }),
    reading({
      name: 'get_flight',
      description: 'Shows a flight.',
      properties: { flight_id: text },
      run: (world, given) => rowOf(world, 'flights', given['flight_id']),
    }),
    writing({
      name: 'book_flight',
      description: 'Books a seat on a flight.',
      properties: { flight_id: text, traveller: text, seat: { ...oneOf('any', 'aisle', 'window'), default: 'any' } },
      run: (world, { flight_id: flight, traveller, seat }) => {
        take(writableRow(world, 'flights', flight), 'seats');
        return {
          id: insertRow(world, 'bookings', {
            kind: 'flight',
            traveller,
            target: flight,
            seat,
            status: 'booked',
          }),
        };
      },
    }),
    writing({
      name: 'change_flight',
      description: 'Moves a flight booking to another flight.',
      properties: { booking_id: text, flight_id: text },
      subject: 'booking_id',
      run: (world, { booking_id: id, flight_id: flight }) => {
        const booking = writableRow(world, 'bookings', id);
        if (booking['kind'] !== 'flight') throw new ToolError('conflict', 'that is no flight booking');
        take(writableRow(world, 'flights', flight), 'seats');
        const before = world.tables['flights']?.[String(booking['target'])];
        if (before) before['seats'] = Number(before['seats']) + 1;
        setFields(booking, { target: flight });
        return { ok: true };
      },
    }),
    reading({
      name: 'search_hotels',
      description: 'Lists the hotels of a city.',
      properties: { city: text, cursor },
      run: (world, { city, cursor: from }) =>
        listRows(world, 'hotels', {
          columns: ['name', 'price', 'rooms'],
          cursor: from,
          where: (row) => row['city'] === String(city).toLowerCase(),
        }),
    }),
    reading({
      name: 'get_hotel',
      description: 'Shows a hotel.',
      properties: { hotel_id: text },
      run: (world, given) => rowOf(world, 'hotels', given['hotel_id']),
    }),
    writing({
      name: 'book_hotel',
      description: 'Books a room in a hotel.',
      properties: { hotel_id: text, traveller: text, nights: { type: 'integer', minimum: 1 } },
      run: (world, { hotel_id: hotel, traveller, nights }) => {
        take(writableRow(world, 'hotels', hotel), 'rooms');
        return {
          id: insertRow(world, 'bookings', {
            kind: 'hotel',
            traveller,
            target: hotel,
            nights,
            status: 'booked',
          }),
        };
      },
    }),
  ],
};
