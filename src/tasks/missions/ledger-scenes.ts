import type { MissionStep } from '../../scorers/worlds/mission.ts';
import type { Rng } from '../../stats/rng.ts';
import { people } from '../reasoning/word-lists.ts';
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

function seed(rng: Rng, level: number) {
  const owners = rng.sample<string>(people, countAt(level, [3, 7, 11, 15]));
  const accounts = makeRows(
    rng,
    'acc',
    owners.map((owner) => ({
      owner,
      kind: rng.pick(['giro', 'savings']),
      balance: rng.integer(20, 400) * 2,
      limit: rng.integer(2, 20) * 100,
      frozen: false,
    })),
  );
  const ids = Object.keys(accounts);
  const transfers = makeRows(
    rng,
    'tra',
    Array.from({ length: Math.ceil(ids.length / 2) }, (_, index) => ({
      from: ids[index] ?? '',
      to: ids.at(-1 - index) ?? '',
      amount: rng.integer(5, 39),
      memo: '',
      status: 'done',
    })).filter(({ from, to }) => from !== to),
  );
  return { accounts, transfers };
}

const find = (owner: string) => plan('find_account', { owner });
const ownerOf = (account: { readonly row: Record<string, unknown> }): string => String(account.row['owner']);

function pickTwo(scene: Scene) {
  const [from, to] = [pickRow(scene, 'accounts', (row) => Number(row['balance']) > 10), pickRow(scene, 'accounts')];
  if (!from || !to || from.id === to.id) return null;
  // A payment above the daily limit of the account would rightly be questioned.
  return { from, to, most: Math.min(Number(from.row['balance']), Number(from.row['limit'])) };
}

const transfer = (scene: Scene): MissionStep | null => {
  const two = pickTwo(scene);
  if (!two) return null;
  const amount = scene.rng.integer(5, two.most);
  const memo = scene.rng.pick(['', '', 'rent', 'tickets', 'dinner', 'books']);
  const gaps = { a: amount, f: ownerOf(two.from), t: ownerOf(two.to), m: memo };
  const wordings =
    memo === ''
      ? [
          'Pay {a} from the account of {f} to that of {t}.',
          'Send {a} from {f} to {t}.',
          '{f} owes {t} {a}: transfer it.',
        ]
      : ['Pay {a} from the account of {f} to that of {t}, with the memo "{m}".'];
  return {
    text: fill(scene.rng, wordings, gaps),
    lookups: [find(gaps.f), find(gaps.t)],
    writes: [plan('transfer', { from_id: two.from.id, to_id: two.to.id, amount, ...(memo === '' ? {} : { memo }) })],
    touches: [two.from.id, two.to.id],
  };
};

const payHalf = (scene: Scene): MissionStep | null => {
  const two = pickTwo(scene);
  const amount = Number(two?.from.row['balance']) / 2;
  if (!two || amount > two.most) return null;
  const gaps = { f: ownerOf(two.from), t: ownerOf(two.to) };
  return {
    text: fill(
      scene.rng,
      ['Move half of what {f} has to the account of {t}.', 'Send half of the balance of {f} to {t}.'],
      gaps,
    ),
    lookups: [find(gaps.f), plan('get_account', { account_id: two.from.id }), find(gaps.t)],
    writes: [plan('transfer', { from_id: two.from.id, to_id: two.to.id, amount })],
    touches: [two.from.id, two.to.id],
  };
};

const setLimit = (scene: Scene): MissionStep | null => {
  const account = pickRow(scene, 'accounts');
  if (!account) return null;
  const limit = scene.rng.integer(2, 40) * 50;
  return {
    text: fill(scene.rng, ['Set the daily limit of {o} to {l}.', '{o} may spend {l} a day from now on.'], {
      o: ownerOf(account),
      l: limit,
    }),
    lookups: [find(ownerOf(account))],
    writes: [plan('set_limit', { account_id: account.id, limit })],
    touches: [account.id],
  };
};

const freeze = (scene: Scene): MissionStep | null => {
  const account = pickRow(scene, 'accounts');
  if (!account) return null;
  return {
    text: fill(scene.rng, ['Freeze the account of {o}.', '{o} has lost the card: freeze the account.'], {
      o: ownerOf(account),
    }),
    lookups: [find(ownerOf(account))],
    writes: [plan('freeze_account', { account_id: account.id })],
    touches: [account.id],
  };
};

const open = (scene: Scene): MissionStep | null => {
  const known = Object.values(scene.tables['accounts'] ?? {}).map((row) => row['owner']);
  const owner = scene.rng.pick(people.filter((name) => !known.includes(name)));
  const kind = scene.rng.pick(['giro', 'savings']);
  const limit = scene.rng.integer(1, 9) * 100 + 50;
  return {
    text: fill(
      scene.rng,
      [
        'Open a {k} account for {o} with a daily limit of {l}.',
        '{o} wants a {k} account. The daily limit is to be {l}.',
      ],
      { k: kind, o: owner, l: limit },
    ),
    lookups: [],
    writes: [
      plan('open_account', { owner, ...(kind === 'giro' ? {} : { kind }) }),
      plan('set_limit', { account_id: '$created', limit }),
    ],
    touches: [`owner ${owner}`, 'all accounts'],
  };
};

