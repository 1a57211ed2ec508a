import { access, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';

/** Packages whose versions decide how an engine computes. */
const telling = [
  'torch',
  'vllm',
  'sglang',
  'flash-attn',
  'flashinfer-python',
  'transformers',
  'triton',
  'xformers',
] as const;

/** Versions of the packages that decide how a Python engine computes, in the environment that one of the processes runs from; null where none does, or on a system without /proc. */
export async function pythonPackages(processIds: Iterable<number>): Promise<Readonly<Record<string, string>> | null> {
  for (const pid of processIds) {
    const environment = await environmentOf(pid);
    const packages = environment === null ? {} : await packagesOf(environment);
    if (Object.keys(packages).length > 0) return packages;
  }
  return null;
}

/** The folder of the virtual environment or installation whose interpreter or script a process was started with. */
async function environmentOf(pid: number): Promise<string | null> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  for (const word of line.split('\0').slice(0, 3)) {
    const folder = dirname(word);
    if (!isAbsolute(word) || basename(folder) !== 'bin') continue;
    const root = dirname(folder);
    if ((await sitePackagesOf(root)).length > 0) return root;
  }
  return null;
}

async function sitePackagesOf(root: string): Promise<readonly string[]> {
  const versions = await readdir(join(root, 'lib')).catch(() => []);
  const folders = versions
    .filter((name) => name.startsWith('python3'))
    .flatMap((name) => [join(root, 'lib', name, 'site-packages'), join(root, 'lib', name, 'dist-packages')]);
  const there = await Promise.all(
    folders.map((folder) =>
      access(folder).then(
        () => true,
        () => false,
      ),
    ),
  );
  return folders.filter((_, index) => there[index]);
}

async function packagesOf(root: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const folder of await sitePackagesOf(root)) {
    for (const entry of await readdir(folder).catch(() => [])) {
      const [, name = '', version = ''] = /^(.+?)-([^-]+)\.dist-info$/.exec(entry) ?? [];
      const id = name.toLowerCase().replaceAll(/[_.]/g, '-');
      if (telling.some((known) => known === id)) found[id] = version;
    }
  }
  return found;
}
