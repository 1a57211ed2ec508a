import type { MissionStep } from '../../scorers/worlds/mission.ts';
import type { Rng } from '../../stats/rng.ts';
import { colours } from '../reasoning/word-lists.ts';
import {
  countAt,
  fill,
  makeRows,
  pages,
  pickRow,
  plan,
  refusedStep,
  untouched,
  type Scene,
  type Scenes,
} from './scenes.ts';

const goods = [
  'lamp',
  'chair',
  'table',
  'clock',
  'mirror',
  'basket',
  'bottle',
  'carpet',
  'drum',
  'kettle',
  'ladder',
  'pillow',
  'vase',
  'brush',
  'stool',
];
const bays = ['north bay', 'south bay', 'east bay', 'west bay', 'cellar', 'loft'];

function seed(rng: Rng, level: number) {
  const shelves = makeRows(
    rng,
    'she',
    rng.sample(bays, countAt(level, [2, 3, 4, 6])).map((name) => ({ name })),
  );
  const names = rng.sample(
    colours.flatMap((colour) => goods.map((good) => `${colour} ${good}`)),
    countAt(level, [3, 7, 11, 15]),
  );
  const items = makeRows(
    rng,
    'ite',
    names.map((name) => ({
      name,
      shelf: rng.pick(Object.keys(shelves)),
      stock: rng.integer(6, 90),
      price: rng.integer(4, 80),
      discontinued: false,
    })),
  );
  const ordered = rng.sample(Object.keys(items), Math.ceil(names.length / 2));
  const orders = makeRows(
    rng,
    'ord',
    ordered.flatMap((item) =>
      Array.from({ length: rng.integer(1, 2) }, () => ({
        item,
        quantity: rng.integer(2, 40),
        urgent: false,
        status: rng.pick(['open', 'open', 'done']),
      })),
    ),
  );
  return { items, shelves, orders };
}

const find = (name: string) => plan('find_item', { name });

const setStock = (scene: Scene): MissionStep | null => {
  const item = pickRow(scene, 'items');
  if (!item) return null;
  const name = String(item.row['name']);
  const stock = scene.rng.integer(0, 99);
  return {
    text: fill(
      scene.rng,
      [
        'Set the stock of the {n} to {s}.',
        'We counted {s} pieces of the {n}: correct its stock.',
        'The stock of the {n} must read {s}.',
      ],
      { n: name, s: stock },
    ),
    lookups: [find(name)],
    writes: [plan('set_stock', { item_id: item.id, stock })],
    touches: [item.id],
  };
};

const raiseStock = (scene: Scene): MissionStep | null => {
  const item = pickRow(scene, 'items');
  if (!item) return null;
  const name = String(item.row['name']);
  const more = scene.rng.integer(3, 40);
  return {
    text: fill(
      scene.rng,
      ['{m} more pieces of the {n} have arrived: raise its stock by as many.', 'Add {m} to the stock of the {n}.'],
      { m: more, n: name },
    ),
    lookups: [find(name), plan('get_item', { item_id: item.id })],
    writes: [plan('set_stock', { item_id: item.id, stock: Number(item.row['stock']) + more })],
    touches: [item.id],
  };
};

const removeStock = (scene: Scene): MissionStep | null => {
  const item = pickRow(scene, 'items', (row) => Number(row['stock']) > 4);
  if (!item) return null;
  const name = String(item.row['name']);
  const quantity = scene.rng.integer(1, Number(item.row['stock']) - 1);
  return {
    text: fill(
      scene.rng,
      ['Take {q} pieces of the {n} out of the stock.', '{q} pieces of the {n} were sold: remove them from the stock.'],
      { q: quantity, n: name },
    ),
    lookups: [find(name)],
    writes: [plan('remove_stock', { item_id: item.id, quantity })],
    touches: [item.id],
  };
};

const setPrice = (scene: Scene): MissionStep | null => {
  const item = pickRow(scene, 'items');
  if (!item) return null;
  const name = String(item.row['name']);
  const price = scene.rng.integer(3, 120);
  return {
    text: fill(scene.rng, ['Change the price of the {n} to {p}.', 'The {n} costs {p} from now on.'], {
      n: name,
      p: price,
    }),
    lookups: [find(name)],
    writes: [plan('set_price', { item_id: item.id, price })],
    touches: [item.id],
  };
};

const move = (scene: Scene): MissionStep | null => {
  const item = pickRow(scene, 'items');
  const shelf = pickRow(scene, 'shelves');
  if (!item || !shelf || item.row['shelf'] === shelf.id) return null;
  const [name, place] = [String(item.row['name']), String(shelf.row['name'])];
  return {
    text: fill(scene.rng, ['Move the {n} to the {p}.', 'The {n} belongs in the {p}: put it there.'], {
      n: name,
      p: place,
    }),
    lookups: [find(name), plan('find_shelf', { name: place })],
    writes: [plan('move_item', { item_id: item.id, shelf_id: shelf.id })],
    touches: [item.id, shelf.id],
  };
};

const order = (scene: Scene): MissionStep | null => {
  const item = pickRow(scene, 'items');
  if (!item) return null;
  const name = String(item.row['name']);
  const quantity = scene.rng.integer(5, 60);
  const urgent = scene.rng.chance(0.4);
  return {
    text: fill(
      scene.rng,
      urgent
        ? ['Order {q} more of the {n}, and mark the order as urgent.']
        : ['Order {q} more of the {n}.', 'Place an order for {q} pieces of the {n}.'],
      { q: quantity, n: name },
    ),
    lookups: [find(name)],
    writes: [plan('create_order', { item_id: item.id, quantity, ...(urgent ? { urgent } : {}) })],
    touches: [item.id],
  };
};

