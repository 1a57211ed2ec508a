import type { Json, JsonObject } from '../../../../core/json.ts';
import { failed, isJsonObject, isNothing, numberOf, textOf, type Backend, type CallArguments } from './backend.ts';

interface FileNode {
  readonly kind: 'file';
  content: string;
}

interface DirectoryNode {
  readonly kind: 'directory';
  readonly entries: Map<string, Node>;
}

type Node = FileNode | DirectoryNode;

function nodeOf(value: Json | undefined): Node {
  if (isJsonObject(value) && value.type === 'file') return { kind: 'file', content: String(value.content ?? '') };
  const contents = isJsonObject(value) && isJsonObject(value.contents) ? value.contents : {};
  return {
    kind: 'directory',
    entries: new Map(Object.entries(contents).map(([name, entry]) => [name, nodeOf(entry)])),
  };
}

const jsonOf = (node: Node): JsonObject =>
  node.kind === 'file'
    ? { type: 'file', content: node.content }
    : {
        type: 'directory',
        contents: Object.fromEntries([...node.entries].map(([name, entry]) => [name, jsonOf(entry)])),
      };

const copied = (node: Node): Node => nodeOf(jsonOf(node));

const sizeOf = (node: Node): number =>
  node.kind === 'file'
    ? Array.from(node.content).length
    : [...node.entries.values()].reduce((sum, entry) => sum + sizeOf(entry), 0);

