import type { MissionStep } from '../../scorers/worlds/mission.ts';
import type { Rng } from '../../stats/rng.ts';
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
  'report',
  'budget',
  'letter',
  'recipe',
  'invoice',
  'poem',
  'schedule',
  'contract',
  'notes',
  'survey',
  'speech',
  'menu',
  'script',
  'thesis',
  'diary',
];
const folderNames = ['archive', 'drafts', 'projects', 'private', 'inbox', 'travel'];
const words = [
  'apple',
  'river',
  'candle',
  'meadow',
  'copper',
  'violin',
  'harbor',
  'saffron',
  'pebble',
  'lantern',
  'walnut',
  'thistle',
];
const tags = ['draft', 'final', 'private', 'shared'];

function seed(rng: Rng, level: number) {
  const folders = makeRows(
    rng,
    'fol',
    rng
      .sample(folderNames, countAt(level, [2, 3, 4, 5]))
      .map((name) => ({ name, kind: 'folder', parent: 'root', tag: null })),
  );
  const names = rng.sample(subjects, countAt(level, [3, 6, 10, 14])).map((subject) => `${subject}.txt`);
  const files = makeRows(
    rng,
    'fil',
    names.map((name) => ({
      name,
      kind: 'file',
      parent: rng.pick([...Object.keys(folders), 'root']),
      size: rng.integer(2, 90),
      tag: rng.pick([null, ...tags]),
      content: rng.pick(words),
    })),
  );
  return { entries: { root: { name: 'top', kind: 'folder', parent: null }, ...folders, ...files } };
}

const find = (name: string) => plan('find_entry', { name });
const file = (scene: Scene) => pickRow(scene, 'entries', (row) => row['kind'] === 'file');
const folder = (scene: Scene) =>
  pickRow(scene, 'entries', (row) => row['kind'] === 'folder' && row['parent'] === 'root');
const nameOf = (entry: { readonly row: Record<string, unknown> }): string => String(entry.row['name']);

const rename = (scene: Scene): MissionStep | null => {
  const entry = file(scene);
  if (!entry) return null;
  const name = `${scene.rng.pick(['old', 'new', 'second', 'summer'])}-${nameOf(entry)}`;
  return {
    text: fill(scene.rng, ['Rename {a} to {b}.', '{a} is to be called {b}.'], { a: nameOf(entry), b: name }),
    lookups: [find(nameOf(entry))],
    writes: [plan('rename_entry', { entry_id: entry.id, name })],
    touches: [entry.id],
  };
};

const tag = (scene: Scene): MissionStep | null => {
  const entry = file(scene);
  if (!entry) return null;
  const value = scene.rng.pick(tags);
  return {
    text: fill(scene.rng, ['Tag {a} as {t}.', 'Give {a} the tag {t}.'], { a: nameOf(entry), t: value }),
    lookups: [find(nameOf(entry))],
    writes: [plan('set_tag', { entry_id: entry.id, tag: value })],
    touches: [entry.id],
  };
};

const move = (scene: Scene): MissionStep | null => {
  const [entry, to] = [file(scene), folder(scene)];
  if (!entry || !to || entry.row['parent'] === to.id) return null;
  return {
    text: fill(scene.rng, ['Move {a} into the folder {f}.', '{a} belongs in the folder {f}: put it there.'], {
      a: nameOf(entry),
      f: nameOf(to),
    }),
    lookups: [find(nameOf(entry)), find(nameOf(to))],
    writes: [plan('move_entry', { entry_id: entry.id, folder_id: to.id })],
    touches: [entry.id, to.id],
  };
};

const write = (scene: Scene): MissionStep | null => {
  const entry = file(scene);
  if (!entry) return null;
  const content = scene.rng.sample(words, 2).join(' ');
  return {
    text: fill(scene.rng, ['Replace the content of {a} by "{c}".', '{a} must contain "{c}" and nothing else.'], {
      a: nameOf(entry),
      c: content,
    }),
    lookups: [find(nameOf(entry))],
    writes: [plan('write_file', { file_id: entry.id, content })],
    touches: [entry.id],
  };
};

const extend = (scene: Scene): MissionStep | null => {
  const entry = file(scene);
  if (!entry) return null;
  const word = scene.rng.pick(words);
  return {
    text: fill(
      scene.rng,
      [
        'Append the word "{w}" to the content of {a}, after a space.',
        'Add a space and the word "{w}" at the end of {a}.',
      ],
      { a: nameOf(entry), w: word },
    ),
    lookups: [find(nameOf(entry)), plan('read_file', { file_id: entry.id })],
    writes: [plan('write_file', { file_id: entry.id, content: `${String(entry.row['content'])} ${word}` })],
    touches: [entry.id],
  };
};

