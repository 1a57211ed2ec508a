// What the HTTP engine alone costs: streamed generations beside a bare undici loop on the same server, in rounds taken in turn.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';

const sampling = {
  temperature: 0,
  topP: null,
  topK: null,
  minP: null,
  presencePenalty: null,
  repetitionPenalty: null,
  seed: 1,
};
const question = 'What is six times seven? '.repeat(12);
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function openEngine(origin) {
  const { default: plugin } = await import('../dist/engines/openai-compatible.js');
  const settings = {
    model: 'bench',
    baseUrls: [origin],
    apiKey: null,
    sequences: 8,
    contextLength: null,
    threads: null,
    batchSize: null,
    kvCacheType: null,
    extraBody: {},
    deadlines: { connectMs: 10_000, firstByteMs: 600_000, idleMs: 300_000, totalMs: 1_800_000 },
    engineOptions: { probe: false },
  };
  const engine = await plugin.open(settings, { nowMs: () => performance.now(), random: Math.random, log: () => {} });
  const generate = async () => {
    const request = {
      model: 'bench',
      prompt: { kind: 'messages', messages: [{ role: 'user', content: question }] },
      maxTokens: 2048,
      stop: [],
      sampling,
      responseFormat: { kind: 'text' },
    };
    let text = '';
    for await (const delta of engine.generate(request)) if (delta.kind === 'content') text += delta.text;
    return text;
  };
  return { generate, close: () => engine.close() };
}

function openBare(origin) {
  const pool = new Pool(origin, { connections: null, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
  const messages = [{ role: 'user', content: question }];
  const body = JSON.stringify({ model: 'bench', stream: true, max_tokens: 2048, temperature: 0, messages });
  const headers = { 'content-type': 'application/json' };
  const generate = async () => {
    const response = await pool.request({ path: '/v1/chat/completions', method: 'POST', headers, body });
    return response.body.text();
  };
  return { generate, close: () => pool.close() };
}

async function measure(generate, width, count) {
  let next = 0;
  const before = process.cpuUsage();
  const startMs = performance.now();
  const worker = async () => {
    while (next++ < count) if (!(await generate()).includes('42')) throw new Error('an answer is not whole');
  };
  await Promise.all(Array.from({ length: width }, worker));
  const { user, system } = process.cpuUsage(before);
  return { perSecond: (1000 * count) / (performance.now() - startMs), cpuMs: (user + system) / 1000 / count };
}

export default async function engineHttp({ print }) {
  const path = fileURLToPath(new URL('support/latency-server.mjs', import.meta.url));
  const server = spawn(process.execPath, [path, '20'], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const [port] = await once(server.stdout, 'data');
  const origin = `http://127.0.0.1:${String(port).trim()}`;
  const [bare, engine] = [openBare(origin), await openEngine(origin)];
  const figures = {};
  for (const width of [64, 256]) {
    for (const { generate } of [bare, engine]) await measure(generate, width, 8 * width);
    const rounds = [];
    for (let round = 0; round < 5; round++)
      rounds.push([await measure(bare.generate, width, 2000), await measure(engine.generate, width, 2000)]);
    figures[`bareSamplesPerSecond${width}`] = median(rounds.map(([limit]) => limit.perSecond));
    figures[`engineSamplesPerSecond${width}`] = median(rounds.map(([, ours]) => ours.perSecond));
    figures[`ratio${width}`] = median(rounds.map(([limit, ours]) => ours.perSecond / limit.perSecond));
    figures[`bareCpuMsPerSample${width}`] = median(rounds.map(([limit]) => limit.cpuMs));
    figures[`engineCpuMsPerSample${width}`] = median(rounds.map(([, ours]) => ours.cpuMs));
    print(`${width} connections done`);
  }
  await Promise.all([bare.close(), engine.close()]);
  server.disconnect();
  return { figures, environment: { latencyMs: 20, samplesARound: 2000 } };
}
