import type { Json, JsonObject } from '../../../../core/json.ts';
import {
  copyOf,
  failed,
  isJsonObject,
  isNothing,
  listOf,
  textOf,
  type Backend,
  type CallArguments,
} from './backend.ts';

type Ticket = Record<string, Json>;

class TicketDesk {
  readonly queue: Ticket[];
  counter: number;
  currentUser: string | null;

  constructor(config: JsonObject) {
    this.queue = listOf(config, 'ticket_queue').flatMap((ticket) =>
      isJsonObject(ticket) ? [{ ...copyOf(ticket) }] : [],
    );
    this.counter = typeof config.ticket_counter === 'number' ? config.ticket_counter : 1;
    this.currentUser = typeof config.current_user === 'string' ? config.current_user : null;
  }

  withTicket(values: CallArguments, act: (ticket: Ticket) => JsonObject): JsonObject {
    const ticket = this.queue.find(({ id }) => id !== undefined && id === values.ticket_id);
    return ticket === undefined ? failed(`there is no ticket ${textOf(values, 'ticket_id')}`) : act(ticket);
  }
}

const isPriority = (value: Json | undefined): boolean => typeof value === 'number' && value >= 1 && value <= 5;

function create(desk: TicketDesk, values: CallArguments): JsonObject {
  if (desk.currentUser === null) return failed('a user must be logged in to create a ticket');
  const priority = isNothing(values.priority) ? 1 : values.priority;
  if (!isPriority(priority)) return failed('priority must be from 1 to 5');
  const ticket: Ticket = {
    id: desk.counter,
    title: textOf(values, 'title'),
    description: textOf(values, 'description'),
    status: 'Open',
    priority,
    created_by: desk.currentUser,
  };
  desk.queue.push(ticket);
  desk.counter++;
  return copyOf(ticket);
}

function edit(ticket: Ticket, values: CallArguments): JsonObject {
  const updates = isJsonObject(values.updates) ? values.updates : {};
  const known = ['title', 'description', 'status', 'priority'];
  const unknown = Object.keys(updates).find((key) => !known.includes(key));
  if (unknown !== undefined) return failed(`a ticket has no field ${unknown}`);
  if (updates.priority !== undefined && !isPriority(updates.priority)) return failed('priority must be from 1 to 5');
  Object.assign(ticket, copyOf(updates));
  return { status: 'ticket updated' };
}

/** Moves a ticket to a final status, once. */
function finish(ticket: Ticket, status: string, more: Readonly<Record<string, Json>> = {}): JsonObject {
  if (ticket.status === status) return failed(`the ticket is ${status.toLowerCase()} already`);
  Object.assign(ticket, { status, ...more });
  return { status: `ticket ${status.toLowerCase()}` };
}

function ownTickets(desk: TicketDesk, values: CallArguments): JsonObject {
  if (desk.currentUser === null) return failed('no user is logged in');
  const status = isNothing(values.status) ? null : textOf(values, 'status');
  const own = desk.queue.filter(
    (ticket) => ticket.created_by === desk.currentUser && (status === null || ticket.status === status),
  );
  return { tickets: copyOf(own) };
}

/** A queue of support tickets. */
export function openTicketApi(config: JsonObject): Backend {
  const desk = new TicketDesk(config);
  return {
    functions: {
      ticket_login: (values) => {
        const success = textOf(values, 'username') !== '' && textOf(values, 'password') !== '';
        if (success) desk.currentUser = textOf(values, 'username');
        return { success };
      },
      ticket_get_login_status: () => ({ login_status: desk.currentUser !== null }),
      logout: () => {
        const success = desk.currentUser !== null;
        desk.currentUser = null;
        return { success };
      },
      create_ticket: (values) => create(desk, values),
      get_ticket: (values) => desk.withTicket(values, (ticket) => copyOf(ticket)),
      edit_ticket: (values) => desk.withTicket(values, (ticket) => edit(ticket, values)),
      close_ticket: (values) => desk.withTicket(values, (ticket) => finish(ticket, 'Closed')),
      resolve_ticket: (values) =>
        desk.withTicket(values, (ticket) => finish(ticket, 'Resolved', { resolution: textOf(values, 'resolution') })),
      get_user_tickets: (values) => ownTickets(desk, values),
    },
    state: () => ({
      ticket_queue: copyOf(desk.queue),
      ticket_counter: desk.counter,
      current_user: desk.currentUser,
    }),
  };
}