const cancelOrders = (scene: Scene): MissionStep | null => {
  const item = pickRow(scene, 'items');
  const orders = Object.entries(scene.tables['orders'] ?? {}).filter(([, row]) => row['item'] === item?.id);
  const open = orders.filter(([, row]) => row['status'] === 'open').map(([id]) => id);
  if (!item || open.length === 0) return null;
  const name = String(item.row['name']);
  return {
    text: fill(
      scene.rng,
      ['Cancel every open order for the {n}.', 'All orders for the {n} that are still open must be cancelled.'],
      { n: name },
    ),
    lookups: [find(name), plan('list_orders', { item_id: item.id })],
    writes: open.map((id) => plan('cancel_order', { order_id: id })),
    touches: [item.id, ...open],
  };
};

const clearShelf = (scene: Scene): MissionStep | null => {
  const from = pickRow(scene, 'shelves');
  const to = pickRow(scene, 'shelves');
  const all = Object.entries(scene.tables['items'] ?? {});
  const held = all.filter(([, row]) => row['shelf'] === from?.id).map(([id]) => id);
  if (!from || !to || from.id === to.id || held.length === 0 || held.length > 4) return null;
  return {
    text: fill(scene.rng, ['Move everything in the {a} to the {b}.', 'Clear the {a}: all its items go to the {b}.'], {
      a: String(from.row['name']),
      b: String(to.row['name']),
    }),
    lookups: [
      plan('find_shelf', { name: String(from.row['name']) }),
      plan('find_shelf', { name: String(to.row['name']) }),
      ...pages('list_items', all.length),
    ],
    writes: held.map((id) => plan('move_item', { item_id: id, shelf_id: to.id })),
    touches: [from.id, to.id, ...held],
  };
};

/** Requests in the warehouse. */
export const inventoryScenes: Scenes = {
  world: 'inventory',
  seed,
  easyTools: ['set_stock', 'set_price'],
  easySteps: [
    (scene) => {
      const item = pickRow(scene, 'items');
      const stock = scene.rng.integer(1, 99);
      return (
        item && {
          text: `Set the stock of item ${item.id} to ${stock}.`,
          lookups: [],
          writes: [plan('set_stock', { item_id: item.id, stock })],
          touches: [item.id],
        }
      );
    },
    (scene) => {
      const item = pickRow(scene, 'items');
      const price = scene.rng.integer(1, 99);
      return (
        item && {
          text: `Set the price of item ${item.id} to ${price}.`,
          lookups: [],
          writes: [plan('set_price', { item_id: item.id, price })],
          touches: [item.id],
        }
      );
    },
  ],
  steps: [setStock, raiseStock, removeStock, setPrice, move, order, cancelOrders, clearShelf],
  questions: [
    (scene) => {
      const [a, b] = [pickRow(scene, 'items'), pickRow(scene, 'items')];
      if (!a || !b || a.id === b.id) return null;
      const [first, second] = [String(a.row['name']), String(b.row['name'])];
      return {
        text: `How many pieces of the ${first} and the ${second} are in stock after that, taken together?`,
        answer: {
          form: 'integer',
          value: String(Number(a.row['stock']) + Number(b.row['stock'])),
          lookups: [
            find(first),
            plan('get_item', { item_id: a.id }),
            find(second),
            plan('get_item', { item_id: b.id }),
          ],
        },
      };
    },
    (scene) => {
      const item = pickRow(scene, 'items');
      return (
        item && {
          text: `What does the ${String(item.row['name'])} cost after that?`,
          answer: {
            form: 'integer',
            value: String(item.row['price']),
            lookups: [find(String(item.row['name'])), plan('get_item', { item_id: item.id })],
          },
        }
      );
    },
  ],
  deadEnds: [
    ({ rng, tables }) => {
      const name = `${rng.pick(colours)} ${rng.pick(['trumpet', 'anchor', 'saddle', 'telescope'])}`;
      return {
        text: `Set the stock of the ${name} to ${rng.integer(1, 90)}.`,
        denied: null,
        impossible: {
          reason: 'not_found',
          entity: name,
          lookups: [find(name), ...pages('list_items', Object.keys(tables['items'] ?? {}).length)],
        },
      };
    },
    (scene) => {
      const item = pickRow(scene, 'items');
      if (!item) return null;
      const name = String(item.row['name']);
      return {
        text: `Take ${Number(item.row['stock']) + scene.rng.integer(5, 60)} pieces of the ${name} out of the stock.`,
        denied: null,
        impossible: {
          reason: 'not_enough',
          entity: name,
          lookups: [find(name), plan('get_item', { item_id: item.id })],
        },
      };
    },
    (scene) => {
      const step = setPrice(scene);
      return refusedStep(step, String(scene.tables['items']?.[step?.touches[0] ?? '']?.['name']));
    },
  ],
  forbiddenTool: { text: 'Do not discontinue anything.', tools: ['discontinue_item'], ids: [] },
  leaveAlone: (scene, touched) => {
    const item = pickRow(untouched(scene, 'items', touched), 'items');
    return item && { text: `Leave the ${String(item.row['name'])} as it is.`, tools: [], ids: [item.id] };
  },
};
