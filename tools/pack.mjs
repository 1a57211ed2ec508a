// Packs the package for publication: node tools/pack.mjs [FOLDER]. Needs a build; prints the path of the tarball.
//
// node-llama-cpp would bring every GPU binary, its compiler and the sources of llama.cpp (725 MB) and an install script. The tarball
// bundles it without them; the CPU binaries are optional dependencies of this package. See docs/decisions/0003-embedded-engine.md.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const bundled = 'node-llama-cpp';
/** Dependencies that only its command line and its compiler load. */
const unusedDependencies = ['cmake-js', 'ignore', 'node-addon-api', 'validate-npm-package-name', 'yargs'];
/** Parts of its folder that only they read: binaries and project templates. */
const unusedFolders = ['bins', 'templates'];
/** Of `llama/`, what is read at run time. */
const keptOfLlama = ['binariesGithubRelease.json', 'grammars', 'llama.cpp.info.json', 'package.json'];

/** Of its package.json: scripts would run on installation, the dependencies would bring GPU binaries. */
const droppedFields = [
  'scripts',
  'bin',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'peerDependenciesMeta',
];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const writeJson = (path, content) => writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);

const without = (object, keys) => Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

/** The folder that `name` is resolved to from `folder`, as Node.js does it; null when it is not installed. */
function findPackage(folder, name) {
  for (let at = folder; at.startsWith(root); at = dirname(at)) {
    const path = join(at, 'node_modules', name);
    if (existsSync(path)) return path;
  }
  return null;
}

/** Folders of the bundled package and of all it needs at run time. */
function bundledFolders() {
  const found = new Set();
  const waiting = [join(root, 'node_modules', bundled)];
  for (const folder of waiting) {
    if (found.has(folder)) continue;
    found.add(folder);
    const names = Object.keys(readJson(join(folder, 'package.json')).dependencies ?? {});
    const needed = basename(folder) === bundled ? names.filter((name) => !unusedDependencies.includes(name)) : names;
    for (const name of needed) {
      const path = findPackage(folder, name);
      if (path === null) throw new Error(`${name}, which ${folder} needs, is not installed: run npm ci`);
      waiting.push(path);
    }
  }
  return [...found];
}

const isDevelopmentFile = (path) => /\.(map|md|tsbuildinfo)$/i.test(path) && !/licen[cs]e/i.test(path);

function stage(folder) {
  const manifest = readJson(join(root, 'package.json'));
  for (const name of [...manifest.files, 'README.md', 'LICENSE'])
    if (existsSync(join(root, name))) cpSync(join(root, name), join(folder, name), { recursive: true });
  const published = without(manifest, ['devDependencies', 'scripts', 'overrides']);
  writeJson(join(folder, 'package.json'), { ...published, bundleDependencies: [bundled] });
  for (const source of bundledFolders())
    cpSync(source, join(folder, source.slice(root.length)), {
      recursive: true,
      filter: (path) => !isDevelopmentFile(path) && !path.slice(source.length).includes('node_modules'),
    });
  prune(join(folder, 'node_modules', bundled));
}

function prune(folder) {
  for (const name of unusedFolders) rmSync(join(folder, name), { recursive: true, force: true });
  const llama = join(folder, 'llama');
  const kept = join(folder, 'llama-kept');
  mkdirSync(kept);
  for (const name of keptOfLlama) cpSync(join(llama, name), join(kept, name), { recursive: true });
  rmSync(llama, { recursive: true });
  cpSync(kept, llama, { recursive: true });
  rmSync(kept, { recursive: true });
  const manifest = without(readJson(join(folder, 'package.json')), droppedFields);
  const dependencies = without(manifest.dependencies, unusedDependencies);
  writeJson(join(folder, 'package.json'), { ...manifest, dependencies });
}

const out = resolve(process.argv[2] ?? root);
if (!existsSync(join(root, 'dist'))) throw new Error('there is no build: run npm run build');
const folder = mkdtempSync(join(tmpdir(), 'qwen-eval-pack-'));
try {
  stage(folder);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const printed = execFileSync(npm, ['pack', '--json', '--ignore-scripts', '--pack-destination', out], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  console.log(join(out, JSON.parse(printed)[0].filename));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