function readableSize(size: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let [value, unit] = [size, 0];
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(2)} ${units[unit]}`;
}

const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Where the shell stands: the directories from the root down to the current one. */
interface Place {
  readonly name: string;
  readonly node: DirectoryNode;
}

class FileSystem {
  readonly root: Place;
  /** The directories below the root. */
  path: Place[] = [];

  constructor(config: JsonObject) {
    const [name, value] = Object.entries(isJsonObject(config.root) ? config.root : {})[0] ?? ['root', undefined];
    const node = nodeOf(value);
    this.root = { name, node: node.kind === 'directory' ? node : { kind: 'directory', entries: new Map() } };
  }

  get here(): DirectoryNode {
    return (this.path.at(-1) ?? this.root).node;
  }

  get where(): string {
    return `/${[this.root, ...this.path].map(({ name }) => name).join('/')}`;
  }

  /** Does something with a file of the current directory, or says that it is not there. */
  withFile(values: CallArguments, key: string, act: (file: FileNode) => JsonObject): JsonObject {
    const name = textOf(values, key);
    const node = this.here.entries.get(name);
    if (node === undefined) return failed(`no such file or directory: ${name}`);
    return node.kind === 'file' ? act(node) : failed(`${name} is a directory`);
  }
}

const isPath = (name: string): boolean => name.includes('/') || name === '' || name === '.' || name === '..';

function changeDirectory(system: FileSystem, values: CallArguments): JsonObject {
  const folder = textOf(values, 'folder');
  if (folder === '..') {
    if (system.path.length === 0) return failed('the current directory is the root directory');
    system.path = system.path.slice(0, -1);
  } else if (folder === '/') system.path = [];
  else if (folder !== '.') {
    const node = system.here.entries.get(folder);
    if (node?.kind !== 'directory') return failed(`no such directory: ${folder}`);
    system.path = [...system.path, { name: folder, node }];
  }
  return { current_working_directory: (system.path.at(-1) ?? system.root).name };
}

function create(system: FileSystem, name: string, node: Node): JsonObject {
  if (isPath(name)) return failed(`not a name: ${name}`);
  if (system.here.entries.has(name)) return failed(`${name} exists already`);
  system.here.entries.set(name, node);
  return {};
}

/** Moves or copies an entry of the current directory: into a directory, or under a new name. */
function transfer(system: FileSystem, values: CallArguments, isMove: boolean): JsonObject {
  const [source, destination] = [textOf(values, 'source'), textOf(values, 'destination')];
  const { entries } = system.here;
  const node = entries.get(source);
  if (node === undefined) return failed(`no such file or directory: ${source}`);
  if (isPath(destination)) return failed(`no path is allowed: ${destination}`);
  const target = entries.get(destination);
  if (target?.kind === 'file' || target === node) return failed(`${destination} exists already`);
  const [into, name] = target === undefined ? [entries, destination] : [target.entries, source];
  if (into.has(name)) return failed(`${name} exists already in ${destination}`);
  into.set(name, isMove ? node : copied(node));
  if (isMove) entries.delete(source);
  return {
    result: `${source} ${isMove ? 'moved' : 'copied'} to ${target === undefined ? name : `${destination}/${name}`}`,
  };
}

function find(system: FileSystem, values: CallArguments): JsonObject {
  const path = isNothing(values.path) ? '.' : textOf(values, 'path');
  const name = isNothing(values.name) ? '' : textOf(values, 'name');
  let start: Node = system.here;
  for (const part of path.split('/').filter((item) => item !== '' && item !== '.')) {
    const next: Node | undefined = start.kind === 'directory' ? start.entries.get(part) : undefined;
    if (next === undefined) return failed(`no such directory: ${path}`);
    start = next;
  }
  const matches: string[] = [];
  const visit = (node: Node, at: string): void => {
    if (node.kind === 'file') return;
    for (const [entry, child] of node.entries) {
      if (entry.includes(name)) matches.push(`${at}/${entry}`);
      visit(child, `${at}/${entry}`);
    }
  };
  if (start.kind === 'file') return failed(`not a directory: ${path}`);
  visit(start, path);
  return { matches };
}

function count(file: FileNode, mode: string): JsonObject {
  if (mode === 'l') return { count: file.content === '' ? 0 : file.content.split('\n').length, type: 'lines' };
  if (mode === 'w') return { count: file.content.split(/\s+/).filter((word) => word !== '').length, type: 'words' };
  return mode === 'c' ? { count: sizeOf(file), type: 'characters' } : failed(`no such mode: ${mode}`);
}

function compare(a: FileNode, b: FileNode): JsonObject {
  const [left, right] = [a.content.split('\n'), b.content.split('\n')];
  const lines = left.flatMap((line, index) => {
    const other = right[index];
    return other === undefined || other === line ? [] : [`- ${line}\n+ ${other}`];
  });
  return { diff_lines: lines.join('\n') };
}

function remove(system: FileSystem, name: string, onlyEmptyDirectory: boolean): JsonObject {
  const node = system.here.entries.get(name);
  if (node === undefined) return failed(`no such file or directory: ${name}`);
  if (onlyEmptyDirectory && (node.kind === 'file' || node.entries.size > 0))
    return failed(`${name} is no empty directory`);
  system.here.entries.delete(name);
  return { result: `${name} removed` };
}

function write(system: FileSystem, values: CallArguments): JsonObject {
  const content = textOf(values, 'content');
  const name = isNothing(values.file_name) ? '' : textOf(values, 'file_name');
  if (name === '') return { terminal_output: content };
  if (isPath(name)) return failed(`not a file name: ${name}`);
  const node = system.here.entries.get(name);
  // A file is made by touch, never by writing.
  if (node?.kind !== 'file') return failed(`there is no file ${name}`);
  node.content = content;
  return { terminal_output: null };
}

/** A tree of files with a current directory; the tree is compared, the place in it is not. */
export function openFileSystem(config: JsonObject): Backend {
  const system = new FileSystem(config);
  return {
    functions: {
      pwd: () => ({ current_working_directory: system.where }),
      cd: (values) => changeDirectory(system, values),
      ls: (values) => ({
        current_directory_content: [...system.here.entries.keys()].filter(
          (name) => values.a === true || !name.startsWith('.'),
        ),
      }),
      mkdir: (values) => create(system, textOf(values, 'dir_name'), { kind: 'directory', entries: new Map() }),
      touch: (values) => create(system, textOf(values, 'file_name'), { kind: 'file', content: '' }),
      echo: (values) => write(system, values),
      cat: (values) => system.withFile(values, 'file_name', (file) => ({ file_content: file.content })),
      find: (values) => find(system, values),
      wc: (values) =>
        system.withFile(values, 'file_name', (file) =>
          count(file, isNothing(values.mode) ? 'l' : textOf(values, 'mode')),
        ),
      sort: (values) =>
        system.withFile(values, 'file_name', (file) => ({
          sorted_content: file.content.split('\n').toSorted(byCodePoint).join('\n'),
        })),
      grep: (values) =>
        system.withFile(values, 'file_name', (file) => ({
          matching_lines: file.content.split('\n').filter((line) => line.includes(textOf(values, 'pattern'))),
        })),
      tail: (values) =>
        system.withFile(values, 'file_name', (file) => {
          const lines = isNothing(values.lines) ? 10 : numberOf(values, 'lines');
          return Number.isInteger(lines)
            ? { last_lines: file.content.split('\n').slice(-lines).join('\n') }
            : failed('lines must be a whole number');
        }),
      du: (values) => {
        const size = sizeOf(system.here);
        return { disk_usage: values.human_readable === true ? readableSize(size) : `${size} bytes` };
      },
      diff: (values) =>
        system.withFile(values, 'file_name1', (a) => system.withFile(values, 'file_name2', (b) => compare(a, b))),
      mv: (values) => transfer(system, values, true),
      cp: (values) => transfer(system, values, false),
      rm: (values) => remove(system, textOf(values, 'file_name'), false),
      rmdir: (values) => remove(system, textOf(values, 'dir_name'), true),
    },
    state: () => ({ root: { [system.root.name]: jsonOf(system.root.node) } }),
  };
}
