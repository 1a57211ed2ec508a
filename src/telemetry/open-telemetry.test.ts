import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pathWithFakeNvidiaSmi } from '../../test/support/fake-command-path.ts';
import { metricsPages } from '../../test/support/metrics-pages.ts';
import { loadTelemetry } from './load-telemetry.ts';
import type { TelemetryTarget } from './open-sources.ts';
import { openTelemetry } from './open-telemetry.ts';

let folder: string;
let path: string;
let engine: ChildProcess;
let server: Server;
let metricsUrl: string;
let page: { status: number; text: string; authorization?: string | undefined };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'telemetry-'));
  path = join(folder, 'telemetry.jsonl');
  engine = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' });
  await once(engine, 'spawn');
  page = { status: 200, text: metricsPages.vllmOld };
  server = createServer((request, response) => {
    page.authorization = request.headers.authorization;
    response.writeHead(page.status).end(page.text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  metricsUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  vi.stubEnv('PATH', pathWithFakeNvidiaSmi);
  vi.stubEnv('QE_FAKE_SMI', 'one');
  vi.stubEnv('QE_FAKE_SMI_PID', String(engine.pid));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  engine.kill('SIGKILL');
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const clock = { nowMs: () => performance.now(), now: () => new Date().toISOString() };

const open = (target: Partial<TelemetryTarget> = {}) =>
  openTelemetry({
    path,
    target: {
      isRemote: false,
      processId: engine.pid ?? null,
      port: null,
      usesGpu: true,
      metricsUrl,
      headers: { authorization: 'Bearer key' },
      ...target,
    },
    readLoad: () => ({ inFlight: 3, limit: 8, scoring: 1 }),
    clock,
    periodMs: 100,
  });

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('openTelemetry', () => {
  it('writes what run, client, engine process, card and metrics page say, stamped by both clocks', async () => {
    const telemetry = open();
    for (const gap of [10, 20, 30]) telemetry.seeGap(gap);
    await wait(700);
    await telemetry.stop();
    const log = await loadTelemetry(path);
    expect(log.sittings).toBe(1);
    expect(log.ticks.length).toBeGreaterThan(1);
    const tick = log.ticks.find(({ gpus, host, engine: metrics }) => gpus && host && metrics);
    expect(tick).toMatchObject({
      load: { inFlight: 3, limit: 8, scoring: 1 },
      gpus: [{ engineMemoryBytes: 69_888 * 2 ** 20, utilization: 0.97 }],
      engine: { generatedTokens: 7000 },
      host: { processes: 1 },
    });
    expect(tick?.host?.rssBytes).toBeGreaterThan(2 ** 20);
    expect(log.metrics).toMatchObject({ dialect: 'vllm', names: { kvUsage: 'vllm:gpu_cache_usage_perc' } });
    expect(log.gaps.total).toBe(3);
    expect(page.authorization).toBe('Bearer key');
    const elapsed = log.ticks.map(({ atMs, time }) => Date.parse(time) - atMs);
    expect(Math.max(...elapsed) - Math.min(...elapsed)).toBeLessThan(1000);
  });

  it('is not held up by a driver that hangs: the other readings go on, and the end comes at once', async () => {
    vi.stubEnv('QE_FAKE_SMI', 'hang');
    const telemetry = open();
    await wait(2300);
    // The fake driver hangs for an hour: that the end comes at all is the proof.
    await telemetry.stop();
    const log = await loadTelemetry(path);
    const answered = log.ticks.filter((tick) => tick.engine !== null);
    expect(answered.length).toBeGreaterThan(1);
    expect(log.ticks.every((tick) => tick.gpus === null)).toBe(true);
    expect(log.problems['gpus']).toMatch(/no answer|ended/);
  });

  it('says why a source gives nothing', async () => {
    page = { status: 404, text: '' };
    vi.stubEnv('QE_FAKE_SMI', 'driver-error');
    const telemetry = open({ processId: null });
    await wait(400);
    await telemetry.stop();
    const { problems, ticks } = await loadTelemetry(path);
    expect(problems).toMatchObject({
      gpus: expect.stringContaining("couldn't communicate"),
      engine: 'the metrics page answered with status 404',
      host: 'the process of the engine is not known',
    });
    expect(ticks.every(({ gpus, engine: metrics, host }) => gpus === null && metrics === null && host === null)).toBe(
      true,
    );
  });

  it('measures nothing of this machine for an engine elsewhere', async () => {
    const telemetry = open({ isRemote: true, metricsUrl: null });
    await telemetry.stop();
    const { problems, ticks } = await loadTelemetry(path);
    expect(problems).toEqual({
      host: 'not measured: the engine runs on another machine',
      gpus: 'not measured: the engine runs on another machine',
      engine: 'the engine has no metrics page',
    });
    expect(ticks[0]).toMatchObject({ host: null, gpus: null, engine: null });
  });

  it('adds a sitting to an earlier one, past a line that a crash tore', async () => {
    await open().stop();
    appendFileSync(path, '{"kind":"tick","atMs":1');
    await open().stop();
    const log = await loadTelemetry(path);
    expect(log.sittings).toBe(2);
    expect(new Set(log.ticks.map(({ sitting }) => sitting))).toEqual(new Set([0, 1]));
    expect(readFileSync(path, 'utf8').split('\n')).toContain('{"kind":"tick","atMs":1');
  });

  it('costs the run nothing when the file cannot be written', async () => {
    path = join(folder, 'missing', 'telemetry.jsonl');
    const telemetry = open();
    await expect(telemetry.stop()).resolves.toBeUndefined();
    expect((await loadTelemetry(path)).sittings).toBe(0);
  });
});
