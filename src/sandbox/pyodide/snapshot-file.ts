import { createHash } from 'node:crypto';
import { mkdirSync, openSync, readFileSync, renameSync, rmSync, closeSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { QwenEvalError } from '../../core/errors.ts';
import { ChildProcessLink, pyodidePackage, pythonModules } from './child-process-link.ts';

/** Raised when the way a snapshot is made or laid out changes. */
const layoutVersion = 2;

function openFolder(cacheDir: string | undefined): string {
  const folders = [join(cacheDir ?? join(homedir(), '.cache', 'qwen-eval'), 'sandbox'), join(tmpdir(), 'qwen-eval')];
  for (const folder of folders) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    } catch {
      // The next one may be writable.
    }
  }
  throw new QwenEvalError('E_OUTPUT_UNWRITABLE', `no folder for the sandbox's snapshot: ${folders.join(', ')}`, {
    hint: 'choose a writable --cache-dir',
  });
}

/** Name of the snapshot: another Pyodide, other driver sources or another layout give another one. */
function snapshotName(pythonFolder: string): string {
  const hash = createHash('sha256').update(String(layoutVersion));
  for (const name of pythonModules) hash.update(readFileSync(join(pythonFolder, `${name}.py`)));
  return `pyodide-${pyodidePackage().version}-${hash.digest('hex').slice(0, 16)}.snapshot`;
}

/** Opens the snapshot of a booted interpreter for reading, made first (about 5 s) where there is none or `remake` says that it is damaged. */
export async function openSnapshot(options: {
  readonly cacheDir: string | undefined;
  readonly pythonFolder: string;
  readonly memoryBytes: number;
  readonly remake: boolean;
}): Promise<number> {
  const path = join(openFolder(options.cacheDir), snapshotName(options.pythonFolder));
  if (!options.remake) {
    try {
      return openSync(path, 'r');
    } catch {
      // Not there yet.
    }
  }
  const unfinished = `${path}.${process.pid}.part`;
  const file = openSync(unfinished, 'w', 0o600);
  try {
    const { memoryBytes } = options;
    const child = new ChildProcessLink({ task: 'build', memoryBytes, workers: 0, isStrict: false }, file);
    await child.ready;
    await child.close();
    renameSync(unfinished, path);
  } finally {
    closeSync(file);
    rmSync(unfinished, { force: true });
  }
  return openSync(path, 'r');
}