const reverse = (scene: Scene): MissionStep | null => {
  const done = pickRow(scene, 'transfers', (row) => row['status'] === 'done');
  const from = scene.tables['accounts']?.[String(done?.row['from'])];
  const to = scene.tables['accounts']?.[String(done?.row['to'])];
  const amount = Number(done?.row['amount']);
  if (!done || !from || !to || Number(to['balance']) < amount) return null;
  const [giver, taker] = [String(from['owner']), String(to['owner'])];
  return {
    text: fill(
      scene.rng,
      [
        'Reverse the transfer of {a} from {f} to {t}.',
        '{t} must give back the {a} that {f} sent: reverse that transfer.',
      ],
      { a: amount, f: giver, t: taker },
    ),
    lookups: [find(giver), plan('list_transfers', { account_id: String(done.row['from']) })],
    writes: [plan('reverse_transfer', { transfer_id: done.id })],
    touches: [done.id, String(done.row['from']), String(done.row['to'])],
  };
};

const limitPoor = (scene: Scene): MissionStep | null => {
  const all = Object.entries(scene.tables['accounts'] ?? {});
  const bound = scene.rng.integer(6, 20) * 10;
  const poor = all.filter(([, row]) => Number(row['balance']) < bound).map(([id]) => id);
  if (poor.length === 0 || poor.length > 4) return null;
  return {
    text: fill(
      scene.rng,
      [
        'Set the daily limit of every account with less than {b} on it to 0.',
        'Accounts that hold less than {b} get a daily limit of 0.',
      ],
      { b: bound },
    ),
    lookups: pages('list_accounts', all.length),
    writes: poor.map((id) => plan('set_limit', { account_id: id, limit: 0 })),
    // Any payment or new account could change which accounts these are.
    touches: [...all.map(([id]) => id), 'all accounts'],
  };
};

/** Requests to a bank. */
export const ledgerScenes: Scenes = {
  world: 'ledger',
  seed,
  easyTools: ['transfer', 'set_limit'],
  easySteps: [
    (scene) => {
      const two = pickTwo(scene);
      if (!two) return null;
      const amount = scene.rng.integer(5, Math.min(99, two.most));
      return {
        text: `Transfer ${amount} from account ${two.from.id} to account ${two.to.id}.`,
        lookups: [],
        writes: [plan('transfer', { from_id: two.from.id, to_id: two.to.id, amount })],
        touches: [two.from.id, two.to.id],
      };
    },
    (scene) => {
      const account = pickRow(scene, 'accounts');
      const limit = scene.rng.integer(2, 40) * 50;
      return (
        account && {
          text: `Set the limit of account ${account.id} to ${limit}.`,
          lookups: [],
          writes: [plan('set_limit', { account_id: account.id, limit })],
          touches: [account.id],
        }
      );
    },
  ],
  steps: [transfer, payHalf, setLimit, freeze, open, reverse, limitPoor],
  questions: [
    (scene) => {
      const [a, b] = [pickRow(scene, 'accounts'), pickRow(scene, 'accounts')];
      if (!a || !b || a.id === b.id) return null;
      return {
        text: `How much do ${ownerOf(a)} and ${ownerOf(b)} have after that, taken together?`,
        answer: {
          form: 'integer',
          value: String(Number(a.row['balance']) + Number(b.row['balance'])),
          lookups: [
            find(ownerOf(a)),
            plan('get_account', { account_id: a.id }),
            find(ownerOf(b)),
            plan('get_account', { account_id: b.id }),
          ],
        },
      };
    },
  ],
  deadEnds: [
    ({ rng, tables }) => {
      const known = Object.values(tables['accounts'] ?? {}).map((row) => row['owner']);
      const owner = rng.pick(people.filter((name) => !known.includes(name)));
      return {
        text: `Set the daily limit of ${owner} to ${rng.integer(2, 40) * 50}.`,
        denied: null,
        impossible: {
          reason: 'not_found',
          entity: owner,
          lookups: [find(owner), ...pages('list_accounts', known.length)],
        },
      };
    },
    (scene) => {
      const two = pickTwo(scene);
      if (!two) return null;
      const [from, to] = [ownerOf(two.from), ownerOf(two.to)];
      const amount = Number(two.from.row['balance']) + scene.rng.integer(10, 300);
      return {
        text: `Pay ${amount} from the account of ${from} to that of ${to}.`,
        denied: null,
        impossible: {
          reason: 'not_enough',
          entity: from,
          lookups: [find(from), plan('get_account', { account_id: two.from.id })],
        },
      };
    },
    (scene) => {
      const step = setLimit(scene);
      return refusedStep(step, String(scene.tables['accounts']?.[step?.touches[0] ?? '']?.['owner']));
    },
  ],
  forbiddenTool: { text: 'Do not close any account.', tools: ['close_account'], ids: [] },
  leaveAlone: (scene, touched) => {
    const account = pickRow(untouched(scene, 'accounts', touched), 'accounts');
    return account && { text: `Leave the account of ${ownerOf(account)} as it is.`, tools: [], ids: [account.id] };
  },
};
