import { existsSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Options } from '../config/options.ts';
import { engineIds, loadAllTasks, loadEngine, loadSandbox, sandboxIds } from './load-plugin.ts';
import { builtInModelPath } from './resolve-target.ts';
import { cacheFolder, type DataOptions } from './system-dependencies.ts';
import { tasksWithoutData } from './tasks-without-data.ts';

/** One thing that was looked at: `error` stops the default run, `warning` stops part of what can be done. */
export interface SystemCheck {
  readonly id: string;
  readonly status: 'ok' | 'warning' | 'error';
  readonly message: string;
  /** How to mend it; null when there is nothing to mend. */
  readonly hint: string | null;
}

type CheckOptions = DataOptions & Pick<Options, 'out' | 'baseUrl'>;

/** Least free space for runs and downloads. */
const leastFreeBytes = 2 * 1024 ** 3;

const ok = (id: string, message: string): SystemCheck => ({ id, status: 'ok', message, hint: null });

/** Looks at everything a run may need on this machine. Never throws: what cannot be looked at is a finding. */
export async function checkSystem(options: CheckOptions): Promise<readonly SystemCheck[]> {
  const looked = await Promise.all([
    ...sandboxIds().map(checkSandbox),
    checkDisk('disk', resolve(options.out)),
    checkDisk('cache', cacheFolder(options)),
    checkNetwork(options),
    checkData(options),
    checkServers(),
  ]);
  return [checkNode(), checkBuiltInModel(), checkEmbeddedEngine(), ...looked];
}

function checkNode(): SystemCheck {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 20)) return ok('node', `Node.js ${process.versions.node}`);
  return {
    id: 'node',
    status: 'error',
    message: `Node.js ${process.versions.node} is too old`,
    hint: 'install Node.js 20.20 or later',
  };
}

function checkBuiltInModel(): SystemCheck {
  const path = builtInModelPath();
  if (existsSync(path)) return ok('built-in model', path);
  return { id: 'built-in model', status: 'error', message: `${path} is not there`, hint: 'install the package again' };
}

function checkEmbeddedEngine(): SystemCheck {
  const names = [`@node-llama-cpp/${binaryName()}`];
  const found = names.find((name) => canResolve(`${name}/package.json`) || canResolve(name));
  if (found) return ok('embedded engine', found);
  return {
    id: 'embedded engine',
    status: 'error',
    message: `no llama.cpp binary for ${platform()} ${arch()}`,
    hint: `install again without --omit=optional, or add ${names[0]}; a server can still be used with --base-url`,
  };
}

const binaryName = (): string => {
  const system = platform() === 'win32' ? 'win' : platform() === 'darwin' ? 'mac' : 'linux';
  return system === 'mac' && arch() === 'arm64' ? 'mac-arm64-metal' : `${system}-${arch()}`;
};

function canResolve(specifier: string): boolean {
  try {
    createRequire(import.meta.url).resolve(specifier);
    return true;
  } catch {
    return false;
  }
}

async function checkSandbox(id: string): Promise<SystemCheck> {
  try {
    const plugin = await loadSandbox(id);
    const availability = await plugin.probe();
    if (availability.available) return ok(`sandbox ${id}`, plugin.title);
    return { id: `sandbox ${id}`, status: 'warning', message: availability.reason, hint: availability.hint };
  } catch (error) {
    return {
      id: `sandbox ${id}`,
      status: 'warning',
      message: (error as Error).message,
      hint: 'install the package again',
    };
  }
}

async function checkDisk(id: string, folder: string): Promise<SystemCheck> {
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  try {
    if (existing === folder) await mkdir(folder, { recursive: true });
    const { bavail, bsize } = await statfs(existing);
    const freeBytes = bavail * bsize;
    const message = `${(freeBytes / 1024 ** 3).toFixed(1)} GiB free for ${folder}`;
    if (freeBytes >= leastFreeBytes) return ok(id, message);
    return {
      id,
      status: 'warning',
      message,
      hint:
        id === 'disk'
          ? 'free space, or choose another folder with --out'
          : 'free space, or choose another folder with --cache-dir',
    };
  } catch (error) {
    return {
      id,
      status: 'error',
      message: `${folder} cannot be used: ${(error as Error).message}`,
      hint: 'choose a folder you may write to',
    };
  }
}

/** Which servers could be started here; having none is no fault. */
async function checkServers(): Promise<SystemCheck> {
  const plugins = (await Promise.all(engineIds().map(loadEngine))).filter((plugin) => plugin.locate);
  const found = await Promise.all(
    plugins.map(async ({ id, locate }) => {
      try {
        const installation = await locate?.({});
        return `${id} ${installation?.version ?? '(version not known)'}`;
      } catch {
        return `no ${id}`;
      }
    }),
  );
  return ok('servers to start', found.join(', '));
}

async function checkNetwork(options: CheckOptions): Promise<SystemCheck> {
  if (options.offline) return ok('network', 'not used (--offline)');
  const url = options.hfEndpoint ?? 'https://huggingface.co';
  try {
    await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(3000), redirect: 'manual' });
    return ok('network', `${new URL(url).host} answers`);
  } catch {
    return {
      id: 'network',
      status: 'warning',
      message: `${url} does not answer`,
      hint: 'data and models must be local: use --data-dir and GGUF paths, or set HF_ENDPOINT to a mirror',
    };
  }
}

/** Tasks without data that are named one by one. */
const mostNamed = 8;

async function checkData(options: CheckOptions): Promise<SystemCheck> {
  const tasks = (await loadAllTasks()).filter((task) => task.artefacts.length > 0);
  const missing = (await tasksWithoutData(tasks, options)).map(({ id }) => id);
  const message = `data of ${tasks.length - missing.length} of ${tasks.length} benchmarks found`;
  if (missing.length === 0) return ok('data', message);
  const isShort = missing.length <= mostNamed;
  const named = isShort
    ? missing.join(', ')
    : `${missing.slice(0, mostNamed - 1).join(', ')} and ${missing.length - mostNamed + 1} more`;
  return {
    id: 'data',
    status: 'warning',
    message: `${message}; missing: ${named}`,
    hint: `point --data-dir at a folder that holds them, or \`qwen-eval fetch <task>\`${isShort ? '' : '; `qwen-eval list tasks` names them all'}`,
  };
}
