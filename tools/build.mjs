// Compiles src/ to dist/ from scratch, so that no file of a deleted module lingers.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
rmSync(join(root, 'dist'), { recursive: true, force: true });
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
const { status } = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
});
// What the sandbox runs as Python is shipped as it is.
cpSync(join(root, 'src', 'sandbox', 'python'), join(root, 'dist', 'sandbox', 'python'), {
  recursive: true,
  filter: (path) => !path.includes('__pycache__'),
});
process.exit(status ?? 1);
