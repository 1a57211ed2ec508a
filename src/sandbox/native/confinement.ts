import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { z } from 'zod';

/** How a Python process is held on this machine. */
export interface Confinement {
  /** `bubblewrap`: own namespaces and file tree; `landlock`: rights over the host's files, where user namespaces are blocked. */
  readonly kind: 'bubblewrap' | 'landlock';
  readonly python: string;
  readonly pythonVersion: string;
  /** Folder of the Python sources that judge programs. */
  readonly pythonFolder: string;
  /** Landlock version of the kernel, 0 when it has none. */
  readonly landlockVersion: number;
  /** Version of bubblewrap; null when it is not used. */
  readonly bubblewrapVersion: string | null;
}

/** A confinement, or why there is none and what to install. */
export type ConfinementProbe = Confinement | { readonly reason: string; readonly hint: string };

const pythons = ['/usr/bin/python3', '/usr/local/bin/python3'];
const bubblewraps = ['/usr/bin/bwrap', '/usr/local/bin/bwrap'];
const bubblewrap = (): string | undefined => bubblewraps.find((path) => existsSync(path));

/** Bytes of the one folder a program may write to. */
const scratchBytes = 64 * 1024 * 1024;

/** Folder of the Python sources as they are shipped. */
const shippedFolder = (): string => dirname(createRequire(import.meta.url).resolve('#dist/sandbox/python/zygote.py'));

/** What the tree of a confined process shows of the host, read-only, links kept as links. */
function systemFolders(): string[] {
  return ['/lib', '/lib64', '/bin'].flatMap((path) => {
    if (!existsSync(path)) return [];
    if (lstatSync(path).isSymbolicLink()) return ['--symlink', readlinkSync(path), path];
    return ['--ro-bind', path, path];
  });
}

/** The bubblewrap command for a Python script: no network, no /proc, no /etc, one small writable folder. */
export function bubblewrapCommand(
  { python, pythonFolder }: Pick<Confinement, 'python' | 'pythonFolder'>,
  script: readonly string[],
): readonly string[] {
  // prettier-ignore
  return [
    bubblewrap() ?? 'bwrap', '--unshare-all', '--die-with-parent', '--new-session', '--clearenv',
    '--uid', '65534', '--gid', '65534', '--cap-drop', 'ALL',
    '--ro-bind', '/usr', '/usr', ...systemFolders(),
    '--dev', '/dev', '--remount-ro', '/dev',
    '--size', String(scratchBytes), '--tmpfs', '/tmp',
    '--ro-bind', pythonFolder, '/w', '--remount-ro', '/', '--chdir', '/tmp',
    ...Object.entries(pythonEnvironment('/tmp')).flatMap(([name, value]) => ['--setenv', name, value]),
    ...pythonCommand(python, '/w', script),
  ];
}

/** The whole environment of a confined interpreter. */
export const pythonEnvironment = (scratch: string): Readonly<Record<string, string>> => ({
  PYTHONHASHSEED: '0',
  LANG: 'C.UTF-8',
  TMPDIR: scratch,
  HOME: scratch,
});

/** A bare interpreter on one of our scripts; `-I` would ignore the hash seed. */
export const pythonCommand = (python: string, folder: string, script: readonly string[]): readonly string[] => {
  const [name, ...rest] = script;
  return [python, '-s', '-S', '-B', `${folder}/${name}`, ...rest];
};

const factsSchema = z.object({
  version: z.string(),
  machine: z.string(),
  landlock: z.number(),
  problem: z.string().nullable(),
});

const installHint =
  'install Python 3 and bubblewrap (Debian and Ubuntu: apt-get install python3 bubblewrap), or use --sandbox pyodide, which needs neither';

function run(command: readonly string[]): { readonly ok: boolean; readonly output: string; readonly error: string } {
  const [file = '', ...rest] = command;
  const done = spawnSync(file, rest, { encoding: 'utf8', timeout: 20_000, env: { ...pythonEnvironment('/tmp') } });
  return { ok: done.status === 0, output: done.stdout ?? '', error: (done.error?.message ?? done.stderr ?? '').trim() };
}

/** Finds out how Python can be confined here, preferring bubblewrap. Starts processes; takes about 0.1 s. */
export function probeConfinement(only?: Confinement['kind']): ConfinementProbe {
  if (process.platform !== 'linux')
    return { reason: `it needs Linux, this is ${process.platform}`, hint: 'use --sandbox pyodide' };
  const python = pythons.find((path) => existsSync(path));
  if (python === undefined) return { reason: `there is no ${pythons.join(' or ')}`, hint: installHint };
  const pythonFolder = shippedFolder();
  const probed = run(pythonCommand(python, pythonFolder, ['probe.py']));
  const facts = factsSchema.safeParse(probed.ok ? JSON.parse(probed.output) : null);
  if (!facts.success) return { reason: `${python} does not start: ${probed.error.slice(0, 300)}`, hint: installHint };
  if (facts.data.problem !== null)
    return { reason: `${python} ${facts.data.version} does not serve: ${facts.data.problem}`, hint: installHint };
  const found = { python, pythonFolder, pythonVersion: facts.data.version, landlockVersion: facts.data.landlock };
  const wrapped = only === 'landlock' ? { reason: 'not asked for' } : probeBubblewrap(found);
  if ('version' in wrapped) return { ...found, kind: 'bubblewrap', bubblewrapVersion: wrapped.version };
  if (only !== 'bubblewrap' && facts.data.landlock >= 1) return { ...found, kind: 'landlock', bubblewrapVersion: null };
  return {
    reason: `${wrapped.reason}, and the kernel ${facts.data.landlock >= 1 ? 'was not asked for' : 'has no'} Landlock`,
    hint: `${installHint}; in a container, allow user namespaces or use a kernel of 5.13 or newer with Landlock`,
  };
}

function probeBubblewrap(
  found: Pick<Confinement, 'python' | 'pythonFolder'>,
): { readonly version: string } | { readonly reason: string } {
  const path = bubblewrap();
  if (path === undefined) return { reason: 'bubblewrap is not installed' };
  const version = run([path, '--version']);
  const tried = run(bubblewrapCommand(found, ['probe.py']));
  if (!version.ok || !tried.ok)
    return { reason: `bubblewrap cannot make namespaces here (${(tried.error || version.error).slice(0, 200)})` };
  return { version: version.output.replace(/^bubblewrap\s*/, '').trim() };
}