const newFolder = (scene: Scene): MissionStep | null => {
  const [entry, parent] = [file(scene), folder(scene)];
  if (!entry || !parent) return null;
  const name = `${scene.rng.pick(['spring', 'autumn', 'team', 'spare'])}-${scene.rng.integer(2, 99)}`;
  return {
    text: fill(
      scene.rng,
      [
        'Make a folder {n} in the folder {p} and move {a} into it.',
        '{a} goes into a new folder {n} inside the folder {p}.',
      ],
      { n: name, p: nameOf(parent), a: nameOf(entry) },
    ),
    lookups: [find(nameOf(parent)), find(nameOf(entry))],
    writes: [
      plan('create_folder', { parent_id: parent.id, name }),
      plan('move_entry', { entry_id: entry.id, folder_id: '$created' }),
    ],
    touches: [entry.id, parent.id],
  };
};

const copy = (scene: Scene): MissionStep | null => {
  const [entry, to] = [file(scene), folder(scene)];
  if (!entry || !to || entry.row['parent'] === to.id) return null;
  return {
    text: fill(scene.rng, ['Copy {a} into the folder {f}.', 'Put a copy of {a} into the folder {f}.'], {
      a: nameOf(entry),
      f: nameOf(to),
    }),
    lookups: [find(nameOf(entry)), find(nameOf(to))],
    writes: [plan('copy_file', { file_id: entry.id, folder_id: to.id })],
    touches: [entry.id, to.id],
  };
};

const tagFolder = (scene: Scene): MissionStep | null => {
  const from = folder(scene);
  const value = scene.rng.pick(tags);
  const held = idsOf(scene, 'entries', (row) => row['parent'] === from?.id);
  const due = held.filter((id) => scene.tables['entries']?.[id]?.['tag'] !== value);
  if (!from || due.length === 0 || due.length > 4) return null;
  return {
    text: fill(
      scene.rng,
      ['Tag every file in the folder {f} as {t}.', 'All files in the folder {f} get the tag {t}.'],
      { f: nameOf(from), t: value },
    ),
    lookups: [find(nameOf(from)), ...pages('list_folder', held.length, { folder_id: from.id })],
    writes: due.map((id) => plan('set_tag', { entry_id: id, tag: value })),
    touches: [from.id, ...held],
  };
};

/** Requests about files. */
export const fileScenes: Scenes = {
  world: 'file_tree',
  seed,
  easyTools: ['rename_entry', 'set_tag'],
  easySteps: [
    (scene) => {
      const entry = file(scene);
      const name = `${scene.rng.pick(words)}.txt`;
      return (
        entry && {
          text: `Rename file ${entry.id} to ${name}.`,
          lookups: [],
          writes: [plan('rename_entry', { entry_id: entry.id, name })],
          touches: [entry.id],
        }
      );
    },
    (scene) => {
      const entry = file(scene);
      const value = scene.rng.pick(tags);
      return (
        entry && {
          text: `Tag file ${entry.id} as ${value}.`,
          lookups: [],
          writes: [plan('set_tag', { entry_id: entry.id, tag: value })],
          touches: [entry.id],
        }
      );
    },
  ],
  steps: [rename, tag, move, write, extend, newFolder, copy, tagFolder],
  questions: [
    (scene) => {
      const entry = file(scene);
      return (
        entry && {
          text: `How large is ${nameOf(entry)}?`,
          answer: {
            form: 'integer',
            value: String(entry.row['size']),
            lookups: [find(nameOf(entry)), plan('get_entry', { entry_id: entry.id })],
          },
        }
      );
    },
    (scene) => {
      const from = folder(scene);
      const held = Object.values(scene.tables['entries'] ?? {}).filter((row) => row['parent'] === from?.id);
      const total = held.reduce((sum, row) => sum + Number(row['size'] ?? 0), 0);
      if (!from || held.length < 2 || held.some((row) => row['kind'] === 'folder')) return null;
      return {
        text: `What is the total size of the files in the folder ${nameOf(from)} after that?`,
        answer: {
          form: 'integer',
          value: String(total),
          lookups: [find(nameOf(from)), ...pages('list_folder', held.length, { folder_id: from.id })],
        },
      };
    },
  ],
  deadEnds: [
    ({ rng, tables }) => {
      const name = `${rng.pick(['opera', 'glossary', 'census', 'almanac'])}.txt`;
      const folders = Object.entries(tables['entries'] ?? {}).filter(([, row]) => row['kind'] === 'folder');
      const lists = folders.flatMap(([id]) =>
        pages('list_folder', Object.values(tables['entries'] ?? {}).filter((row) => row['parent'] === id).length, {
          folder_id: id,
        }),
      );
      return {
        text: `Tag ${name} as ${rng.pick(tags)}.`,
        denied: null,
        impossible: { reason: 'not_found', entity: name, lookups: [find(name), ...lists] },
      };
    },
    (scene) => {
      const step = write(scene);
      return refusedStep(step, String(scene.tables['entries']?.[step?.touches[0] ?? '']?.['name']));
    },
  ],
  forbiddenTool: { text: 'Do not delete anything.', tools: ['delete_entry'], ids: [] },
  leaveAlone: (scene, touched) => {
    const entry = file(untouched(scene, 'entries', touched));
    return entry && { text: `Leave ${nameOf(entry)} as it is.`, tools: [], ids: [entry.id] };
  },
};
