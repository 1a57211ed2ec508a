import { readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { ResultDocument } from '../../src/core/result-document.ts';
import { telemetryRecordSchema } from '../../src/core/telemetry-record.ts';
import { findRunDirectory } from '../../src/store/run-directory.ts';
import { pathWithFakeNvidiaSmi } from '../support/fake-command-path.ts';
import { metricsPages } from '../support/metrics-pages.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';

const folder = temporaryFolder('telemetry');
afterAll(() => rmSync(folder, { recursive: true }));

const tokens = 40;
const gapMs = 25;

/** A server with vLLM's endpoints whose answers take about a second; its counters grow as vLLM's do. */
async function startServer() {
  let generated = 7000;
  const chunk = (delta: object, finish: string | null) =>
    `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'q', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const answer = async (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk({ role: 'assistant', content: '' }, null));
    for (let token = 0; token < tokens; token++) {
      await new Promise((resolve) => setTimeout(resolve, gapMs));
      response.write(chunk({ content: ' 1' }, null));
      generated++;
    }
    const usage = { prompt_tokens: 12, completion_tokens: tokens, total_tokens: tokens + 12 };
    response.end(`${chunk({}, 'stop')}data: ${JSON.stringify({ id: 'x', choices: [], usage })}\n\ndata: [DONE]\n\n`);
  };
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/metrics')
      response.end(metricsPages.vllmOld.replace(/(vllm:generation_tokens_total\S*) \S+/, `$1 ${generated}`));
    else if (request.url === '/v1/models')
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ object: 'list', data: [{ id: 'q', object: 'model', owned_by: 'vllm' }] }));
    else if (request.url === '/v1/chat/completions') await answer(response);
    else response.writeHead(404).end('{}');
  };
  const server = createServer((request, response) => {
    request.resume();
    void handle(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}

async function evaluate(environment: Readonly<Record<string, string>>) {
  const server = await startServer();
  const out = join(folder, `runs-${environment['QE_FAKE_SMI']}`);
  try {
    const { port } = server.address() as AddressInfo;
    const flags = `--tasks synthetic_arithmetic --limit 24 --max-connections 8 --tracker none --engine openai-compatible`;
    const { code, stdout, stderr } = await runCli(
      ['run', '--base-url', `http://127.0.0.1:${port}/v1`, ...flags.split(' '), '--out', out, '--json'],
      { cwd: folder, env: { PATH: pathWithFakeNvidiaSmi, QE_ENGINE_OPTIONS: '{"probe":false}', ...environment } },
    );
    expect(code, stderr).toBe(0);
    const result = JSON.parse(stdout) as ResultDocument;
    const lines = readFileSync(findRunDirectory(out, 'latest').telemetryFile, 'utf8').trim().split('\n');
    return { result, lines };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

it('measures beside a run: cards, the server’s process, its metrics, gaps; every line is in the schema', async () => {
  const { result, lines } = await evaluate({ QE_FAKE_SMI: 'one', QE_FAKE_SMI_PID: String(process.pid) });
  const records = lines.map((line) => telemetryRecordSchema.parse(JSON.parse(line)));
  expect(records[0]?.kind).toBe('start');
  expect(records.at(-1)?.kind).toBe('end');
  const { system } = result;
  if (system === null) throw new Error('no system figures');
  // The server runs in this very process, which the fake driver names as the card's user.
  expect(system.memory).toMatchObject({ where: 'gpu', engineBytes: { peak: { value: 69_888 * 2 ** 20 } } });
  expect(system.memory.hostBytes.peak).toHaveProperty('value');
  expect(system.gpus).toMatchObject([{ name: 'NVIDIA H100 80GB HBM3' }]);
  expect(system.energyJoules).toHaveProperty('value');
  expect(system.engineMetrics).toMatchObject({ dialect: 'vllm' });
  expect((system.engineMetrics as { counted: Record<string, number> }).counted['generatedTokens']).toBeGreaterThan(0);
  const gap = system.latency.gapMs.p50;
  if (!('value' in gap)) throw new Error(gap.unavailable);
  expect(gap.value).toBeGreaterThan(gapMs - 2);
  expect(gap.low).toBeLessThanOrEqual(gap.high);
  expect(system.throughput.outputTokensPerSecond).toHaveProperty('value');
}, 180_000);

// The fake driver hangs for an hour: that the run ends at all is the proof.
it('is held up by a hanging driver neither during a run nor after it', async () => {
  const { result } = await evaluate({ QE_FAKE_SMI: 'hang' });
  expect(result.status).toBe('complete');
  expect(result.system?.gpus).toHaveProperty('unavailable');
  expect(result.system?.memory).toMatchObject({
    where: null,
    engineBytes: { peak: { unavailable: expect.any(String) } },
  });
  expect(result.system?.memory.hostBytes.peak).toHaveProperty('value');
}, 180_000);
