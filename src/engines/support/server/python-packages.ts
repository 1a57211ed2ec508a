import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

/** Packages that can change answers or speed, by the name of their folder. */
const packagesOfInterest = [
  'vllm',
  'sglang',
  'torch',
  'transformers',
  'tokenizers',
  'flash_attn',
  'flashinfer_python',
  'sgl_kernel',
  'triton',
  'xformers',
  'xgrammar',
];

/** Versions of the Python packages that a program of a virtual environment runs with; empty for a program of another kind. */
export function pythonPackages(program: string): Readonly<Record<string, string>> {
  const root = environmentOf(program);
  if (root === null) return {};
  const found: Record<string, string> = {};
  for (const folder of siteFolders(root))
    for (const name of readdirSync(folder)) {
      const [, distribution = '', version = ''] = /^(.+?)-([^-]+)\.dist-info$/.exec(name) ?? [];
      if (packagesOfInterest.includes(distribution.toLowerCase())) found[distribution.toLowerCase()] = version;
    }
  return found;
}

/** Root of the virtual environment: of the interpreter that the program's first line names, else the folder above the program. */
function environmentOf(program: string): string | null {
  const candidates = [interpreterOf(program), program].filter((file) => file !== null);
  return candidates.map((file) => dirname(dirname(file))).find((root) => siteFolders(root).length > 0) ?? null;
}

function interpreterOf(program: string): string | null {
  try {
    const line = readFileSync(realpathSync(program), 'latin1').slice(0, 512).split('\n')[0] ?? '';
    const named = /^#!\s*(\S+)/.exec(line)?.[1] ?? '';
    return isAbsolute(named) && /python/.test(named) ? named : null;
  } catch {
    return null;
  }
}

function siteFolders(root: string): readonly string[] {
  const unix = join(root, 'lib');
  const folders = existsSync(unix)
    ? readdirSync(unix)
        .filter((name) => name.startsWith('python3'))
        .map((name) => join(unix, name, 'site-packages'))
    : [];
  return [...folders, join(root, 'Lib', 'site-packages')].filter((folder) => existsSync(folder));
}
