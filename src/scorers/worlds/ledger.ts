import type { Json } from '../../core/json.ts';
import {
  findRows,
  insertRow,
  listRows,
  rowOf,
  setFields,
  ToolError,
  writableRow,
  type Simulation,
} from './simulation.ts';
import { count, cursor, oneOf, reading, text, writing, type World } from './world.ts';

/** Moves money between two accounts. Throws `not_enough`. */
function pay(
  world: Simulation,
  payment: { readonly from: Json | undefined; readonly to: Json | undefined; readonly amount: number },
): void {
  const from = writableRow(world, 'accounts', payment.from);
  const to = writableRow(world, 'accounts', payment.to);
  if (from === to) throw new ToolError('conflict', 'both accounts are the same');
  if (Number(from['balance']) < payment.amount)
    throw new ToolError('not_enough', `the balance is ${String(from['balance'])}`);
  from['balance'] = Number(from['balance']) - payment.amount;
  to['balance'] = Number(to['balance']) + payment.amount;
}

/** A bank: accounts and the transfers between them. */
export const ledger: World = {
  id: 'ledger',
  tools: [
    writing({
      name: 'transfer',
      description: 'Moves money from one account to another.',
      properties: {
        from_id: text,
        to_id: text,
        amount: { type: 'integer', minimum: 1 },
        memo: { type: 'string', default: '' },
      },
      subject: 'from_id',
      run: (world, { from_id: from, to_id: to, amount, memo }) => {
        pay(world, { from, to, amount: Number(amount) });
        return {
          id: insertRow(world, 'transfers', {
            from,
            to,
            amount,
            memo,
            status: 'done',
          }),
        };
      },
    }),
    writing({
      name: 'set_limit',
      description: 'Sets the daily limit of an account.',
      properties: { account_id: text, limit: count },
      subject: 'account_id',
      run: (world, given) => {
        setFields(writableRow(world, 'accounts', given['account_id']), { limit: given['limit'] });
        return { ok: true };
      },
    }),
    reading({
      name: 'find_account',
      description: 'Finds the id of an account by its owner.',
      properties: { owner: text },
      run: (world, { owner }) => findRows(world, 'accounts', { field: 'owner', value: owner }),
    }),
    reading({
      name: 'get_account',
      description: 'Shows an account.',
      properties: { account_id: text },
      run: (world, given) => rowOf(world, 'accounts', given['account_id']),
    }),
    reading({
      name: 'list_accounts',
      description: 'Lists all accounts, a page at a time.',
      properties: { cursor },
      run: (world, given) =>
        listRows(world, 'accounts', { columns: ['owner', 'kind', 'balance'], cursor: given['cursor'] }),
    }),
    reading({
      name: 'list_transfers',
      description: 'Lists the transfers from an account.',
      properties: { account_id: text, cursor },
      run: (world, { account_id: id, cursor: from }) => {
        rowOf(world, 'accounts', id);
        return listRows(world, 'transfers', {
          columns: ['to', 'amount', 'status'],
          cursor: from,
          where: (row) => row['from'] === id,
        });
      },
    }),
    reading({
      name: 'get_transfer',
      description: 'Shows a transfer.',
      properties: { transfer_id: text },
      run: (world, given) => rowOf(world, 'transfers', given['transfer_id']),
    }),
    writing({
      name: 'reverse_transfer',
      description: 'Sends the money of a transfer back.',
      properties: { transfer_id: text },
      subject: 'transfer_id',
      run: (world, given) => {
        const transfer = writableRow(world, 'transfers', given['transfer_id']);
        if (transfer['status'] !== 'done') throw new ToolError('conflict', 'it was reversed before');
        pay(world, { from: transfer['to'], to: transfer['from'], amount: Number(transfer['amount']) });
        transfer['status'] = 'reversed';
        return { ok: true };
      },
    }),
    writing({
      name: 'open_account',
      description: 'Opens an account.',
      properties: { owner: text, kind: { ...oneOf('giro', 'savings'), default: 'giro' } },
      run: (world, { owner, kind }) => ({
        id: insertRow(world, 'accounts', {
          owner,
          kind,
          balance: 0,
          limit: 1000,
          frozen: false,
        }),
      }),
    }),
    writing({
      name: 'close_account',
      description: 'Closes an account for good.',
      properties: { account_id: text },
      subject: 'account_id',
      run: (world, given) => {
        writableRow(world, 'accounts', given['account_id'])['closed'] = true;
        return { ok: true };
      },
    }),
    writing({
      name: 'freeze_account',
      description: 'Freezes an account.',
      properties: { account_id: text },
      subject: 'account_id',
      run: (world, given) => {
        writableRow(world, 'accounts', given['account_id'])['frozen'] = true;
        return { ok: true };
      },
    }),
    writing({
      name: 'unfreeze_account',
      description: 'Lifts the freeze of an account.',
      properties: { account_id: text },
      subject: 'account_id',
      run: (world, given) => {
        writableRow(world, 'accounts', given['account_id'])['frozen'] = false;
        return { ok: true };
      },
    }),
  ],
};
