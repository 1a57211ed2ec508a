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

const states = ['broken', 'slow', 'missing', 'noisy', 'frozen', 'loose'];
const devices = [
  'printer',
  'screen',
  'keyboard',
  'router',
  'projector',
  'scanner',
  'phone',
  'laptop',
  'camera',
  'badge',
];
const priorities = ['low', 'normal', 'high', 'urgent'];
const comments = [
  'The part is ordered.',
  'The customer was called.',
  'It was seen again today.',
  'Please check the cable first.',
  'A colleague will look at it.',
];
const newTags = ['hardware', 'network', 'warranty', 'onsite', 'billing'];

function seed(rng: Rng, level: number) {
  const names = rng.sample<string>(people, countAt(level, [2, 3, 4, 6]));
  const agents = makeRows(
    rng,
    'age',
    names.map((name) => ({ name, team: rng.pick(['desk', 'field']) })),
  );
  const titles = rng.sample(
    states.flatMap((state) => devices.map((device) => `${state} ${device}`)),
    countAt(level, [3, 7, 11, 15]),
  );
  const tickets = makeRows(
    rng,
    'tic',
    titles.map((title) => ({
      title,
      status: rng.pick(['open', 'open', 'waiting']),
      priority: rng.pick(priorities),
      agent: rng.pick(Object.keys(agents)),
      hours: rng.integer(1, 20),
      tags: [],
    })),
  );
  return { tickets, agents };
}

const find = (title: string) => plan('find_ticket', { title });
const titleOf = (ticket: { readonly row: Record<string, unknown> }): string => String(ticket.row['title']);

const setPriority = (scene: Scene): MissionStep | null => {
  const ticket = pickRow(scene, 'tickets');
  if (!ticket) return null;
  const priority = scene.rng.pick(priorities);
  return {
    text: fill(
      scene.rng,
      ['Set the priority of the ticket "{t}" to {p}.', 'The ticket "{t}" has {p} priority from now on.'],
      { t: titleOf(ticket), p: priority },
    ),
    lookups: [find(titleOf(ticket))],
    writes: [plan('set_priority', { ticket_id: ticket.id, priority })],
    touches: [ticket.id],
  };
};

const setStatus = (scene: Scene): MissionStep | null => {
  const ticket = pickRow(scene, 'tickets');
  if (!ticket) return null;
  const status = scene.rng.pick(['open', 'waiting', 'closed']);
  const wordings = {
    open: ['Open the ticket "{t}" again.', 'The ticket "{t}" is open, not waiting: correct that.'],
    waiting: ['The ticket "{t}" is waiting for a part: set its status.', 'Set the ticket "{t}" to waiting.'],
    closed: ['Close the ticket "{t}".', 'The ticket "{t}" is solved: close it.'],
  };
  return {
    text: fill(scene.rng, wordings[status as keyof typeof wordings], { t: titleOf(ticket) }),
    lookups: [find(titleOf(ticket))],
    writes: [plan('set_status', { ticket_id: ticket.id, status })],
    touches: [ticket.id],
  };
};

const assign = (scene: Scene): MissionStep | null => {
  const [ticket, agent] = [pickRow(scene, 'tickets'), pickRow(scene, 'agents')];
  if (!ticket || !agent) return null;
  const name = String(agent.row['name']);
  return {
    text: fill(scene.rng, ['Give the ticket "{t}" to {a}.', '{a} takes over the ticket "{t}".'], {
      t: titleOf(ticket),
      a: name,
    }),
    lookups: [find(titleOf(ticket)), plan('find_agent', { name })],
    writes: [plan('assign_ticket', { ticket_id: ticket.id, agent_id: agent.id })],
    touches: [ticket.id, agent.id],
  };
};

const comment = (scene: Scene): MissionStep | null => {
  const ticket = pickRow(scene, 'tickets');
  if (!ticket) return null;
  const said = scene.rng.pick(comments);
  return {
    text: fill(
      scene.rng,
      ['Add this comment to the ticket "{t}": {c}', 'Comment on the ticket "{t}" with these words: {c}'],
      { t: titleOf(ticket), c: said },
    ),
    lookups: [find(titleOf(ticket))],
    writes: [plan('add_comment', { ticket_id: ticket.id, comment: said })],
    touches: [ticket.id],
  };
};

const addTags = (scene: Scene): MissionStep | null => {
  const ticket = pickRow(scene, 'tickets');
  if (!ticket) return null;
  const chosen = scene.rng.sample(newTags, scene.rng.integer(1, 2));
  return {
    text: fill(
      scene.rng,
      ['Tag the ticket "{t}" with {g}.', 'The ticket "{t}" needs the tags {g}.'].slice(0, chosen.length),
      { t: titleOf(ticket), g: chosen.join(' and ') },
    ),
    lookups: [find(titleOf(ticket))],
    writes: chosen.map((tag) => plan('add_tag', { ticket_id: ticket.id, tag })),
    touches: [ticket.id],
  };
};

