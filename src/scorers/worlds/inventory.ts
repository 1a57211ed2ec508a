import { findRows, insertRow, listRows, rowOf, setFields, ToolError, writableRow } from './simulation.ts';
import { count, cursor, reading, text, writing, type World } from './world.ts';

/** A warehouse: items on shelves, and orders for items. */
export const inventory: World = {
  id: 'inventory',
  tools: [
    writing({
      name: 'set_stock',
      description: 'Sets how many pieces of an item are in stock.',
      properties: { item_id: text, stock: count },
      subject: 'item_id',
      run: (world, { item_id: id, stock }) => {
        setFields(writableRow(world, 'items', id), { stock });
        return { ok: true };
      },
    }),
    writing({
      name: 'set_price',
      description: 'Sets the price of an item.',
      properties: { item_id: text, price: { type: 'number', minimum: 0 } },
      subject: 'item_id',
      run: (world, { item_id: id, price }) => {
        setFields(writableRow(world, 'items', id), { price });
        return { ok: true };
      },
    }),
    reading({
      name: 'find_item',
      description: 'Finds the id of an item by its name.',
      properties: { name: text },
      run: (world, { name }) => findRows(world, 'items', { field: 'name', value: name }),
    }),
    reading({
      name: 'get_item',
      description: 'Shows an item.',
      properties: { item_id: text },
      run: (world, { item_id: id }) => rowOf(world, 'items', id),
    }),
    reading({
      name: 'list_items',
      description: 'Lists all items, a page at a time.',
      properties: { cursor },
      run: (world, given) => listRows(world, 'items', { columns: ['name', 'shelf', 'stock'], cursor: given['cursor'] }),
    }),
    writing({
      name: 'move_item',
      description: 'Puts an item on another shelf.',
      properties: { item_id: text, shelf_id: text },
      subject: 'item_id',
      run: (world, { item_id: id, shelf_id: shelf }) => {
        rowOf(world, 'shelves', shelf);
        setFields(writableRow(world, 'items', id), { shelf });
        return { ok: true };
      },
    }),
    reading({
      name: 'find_shelf',
      description: 'Finds the id of a shelf by its name.',
      properties: { name: text },
      run: (world, { name }) => findRows(world, 'shelves', { field: 'name', value: name }),
    }),
    reading({
      name: 'list_shelves',
      description: 'Lists all shelves.',
      properties: { cursor },
      run: (world, given) => listRows(world, 'shelves', { columns: ['name'], cursor: given['cursor'] }),
    }),
    writing({
      name: 'create_order',
      description: 'Orders more pieces of an item.',
      properties: {
        item_id: text,
        quantity: { type: 'integer', minimum: 1 },
        urgent: { type: 'boolean', default: false },
      },
      run: (world, { item_id: id, quantity, urgent }) => {
        rowOf(world, 'items', id);
        return {
          id: insertRow(world, 'orders', {
            item: id,
            quantity,
            urgent,
            status: 'open',
          }),
        };
      },
    }),
    writing({
      name: 'cancel_order',
      description: 'Cancels an open order.',
      properties: { order_id: text },
      subject: 'order_id',
      run: (world, { order_id: id }) => {
        const order = writableRow(world, 'orders', id);
        if (order['status'] !== 'open') throw new ToolError('conflict', `${String(id)} is not open`);
        order['status'] = 'cancelled';
        return { ok: true };
      },
    }),
    reading({
      name: 'list_orders',
      description: 'Lists the orders for an item.',
      properties: { item_id: text, cursor },
      run: (world, { item_id: id, cursor: from }) => (
        rowOf(world, 'items', id),
        listRows(world, 'orders', { columns: ['quantity', 'status'], cursor: from, where: (row) => row['item'] === id })
      ),
    }),
    writing({
      name: 'remove_stock',
      description: 'Takes pieces of an item out of the stock.',
      properties: { item_id: text, quantity: { type: 'integer', minimum: 1 } },
      subject: 'item_id',
      run: (world, { item_id: id, quantity }) => {
        const item = writableRow(world, 'items', id);
        const left = Number(item['stock']) - Number(quantity);
        if (left < 0) throw new ToolError('not_enough', `only ${String(item['stock'])} pieces are in stock`);
        item['stock'] = left;
        return { ok: true, stock: left };
      },
    }),
    writing({
      name: 'discontinue_item',
      description: 'Takes an item out of the range for good.',
      properties: { item_id: text },
      subject: 'item_id',
      run: (world, { item_id: id }) => {
        writableRow(world, 'items', id)['discontinued'] = true;
        return { ok: true };
      },
    }),
  ],
};
