import {
  findRows,
  insertRow,
  listRows,
  rowOf,
  rowsOf,
  setFields,
  ToolError,
  writableRow,
  type Row,
  type Simulation,
} from './simulation.ts';
import { cursor, oneOf, reading, text, writing, type Arguments, type World } from './world.ts';

const folderOf = (world: Simulation, id: Arguments[string] | undefined): Row => {
  const row = rowOf(world, 'entries', id);
  if (row['kind'] !== 'folder') throw new ToolError('conflict', `${String(id)} is no folder`);
  return row;
};

/** True when an entry lies in a folder or anywhere below it. */
function isInside(world: Simulation, id: string, folder: string): boolean {
  for (let at: string | null = id; at !== null;) {
    if (at === folder) return true;
    const parent: unknown = world.tables['entries']?.[at]?.['parent'];
    at = typeof parent === 'string' ? parent : null;
  }
  return false;
}

/** A file system: files and folders in folders. */
export const fileTree: World = {
  id: 'file_tree',
  tools: [
    writing({
      name: 'rename_entry',
      description: 'Gives a file or folder another name.',
      properties: { entry_id: text, name: text },
      subject: 'entry_id',
      run: (world, given) => {
        setFields(writableRow(world, 'entries', given['entry_id']), { name: given['name'] });
        return { ok: true };
      },
    }),
    writing({
      name: 'set_tag',
      description: 'Tags a file or folder.',
      properties: { entry_id: text, tag: oneOf('draft', 'final', 'private', 'shared') },
      subject: 'entry_id',
      run: (world, given) => {
        setFields(writableRow(world, 'entries', given['entry_id']), { tag: given['tag'] });
        return { ok: true };
      },
    }),
    reading({
      name: 'find_entry',
      description: 'Finds the id of a file or folder by its name.',
      properties: { name: text },
      run: (world, { name }) => findRows(world, 'entries', { field: 'name', value: name }),
    }),
    reading({
      name: 'get_entry',
      description: 'Shows a file or folder.',
      properties: { entry_id: text },
      run: (world, given) => rowOf(world, 'entries', given['entry_id']),
    }),
    reading({
      name: 'list_folder',
      description: 'Lists what is in a folder, a page at a time; "root" is the top.',
      properties: { folder_id: text, cursor },
      run: (world, { folder_id: id, cursor: from }) => {
        folderOf(world, id);
        return listRows(world, 'entries', {
          columns: ['name', 'kind', 'size', 'tag'],
          cursor: from,
          where: (row) => row['parent'] === id,
        });
      },
    }),
    reading({
      name: 'read_file',
      description: 'Reads a file.',
      properties: { file_id: text },
      run: (world, given) => ({ content: rowOf(world, 'entries', given['file_id'])['content'] ?? null }),
    }),
    writing({
      name: 'write_file',
      description: 'Replaces the content of a file.',
      properties: { file_id: text, content: { type: 'string' } },
      subject: 'file_id',
      run: (world, given) => {
        const file = writableRow(world, 'entries', given['file_id']);
        if (file['kind'] !== 'file') throw new ToolError('conflict', 'a folder has no content');
        setFields(file, { content: given['content'] });
        return { ok: true };
      },
    }),
    writing({
      name: 'create_folder',
      description: 'Makes a folder in a folder.',
      properties: { parent_id: text, name: text },
      run: (world, { parent_id: parent, name }) => {
        folderOf(world, parent);
        return {
          id: insertRow(world, 'entries', { name, kind: 'folder', parent, tag: null }),
        };
      },
    }),
    writing({
      name: 'move_entry',
      description: 'Moves a file or folder into a folder.',
      properties: { entry_id: text, folder_id: text },
      subject: 'entry_id',
      run: (world, { entry_id: id, folder_id: folder }) => {
        folderOf(world, folder);
        const entry = writableRow(world, 'entries', id);
        if (isInside(world, String(folder), String(id)))
          throw new ToolError('conflict', 'a folder cannot be moved into itself');
        setFields(entry, { parent: folder });
        return { ok: true };
      },
    }),
    writing({
      name: 'copy_file',
      description: 'Copies a file into a folder, under the same name.',
      properties: { file_id: text, folder_id: text },
      run: (world, { file_id: id, folder_id: folder }) => {
        folderOf(world, folder);
        return { id: insertRow(world, 'entries', { ...rowOf(world, 'entries', id), parent: folder }) };
      },
    }),
    writing({
      name: 'delete_entry',
      description: 'Deletes a file, or a folder with all that is in it.',
      properties: { entry_id: text },
      subject: 'entry_id',
      run: (world, { entry_id: id }) => {
        if (id === 'root') throw new ToolError('conflict', 'the top cannot be deleted');
        writableRow(world, 'entries', id);
        const entries = rowsOf(world, 'entries');
        for (const key of Object.keys(entries).filter((each) => isInside(world, each, String(id)))) delete entries[key];
        return { ok: true };
      },
    }),
  ],
};