const create = (scene: Scene): MissionStep | null => {
  const agent = pickRow(scene, 'agents');
  if (!agent) return null;
  const title = `${scene.rng.pick(['lost', 'stolen', 'dirty'])} ${scene.rng.pick(devices)}`;
  const priority = scene.rng.pick(priorities);
  const name = String(agent.row['name']);
  return {
    text: fill(
      scene.rng,
      [
        'Make a ticket "{t}" with {p} priority and give it to {a}.',
        'We need a new ticket "{t}", priority {p}, for {a}.',
      ],
      { t: title, p: priority, a: name },
    ),
    lookups: [plan('find_agent', { name })],
    writes: [
      plan('create_ticket', { title, ...(priority === 'normal' ? {} : { priority }) }),
      plan('assign_ticket', { ticket_id: '$created', agent_id: agent.id }),
    ],
    touches: [agent.id],
  };
};

const raiseAll = (scene: Scene): MissionStep | null => {
  const agent = pickRow(scene, 'agents');
  const all = Object.keys(scene.tables['tickets'] ?? {});
  const held = idsOf(scene, 'tickets', (row) => row['agent'] === agent?.id);
  const due = held.filter((id) => scene.tables['tickets']?.[id]?.['priority'] !== 'urgent');
  if (!agent || due.length === 0 || due.length > 4) return null;
  const name = String(agent.row['name']);
  return {
    text: fill(scene.rng, ['Make every ticket of {a} urgent.', 'All tickets that {a} works on become urgent.'], {
      a: name,
    }),
    lookups: [plan('find_agent', { name }), ...pages('list_tickets', all.length)],
    writes: due.map((id) => plan('set_priority', { ticket_id: id, priority: 'urgent' })),
    touches: [agent.id, ...held],
  };
};

/** Requests at a help desk. */
export const ticketScenes: Scenes = {
  world: 'tickets',
  seed,
  easyTools: ['set_priority', 'set_status'],
  easySteps: [
    (scene) => {
      const ticket = pickRow(scene, 'tickets');
      const priority = scene.rng.pick(priorities);
      return (
        ticket && {
          text: `Set the priority of ticket ${ticket.id} to ${priority}.`,
          lookups: [],
          writes: [plan('set_priority', { ticket_id: ticket.id, priority })],
          touches: [ticket.id],
        }
      );
    },
    (scene) => {
      const ticket = pickRow(scene, 'tickets');
      const status = scene.rng.pick(['open', 'waiting', 'closed']);
      return (
        ticket && {
          text: `Set the status of ticket ${ticket.id} to ${status}.`,
          lookups: [],
          writes: [plan('set_status', { ticket_id: ticket.id, status })],
          touches: [ticket.id],
        }
      );
    },
  ],
  steps: [setPriority, setStatus, assign, comment, addTags, create, raiseAll],
  questions: [
    (scene) => {
      const [a, b] = [pickRow(scene, 'tickets'), pickRow(scene, 'tickets')];
      if (!a || !b || a.id === b.id) return null;
      return {
        text: `How many hours were spent on the tickets "${titleOf(a)}" and "${titleOf(b)}", taken together?`,
        answer: {
          form: 'integer',
          value: String(Number(a.row['hours']) + Number(b.row['hours'])),
          lookups: [
            find(titleOf(a)),
            plan('get_ticket', { ticket_id: a.id }),
            find(titleOf(b)),
            plan('get_ticket', { ticket_id: b.id }),
          ],
        },
      };
    },
    (scene) => {
      const agent = pickRow(scene, 'agents');
      const count = idsOf(scene, 'tickets', (row) => row['agent'] === agent?.id).length;
      if (!agent) return null;
      const name = String(agent.row['name']);
      return {
        text: `How many tickets does ${name} have after that?`,
        answer: {
          form: 'integer',
          value: String(count),
          lookups: [
            plan('find_agent', { name }),
            ...pages('list_tickets', Object.keys(scene.tables['tickets'] ?? {}).length),
          ],
        },
      };
    },
  ],
  deadEnds: [
    ({ rng, tables }) => {
      const title = `${rng.pick(states)} ${rng.pick(['turbine', 'piano', 'fountain', 'tractor'])}`;
      return {
        text: `Close the ticket "${title}".`,
        denied: null,
        impossible: {
          reason: 'not_found',
          entity: title,
          lookups: [find(title), ...pages('list_tickets', Object.keys(tables['tickets'] ?? {}).length)],
        },
      };
    },
    (scene) => {
      const step = setPriority(scene);
      return refusedStep(step, String(scene.tables['tickets']?.[step?.touches[0] ?? '']?.['title']));
    },
  ],
  forbiddenTool: { text: 'Do not delete any ticket.', tools: ['delete_ticket'], ids: [] },
  leaveAlone: (scene, touched) => {
    const ticket = pickRow(untouched(scene, 'tickets', touched), 'tickets');
    return ticket && { text: `Leave the ticket "${titleOf(ticket)}" as it is.`, tools: [], ids: [ticket.id] };
  },
};
