// Whether a run's latencies are the server's: 256 concurrent streams of known times at 10,000 tokens/s, and what the client itself can take.
// npm run bench -- stream-timing [--json] [--quick]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quantile } from '../dist/stats/quantile.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const node = process.execPath;

async function withServer(pace, use) {
  const server = spawn(node, [here('support/timed-server.mjs'), ...pace.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  try {
    const port = Number(
      await new Promise((resolve) => server.stdout.once('data', (data) => resolve(String(data).trim()))),
    );
    return await use(port);
  } finally {
    server.kill();
  }
}

/** One evaluation by the built program; its result document. */
async function evaluate(port, { requests, streams, folder }) {
  const flags = `--tasks synthetic_arithmetic --limit ${requests} --max-connections ${streams} --max-tokens 8192 --preflight off --tracker none --uncertified`;
  const child = spawn(
    node,
    [here('../dist/cli/main.js'), 'run', '--base-url', `http://127.0.0.1:${port}/v1`, ...flags.split(' ')].concat([
      '--engine-options',
      '{"probe":false}',
      '--out',
      join(folder, 'runs'),
      '--json',
    ]),
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, HOME: folder } },
  );
  let [text, errors] = ['', ''];
  child.stdout.on('data', (data) => (text += data));
  child.stderr.on('data', (data) => (errors += data));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`exit ${code}: ${errors}`);
  return JSON.parse(text);
}

const p99Of = (values) =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.99,
  );

const valueOf = (estimate, name) => {
  if ('value' in estimate) return estimate.value;
  throw new Error(`${name}: ${estimate.unavailable}`);
};

async function timing(print, { requests, streams, gapMs, tokens, folder }) {
  return withServer([200, gapMs, tokens], async (port) => {
    const { system, timings } = await evaluate(port, { requests, streams, folder });
    const truth = await (await fetch(`http://127.0.0.1:${port}/truth`)).json();
    const figures = {
      tokensPerSecond: timings.outputTokensPerSecond,
      peakTokensPerSecond: Math.max(...Object.values(truth.tokensBySecond)),
      firstTokenP99Ms: valueOf(system.latency.timeToFirstTokenMs.p99, 'first token'),
      trueFirstTokenP99Ms: p99Of(truth.firstMs),
      gapP99Ms: valueOf(system.latency.gapMs.p99, 'gaps'),
      trueGapP99Ms: p99Of(truth.gapsMs),
      eventLoopLagP99Ms: system.client.eventLoopLagP99Ms.peak.value,
      clientCores: system.processors.clientCores.peak.value,
    };
    print(
      `${streams} streams, a token every ${gapMs} ms: ${figures.tokensPerSecond.toFixed(0)} tokens/s over the run, ${figures.peakTokensPerSecond} in its best second, limited by: ${system.bottleneck.summary}\n` +
        `  first token p99 ${figures.firstTokenP99Ms.toFixed(1)} ms, true ${figures.trueFirstTokenP99Ms.toFixed(1)} ms\n` +
        `  gap p99 ${figures.gapP99Ms.toFixed(1)} ms, true ${figures.trueGapP99Ms.toFixed(1)} ms`,
    );
    return {
      ...figures,
      firstTokenP99ErrorMs: Math.abs(figures.firstTokenP99Ms - figures.trueFirstTokenP99Ms),
      gapP99ErrorMs: Math.abs(figures.gapP99Ms - figures.trueGapP99Ms),
    };
  });
}

/** What the client takes when the server sends as fast as it reads. */
async function ceiling(print, { requests, streams, tokens, folder }) {
  return withServer([0, 0, tokens], async (port) => {
    const { system, timings } = await evaluate(port, { requests, streams, folder });
    print(
      `client ceiling on this machine: ${timings.outputTokensPerSecond.toFixed(0)} tokens/s; the run says: ${system.bottleneck.summary}`,
    );
    return {
      ceilingTokensPerSecond: timings.outputTokensPerSecond,
      ceilingIsClientLimited: system.bottleneck.kind === 'client',
    };
  });
}

export default async function streamTiming({ arguments: given, print }) {
  const isQuick = given.includes('--quick');
  const streams = 256;
  const folder = mkdtempSync(join(tmpdir(), 'stream-timing-'));
  try {
    // The certificate is made on the first run and kept: its work is no part of what is measured.
    await withServer([1, 1, 1], (port) => evaluate(port, { requests: 1, streams: 1, folder }));
    // 256 streams of 100 tokens, the first after 200 ms and one every 23.4 ms, are 10,000 tokens a second.
    const requests = isQuick ? 1024 : 2560;
    const paced = await timing(print, { requests, streams, gapMs: 23.4, tokens: 100, folder });
    const most = await ceiling(print, { requests: isQuick ? 512 : 1024, streams, tokens: 3000, folder });
    return { figures: { streams, ...paced, ...most } };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
