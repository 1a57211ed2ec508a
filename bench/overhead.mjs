// What the harness costs: samples scored and journaled against a loopback server with 20 ms latency, beside a bare loop on the same server.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const node = process.execPath;

const output = (child) =>
  new Promise((resolve, reject) => {
    let text = '';
    let errors = '';
    child.stdout.on('data', (data) => (text += data));
    child.stderr?.on('data', (data) => (errors += data));
    child.on('close', (code) => (code === 0 ? resolve(text) : reject(new Error(`exit ${code}: ${errors}`))));
  });

async function bareLoop(port, { count, width }) {
  const url = `http://127.0.0.1:${port}/v1/chat/completions`;
  return JSON.parse(
    await output(
      spawn(node, [here('support/bare-loop.mjs'), url, count, width], { stdio: ['ignore', 'pipe', 'pipe'] }),
    ),
  );
}

/** One evaluation by the built program from process start to process end. */
async function evaluation(port, { count, width }) {
  const folder = mkdtempSync(join(tmpdir(), 'overhead-'));
  const usageFile = join(folder, 'usage.json');
  const startMs = performance.now();
  const child = spawn(
    node,
    [
      '--import',
      here('support/report-usage.mjs'),
      here('../dist/cli/main.js'),
      'run',
      '--base-url',
      `http://127.0.0.1:${port}/v1`,
    ]
      .concat([
        '--tasks',
        'synthetic_arithmetic',
        '--limit',
        count,
        '--max-connections',
        width,
        '--tracker',
        'none',
        '--out',
        folder,
        '--json',
      ])
      .map(String),
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, HOME: folder, QE_BENCH_USAGE: usageFile } },
  );
  const result = JSON.parse(await output(child));
  const wallMs = performance.now() - startMs;
  const usage = JSON.parse(readFileSync(usageFile, 'utf8'));
  if (result.status !== 'complete' || result.tasks[0].counts.scored !== count)
    throw new Error(`the run is not complete: ${JSON.stringify(result.tasks[0].counts)}`);
  rmSync(folder, { recursive: true });
  return { wallMs, ...usage, requestMs: (1000 * count) / result.timings.samplesPerSecond };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function repeat(times, measure) {
  const runs = [];
  for (let index = 0; index < times; index++) runs.push(await measure());
  return Object.fromEntries(Object.keys(runs[0]).map((key) => [key, median(runs.map((run) => run[key]))]));
}

export default async function overhead({ arguments: given, print }) {
  const server = spawn(node, [here('support/latency-server.mjs'), '20'], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const port = Number(
    await new Promise((resolve) => server.stdout.once('data', (data) => resolve(String(data).trim()))),
  );
  const figures = {};
  try {
    const times = given.includes('--quick') ? 1 : 3;
    for (const width of [64, 256]) {
      const small = { count: 1319, width };
      const large = { count: 10_000, width };
      const bare = await repeat(times, () => bareLoop(port, large));
      const [first, second] = [
        await repeat(times, () => evaluation(port, small)),
        await repeat(times, () => evaluation(port, large)),
      ];
      const marginalCpuMs = (second.cpuMs - first.cpuMs) / (large.count - small.count);
      Object.assign(figures, {
        [`ratioAt${width}`]: bare.wallMs / second.requestMs,
        [`wholeRunRatioAt${width}`]: bare.wallMs / second.wallMs,
        [`samplesPerSecondAt${width}`]: (1000 * large.count) / second.requestMs,
        [`bareSamplesPerSecondAt${width}`]: (1000 * large.count) / bare.wallMs,
        [`marginalCpuMsAt${width}`]: marginalCpuMs,
        [`bareCpuMsAt${width}`]: bare.cpuMs / large.count,
        [`run1319SecondsAt${width}`]: first.wallMs / 1000,
        [`run10000SecondsAt${width}`]: second.wallMs / 1000,
        [`peakRssMiBAt${width}`]: second.rssBytes / 2 ** 20,
      });
      print(`${width} connections: ${JSON.stringify(figures, null, 1)}`);
    }
    if (given.includes('--flat')) {
      const [ten, hundred] = [
        await evaluation(port, { count: 10_000, width: 64 }),
        await evaluation(port, { count: 100_000, width: 64 }),
      ];
      figures.cpuMsPerSampleAt10000 = ten.cpuMs / 10_000;
      figures.cpuMsPerSampleAt100000 = hundred.cpuMs / 100_000;
      figures.peakRssMiBAt100000 = hundred.rssBytes / 2 ** 20;
    }
  } finally {
    server.kill();
  }
  return { figures };
}
