// How soon the program is there: `--help`, and the first request of `run`.
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function helpMs() {
  const startMs = performance.now();
  const { status } = spawnSync(process.execPath, [program, '--help']);
  if (status !== 0) throw new Error(`--help ended with ${status}`);
  return performance.now() - startMs;
}

async function firstRequestMs() {
  const folder = mkdtempSync(join(tmpdir(), 'startup-'));
  let seen;
  const asked = new Promise((resolve) => (seen = resolve));
  const server = createServer((request, response) => {
    if (request.url === '/v1/models')
      response.end(JSON.stringify({ object: 'list', data: [{ id: 'bench', object: 'model' }] }));
    else if (request.url === '/v1/chat/completions') seen(performance.now());
    else response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const startMs = performance.now();
  const url = `http://127.0.0.1:${server.address().port}/v1`;
  const child = spawn(
    process.execPath,
    [
      program,
      'run',
      '--base-url',
      url,
      '--tasks',
      'synthetic_arithmetic',
      '--limit',
      '8',
      '--out',
      folder,
      '--tracker',
      'none',
    ],
    {
      stdio: 'ignore',
      env: { PATH: process.env.PATH, HOME: folder },
    },
  );
  const atMs = await asked;
  child.kill('SIGKILL');
  server.closeAllConnections();
  server.close();
  await new Promise((resolve) => child.once('close', resolve));
  rmSync(folder, { recursive: true, force: true });
  return atMs - startMs;
}

export default async function startup() {
  const help = Array.from({ length: 9 }, helpMs);
  const first = [];
  for (let index = 0; index < 5; index++) first.push(await firstRequestMs());
  return { figures: { helpMs: median(help), firstRequestMs: median(first) } };
}
