// Compiles src/ to dist/ from scratch, so that no file of a deleted module lingers.
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
rmSync(join(root, 'dist'), { recursive: true, force: true });
const windows = process.platform === 'win32';
const compiler = join(root, 'node_modules', '.bin', windows ? 'tsc.cmd' : 'tsc');
const { status } = spawnSync(compiler, ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit', shell: windows });
// The sandbox runs these as they are.
cpSync(join(root, 'src', 'sandbox', 'python'), join(root, 'dist', 'sandbox', 'python'), {
  recursive: true,
  filter: (path) => !path.endsWith('__pycache__'),
});
if (status === 0) {
  // The help shows these without loading what the commands do.
  const folder = join(root, 'dist', 'cli', 'commands');
  const names = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const commands = await Promise.all(names.map((name) => import(pathToFileURL(join(folder, name)).href)));
  const overview = commands.map(({ default: { id, summary } }) => ({ id, summary }));
  writeFileSync(join(root, 'dist', 'cli', 'overview.json'), JSON.stringify(overview));
}
process.exit(status ?? 1);
