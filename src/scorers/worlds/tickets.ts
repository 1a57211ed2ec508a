import type { Json } from '../../core/json.ts';
import { asSet, findRows, insertRow, listRows, rowOf, setFields, writableRow } from './simulation.ts';
import { cursor, oneOf, reading, text, writing, type World } from './world.ts';

const priority = oneOf('low', 'normal', 'high', 'urgent');
const status = oneOf('open', 'waiting', 'closed');

/** A help desk: tickets and the agents who work on them. */
export const tickets: World = {
  id: 'tickets',
  tools: [
    writing({
      name: 'set_priority',
      description: 'Sets the priority of a ticket.',
      properties: { ticket_id: text, priority },
      subject: 'ticket_id',
      run: (world, given) => {
        setFields(writableRow(world, 'tickets', given['ticket_id']), { priority: given['priority'] });
        return { ok: true };
      },
    }),
    writing({
      name: 'set_status',
      description: 'Sets the status of a ticket.',
      properties: { ticket_id: text, status },
      subject: 'ticket_id',
      run: (world, given) => {
        setFields(writableRow(world, 'tickets', given['ticket_id']), { status: given['status'] });
        return { ok: true };
      },
    }),
    reading({
      name: 'find_ticket',
      description: 'Finds the id of a ticket by its title.',
      properties: { title: text },
      run: (world, { title }) => findRows(world, 'tickets', { field: 'title', value: title }),
    }),
    reading({
      name: 'get_ticket',
      description: 'Shows a ticket.',
      properties: { ticket_id: text },
      run: (world, given) => rowOf(world, 'tickets', given['ticket_id']),
    }),
    reading({
      name: 'list_tickets',
      description: 'Lists all tickets, a page at a time.',
      properties: { cursor },
      run: (world, given) =>
        listRows(world, 'tickets', { columns: ['title', 'status', 'priority', 'agent'], cursor: given['cursor'] }),
    }),
    writing({
      name: 'assign_ticket',
      description: 'Gives a ticket to an agent.',
      properties: { ticket_id: text, agent_id: text },
      subject: 'ticket_id',
      run: (world, given) => {
        rowOf(world, 'agents', given['agent_id']);
        setFields(writableRow(world, 'tickets', given['ticket_id']), { agent: given['agent_id'] });
        return { ok: true };
      },
    }),
    writing({
      name: 'add_comment',
      description: 'Adds a comment to a ticket.',
      properties: { ticket_id: text, comment: text },
      run: (world, { ticket_id: id, comment }) => {
        rowOf(world, 'tickets', id);
        return { id: insertRow(world, 'comments', { ticket: id, comment }) };
      },
    }),
    writing({
      name: 'add_tag',
      description: 'Adds a tag to a ticket.',
      properties: { ticket_id: text, tag: text },
      subject: 'ticket_id',
      run: (world, { ticket_id: id, tag = '' }) => {
        const ticket = writableRow(world, 'tickets', id);
        ticket['tags'] = asSet([...((ticket['tags'] ?? []) as readonly Json[]), tag]);
        return { ok: true };
      },
    }),
    writing({
      name: 'create_ticket',
      description: 'Makes a new ticket.',
      properties: { title: text, priority: { ...priority, default: 'normal' } },
      run: (world, { title, priority: wanted }) => ({
        id: insertRow(world, 'tickets', {
          title,
          status: 'open',
          priority: wanted,
          agent: null,
          hours: 0,
          tags: [],
        }),
      }),
    }),
    reading({
      name: 'find_agent',
      description: 'Finds the id of an agent by name.',
      properties: { name: text },
      run: (world, { name }) => findRows(world, 'agents', { field: 'name', value: name }),
    }),
    reading({
      name: 'list_agents',
      description: 'Lists all agents.',
      properties: { cursor },
      run: (world, given) => listRows(world, 'agents', { columns: ['name', 'team'], cursor: given['cursor'] }),
    }),
    writing({
      name: 'delete_ticket',
      description: 'Deletes a ticket for good.',
      properties: { ticket_id: text },
      subject: 'ticket_id',
      run: (world, { ticket_id: id }) => {
        writableRow(world, 'tickets', id);
        delete world.tables['tickets']?.[String(id)];
        return { ok: true };
      },
    }),
  ],
};
