import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { startOpenAiServer, type Lies, type OpenAiServer } from '../../../test/support/openai-server.ts';
import { engineDependencies, engineSettings } from '../../../test/support/engine-settings.ts';
import { runCli, temporaryFolder } from '../../../test/support/run-cli.ts';
import type { Fingerprint, ProbeId } from '../../core/fingerprint.ts';
import type { ResultDocument } from '../../core/result-document.ts';
import openAiCompatible from '../../engines/openai-compatible.ts';
import { findRunDirectory, loadRunDocument } from '../../store/run-directory.ts';
import { systemClock } from '../clock.ts';
import { planModel } from '../plan-model.ts';
import { preflightMark } from './asking.ts';
import { takeFingerprint } from './take-fingerprint.ts';

let server: OpenAiServer | null = null;
afterEach(() => server?.close());

/** Everything the preflight finds out about a server that serves a model under a name. */
async function fingerprintOf(lies: Lies, name = 'Qwen/Qwen3-8B'): Promise<Fingerprint> {
  server = await startOpenAiServer({
    lies,
    // Long enough for requests to meet.
    latencyMs: lies.garblesInCompany ? 30 : 0,
    models: [{ id: name, object: 'model', owned_by: 'vllm', root: name, max_model_len: 4096 }],
  });
  const engine = await openAiCompatible.open(engineSettings({ baseUrls: [server.url] }), engineDependencies());
  try {
    const description = await engine.describe();
    const { guidance, mode } = planModel(
      { model: name, mode: 'non-thinking', reasoningEffort: null, preserveThinking: null, modeSwitch: 'template' },
      { header: null, description },
    );
    const signal = new AbortController().signal;
    return await takeFingerprint({ engine, description, guidance, mode, extraBody: {}, clock: systemClock, signal });
  } finally {
    await engine.close();
  }
}

const notAsAsked = ({ probes }: Fingerprint): readonly string[] =>
  Object.entries(probes)
    .filter(([, { verdict }]) => verdict === 'no')
    .map(([id]) => id);

describe('a server that does as asked', () => {
  it('has nothing against it, by about twenty requests', async () => {
    const fingerprint = await fingerprintOf({ servesModel: 'Qwen/Qwen3-8B' });
    expect(notAsAsked(fingerprint)).toEqual([]);
    const verdicts = Object.fromEntries(Object.entries(fingerprint.probes).map(([id, { verdict }]) => [id, verdict]));
    expect(verdicts).toMatchObject({
      served_model: 'yes',
      template: 'yes',
      context_limit: 'yes',
      max_tokens: 'yes',
      stop: 'yes',
      temperature: 'yes',
      seed: 'yes',
      repeatable: 'yes',
      company: 'yes',
      log_probabilities: 'yes',
      thinking_on: 'yes',
      thinking_off: 'yes',
      tool_call: 'yes',
      json_schema: 'yes',
    });
    expect(fingerprint.probes.thinking_on?.facts).toMatchObject({ field: 'reasoning' });
    expect(fingerprint.requests).toBeLessThan(25);
    expect(server?.requests).toEqual([]);
  });

  it('is the same server the next time', async () => {
    const first = await fingerprintOf({});
    await server?.close();
    expect((await fingerprintOf({})).identity).toBe(first.identity);
  });
});

describe('a server that lies', () => {
  it.each<[ProbeId, Lies]>([
    ['max_tokens', { ignoresMaxTokens: true }],
    ['stop', { ignoresStop: true }],
    ['temperature', { ignoresTemperature: true }],
    ['seed', { ignoresSeed: true }],
    ['log_probabilities', { zeroLogProbabilities: true }],
    ['served_model', { servesModel: 'Qwen/Qwen2.5-7B-Instruct' }],
    ['context_limit', { clipsContext: true }],
    ['template', { templateTokens: 9 }],
    ['company', { garblesInCompany: true }],
    ['thinking_off', { alwaysThinks: true }],
    ['tool_call', { callsAsText: true }],
    ['json_schema', { ignoresSchema: true }],
  ])('is caught: %s', async (id, lies) => {
    const fingerprint = await fingerprintOf(lies);
    expect(notAsAsked(fingerprint)).toContain(id);
    expect(fingerprint.probes[id]?.observed).not.toBe('');
  });
});

it('asks for seeds without company, so that a server which shifts answers in company is not said to ignore them', async () => {
  const { probes } = await fingerprintOf({ garblesInCompany: true });
  expect(probes).toMatchObject({ company: { verdict: 'no' }, seed: { verdict: 'yes' } });
});

describe('a run', () => {
  const folder = temporaryFolder('preflight');
  afterAll(() => rmSync(folder, { recursive: true }));
  const args = ['--tasks', 'agent_json', '--limit', '3', '--out', 'runs', '--tracker', 'none', '--json'];

  it('refuses the task that needs what the server does not do, keeps the fingerprint and says what is wrong', async () => {
    server = await startOpenAiServer({ lies: { ignoresSchema: true, clipsContext: true } });
    const options = ['--base-url', server.url, '--task-options', '{"mode":"json_schema"}'];
    const { code, stdout, stderr } = await runCli(['run', ...options, ...args], { cwd: folder });
    const result = JSON.parse(stdout) as ResultDocument;
    expect(code).toBe(3);
    expect(result.tasks[0]?.refused).toMatchObject({
      code: 'E_CAPABILITY',
      message: expect.stringContaining('JSON schema'),
    });
    expect(stderr).toMatch(/preflight: .*context_limit: .*clipped/);
    const { fingerprint } = loadRunDocument(findRunDirectory(join(folder, 'runs'), result.runId));
    expect(fingerprint?.probes.json_schema?.verdict).toBe('no');
    expect(result.diagnosis).toContainEqual(expect.objectContaining({ id: 'preflight', severity: 'error' }));
  });

  it('tells of a preflight that takes long', async () => {
    server = await startOpenAiServer({ latencyMs: 700 });
    const { code, stderr } = await runCli(['run', '--base-url', server.url, ...args], { cwd: folder });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^preflight: \d+ small requests answered in \d+ s, to see what is done as asked$/m);
    expect(stderr).toMatch(/^preflight: done in \d+ s; for the next hour it is known$/m);
  });

  it('asks the same server again only when told to', async () => {
    server = await startOpenAiServer({});
    const options = ['run', '--base-url', server.url, ...args];
    const asked = (): number => (server?.probes ?? []).filter(({ prompt }) => prompt.includes(preflightMark)).length;
    expect((await runCli(options, { cwd: folder })).code).toBe(0);
    const first = asked();
    expect(first).toBeGreaterThan(10);
    await runCli(options, { cwd: folder });
    expect(asked()).toBe(first);
    await runCli([...options, '--preflight', 'refresh'], { cwd: folder });
    expect(asked()).toBe(2 * first);
    await runCli([...options, '--preflight', 'off'], { cwd: folder });
    expect(asked()).toBe(2 * first);
  });
});
