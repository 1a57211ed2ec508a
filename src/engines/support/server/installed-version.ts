import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

/** Version of a Python package in the virtual environment that a program belongs to, by its metadata: no interpreter is started. Null when the program belongs to none, or the package is not there. */
export function installedVersion(program: string, name: string): string | null {
  const files = [interpreterOf(program), program].filter((file) => file !== null);
  const folders = files.flatMap((file) => siteFolders(dirname(dirname(file))));
  const pattern = new RegExp(`^${name}-([^-]+)\\.dist-info$`, 'i');
  return (
    folders
      .flatMap((folder) => readdirSync(folder))
      .map((entry) => pattern.exec(entry)?.[1])
      .find((version) => version !== undefined) ?? null
  );
}

/** The interpreter that a script's first line names. */
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
  const versions = existsSync(unix) ? readdirSync(unix).filter((name) => name.startsWith('python3')) : [];
  return [...versions.map((name) => join(unix, name, 'site-packages')), join(root, 'Lib', 'site-packages')].filter(
    (folder) => existsSync(folder),
  );
}
