import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { optimize, type Optimization, type OptimizeRequest } from '../../src/runner/optimize/optimize.ts';
import type { RunRuntime } from '../../src/runner/run.ts';
import functionCalling from '../../src/tasks/agent-function-calling.ts';
import gsm8k from '../../src/tasks/gsm8k.ts';
import syntheticArithmetic from '../../src/tasks/synthetic-arithmetic.ts';
import { formatXmlCalls } from '../../src/text/tool-calls/format-tool-calls.ts';
import { loadTaskSamples, settingsOf } from '../support/load-task-samples.ts';
import { describeWithData, sharedData } from '../support/shared-data.ts';
import { startOpenAiServer, type OpenAiServer, type SeenRequest } from '../support/openai-server.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';

const timeout = 600_000;
const folder = temporaryFolder('optimize');
afterAll(() => rmSync(folder, { recursive: true }));

let server: OpenAiServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const searchSamples = 24;
const confirmSamples = 60;

/** Right answers by question, of the samples that are searched and of the fresh ones. */
const gold = new Map<string, string>();
beforeAll(async () => {
  for (const place of [
    { split: 'pinned', seed: 0, size: searchSamples },
    { split: 'fresh', seed: 1, size: confirmSamples },
  ]) {
    const settings = settingsOf(syntheticArithmetic, place);
    for (const sample of await loadTaskSamples(syntheticArithmetic, settings))
      gold.set(sample.input.question, sample.target.value);
  }
});

/** The last question of a prompt: examples before it hold questions of their own. */
const questionOf = ({ prompt }: SeenRequest): string =>
  [...gold.keys()].reduce(
    (last, text) => (prompt.lastIndexOf(text) > prompt.lastIndexOf(last) ? text : last),
    '\u0000',
  );

/** A number from 0 to 99 that a text alone decides. */
function draw(text: string): number {
  let hash = 7;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  hash ^= hash >>> 15;
  return (Math.imul(hash, 0x2c1b3c6d) >>> 0) % 100;
}

interface Model {
  /** Percent of the questions that are answered rightly. */
  readonly skill: (request: SeenRequest) => number;
  /** What decides which questions those are; the question when left out. */
  readonly luckOf?: (request: SeenRequest) => string;
  readonly name?: string;
}

async function start({ skill, luckOf = questionOf, name = 'tiny' }: Model): Promise<OpenAiServer> {
  server = await startOpenAiServer({
    models: [{ id: name, object: 'model', root: `test/${name}`, max_model_len: 4096 }],
    behave: (request) => {
      const right = gold.get(questionOf(request));
      const isRight = right !== undefined && draw(luckOf(request)) < skill(request);
      return { kind: 'answer', text: `The answer is \\boxed{${isRight ? right : '-77777'}}.` };
    },
  });
  return server;
}

const thinksBetter: Model = { skill: ({ prompt }) => (prompt.includes('Think step by step') ? 90 : 40) };

const space = {
  promptVariant: ['step_by_step', 'brief'],
  temperature: [0.7],
  numFewshot: [2],
  selfCheck: [true],
};

const request = (name: string, url: string, more: Partial<OptimizeRequest> = {}): OptimizeRequest => ({
  task: 'synthetic_arithmetic',
  options: { baseUrl: [url], out: join(folder, name), cacheDir: join(folder, 'cache'), offline: true },
  searchSamples,
  confirmSamples,
  candidates: 6,
  space,
  budget: { seconds: null, outputTokens: null },
  ...more,
});

const never = new AbortController().signal;

it('finds the better way of asking and confirms it on fresh samples, from the command line', { timeout }, async () => {
  const { url, requests } = await start(thinksBetter);
  const command = ['optimize', 'synthetic_arithmetic', '--base-url', url, '--out', join(folder, 'better')];
  const sizes = ['--limit', `${searchSamples}`, '--confirm', `${confirmSamples}`, '--candidates', '6'];
  const args = [...command, ...sizes, '--space', JSON.stringify(space)];
  const { code, stdout, stderr } = await runCli([...args, '--json'], { cwd: folder });
  expect(stderr).not.toContain('E_');
  expect(code).toBe(0);
  const found = JSON.parse(stdout) as Optimization;
  expect(found).toMatchObject({
    task: 'synthetic_arithmetic',
    model: 'tiny',
    verdict: 'gain',
    winner: { promptVariant: 'step_by_step' },
    confirmation: { metric: 'accuracy', samples: confirmSamples, pairs: confirmSamples, split: 'fresh', seed: 1 },
  });
  const { gain, winner, unchanged, cost } = found.confirmation ?? {};
  if (!gain || !('low' in gain) || !winner || !('low' in winner) || !unchanged || !('low' in unchanged))
    throw new Error('the gain has no interval');
  expect(gain.low).toBeGreaterThan(0.2);
  expect(gain.value).toBeCloseTo(winner.value - unchanged.value);
  expect(winner.value).toBeGreaterThan(0.8);
  expect(cost?.winner.promptTokens).toBeGreaterThan(cost?.unchanged.promptTokens ?? Infinity);
  expect(cost?.winner.outputTokens).toBeGreaterThan(0);
  expect(cost?.winner.seconds).toBeGreaterThan(0);
  // Halving: what was dropped early has seen fewer rounds. No score of the search is told.
  const rounds = found.tried.map((candidate) => candidate.rounds);
  expect([Math.min(...rounds), Math.max(...rounds)]).toEqual([1, 3]);
  for (const candidate of found.tried) expect(Object.keys(candidate)).toEqual(['changes', 'rounds', 'failure']);

  // The same command again asks nothing, and says in words what to use.
  const asked = requests.length;
  const text = await runCli(args, { cwd: folder });
  expect(text.stdout).toMatch(/a gain: better by .* on 60 fresh samples → use `.*--prompt-variant step_by_step`/);
  expect(text.stdout).toMatch(/no change/);
  expect(requests).toHaveLength(asked);
});

it('says that there is no gain where asking otherwise changes nothing', { timeout }, async () => {
  const { url } = await start({ skill: () => 60 });
  const found = await optimize(request('same', url));
  expect(found).toMatchObject({ verdict: 'no_gain', winner: null, confirmation: null });
  expect(found.reason).toContain('no way of asking');
});

it('says that there is no gain where the best of the search was only lucky', { timeout }, async () => {
  // Every way of asking is right half of the time, each on other samples: one is bound to look best.
  const luckOf = ({ prompt, body }: SeenRequest): string => `${prompt} ${String(body['temperature'])}`;
  const { url } = await start({ skill: () => 50, luckOf });
  const found = await optimize(request('lucky', url));
  expect(found.verdict).toBe('no_gain');
  expect(found.winner).not.toBeNull();
  const { gain } = found.confirmation ?? {};
  if (!gain || !('low' in gain)) throw new Error('the gain has no interval');
  expect(gain.low).toBeLessThanOrEqual(0);
  expect(found.reason).toMatch(/no gain is shown|no difference that matters|worse/);
});

it('goes on where it was interrupted', { timeout }, async () => {
  const running = await start(thinksBetter);
  const drain = new AbortController();
  const steered: RunRuntime = { control: { drain: drain.signal, stop: never } };
  const onProgress = (message: string): void => {
    if (message.startsWith('search 2/')) drain.abort();
  };
  await expect(optimize(request('interrupted', running.url, { onProgress }), steered)).rejects.toThrow('interrupted');
  const before = running.requests.length;
  expect(before).toBeGreaterThan(0);
  const found = await optimize(request('interrupted', running.url));
  expect(found).toMatchObject({ verdict: 'gain', winner: { promptVariant: 'step_by_step' } });
  const inAll = running.requests.length;
  const whole = await optimize(request('whole', running.url));
  expect(whole).toMatchObject({ winner: found.winner, tried: found.tried });
  expect(running.requests.length - inAll).toBe(inAll);
});

it('keeps to its budget: fewer samples confirm, and too few confirm nothing', { timeout }, async () => {
  const { url } = await start(thinksBetter);
  const within = (outputTokens: number) => ({ budget: { seconds: null, outputTokens } });
  // An answer has four tokens here: the first round alone takes more than this.
  const nothing = await optimize(request('budget', url, within(100)));
  expect(nothing).toMatchObject({ verdict: 'no_gain', winner: null, confirmation: null });
  expect(nothing.reason).toContain('budget');
  expect(nothing.spent.outputTokens).toBeLessThan(100);
  const some = await optimize(request('budget', url, within(400)));
  expect(some.winner).toEqual({ promptVariant: 'step_by_step' });
  expect(some.confirmation?.samples).toBeGreaterThanOrEqual(10);
  expect(some.confirmation?.samples).toBeLessThan(confirmSamples);
  expect(some.spent.outputTokens).toBeLessThanOrEqual(440);
});

it('leaves out what the model cannot do, and names what cannot be searched', { timeout }, async () => {
  const { url } = await start({ skill: () => 60, name: 'Qwen2.5-7B-Instruct' });
  const narrow = { mode: ['thinking'], promptVariant: ['brief'] };
  const found = await optimize(request('cannot', url, { space: narrow, searchSamples: 4 }));
  expect(found.tried.map(({ changes, failure }) => [Object.keys(changes).join(), failure === null])).toEqual([
    ['mode', false],
    ['promptVariant', true],
    ['promptVariant,mode', false],
  ]);
  expect(found.tried[0]?.failure).toContain('never thinks');
  await expect(optimize(request('wrong', url, { space: { seed: [1] } }))).rejects.toThrow('not searched among');
  await expect(optimize(request('wrong', url, { space: { temperature: [9] } }))).rejects.toThrow('temperature');
});

it('names what stands in the way of asking without changes, and the mend', { timeout }, async () => {
  const args = ['optimize', 'agent_function_calling', '--limit', '40', '--out', join(folder, 'stuck')];
  const { code, stderr } = await runCli(args, { cwd: folder });
  expect(code).toBe(4);
  expect(stderr).toMatch(/asking without changes failed: .* prompts do not fit into the context of 2048 tokens/);
  expect(stderr).toContain('qwen-eval list models, and take one with a longer context');
});

const messagesOf = ({ body }: SeenRequest): readonly { readonly role: string }[] =>
  body['messages'] as readonly { readonly role: string }[];
const answersBefore = (request: SeenRequest): number =>
  messagesOf(request).filter(({ role }) => role === 'assistant').length;
const field =
  (name: string, value: unknown) =>
  ({ body }: SeenRequest): boolean =>
    body[name] === value;

/** By option: a value, and the requests that show it. */
const dimensions: readonly (readonly [string, string | number | boolean, (request: SeenRequest) => boolean])[] = [
  ['numFewshot', 2, (request) => answersBefore(request) === 2],
  ['temperature', 0.3, field('temperature', 0.3)],
  ['topP', 0.5, field('top_p', 0.5)],
  ['topK', 7, field('top_k', 7)],
  ['minP', 0.2, field('min_p', 0.2)],
  ['presencePenalty', 0.4, field('presence_penalty', 0.4)],
  ['repetitionPenalty', 1.2, field('repetition_penalty', 1.2)],
  ['maxTokens', 77, ({ body }) => (body['max_completion_tokens'] ?? body['max_tokens']) === 77],
  ['mode', 'non-thinking', ({ body }) => JSON.stringify(body).includes('"enable_thinking":false')],
  ['selfCheck', true, (request) => answersBefore(request) === 1],
];

it.each(dimensions)('finds that %s %j is better', { timeout }, async (dimension, value, shows) => {
  const { url } = await start({
    skill: (request) => (shows(request) ? 95 : 10),
    ...(dimension === 'mode' ? { name: 'Qwen3-8B' } : {}),
  });
  const few = { candidates: 2, searchSamples: 8, confirmSamples: 24, space: { [dimension]: [value] } };
  const found = await optimize(request(dimension, url, few));
  expect(found).toMatchObject({
    verdict: 'gain',
    winner: { [dimension]: value },
    confirmation: { pairs: 24, split: 'fresh' },
  });
  // A self-check is charged with both answers.
  const { cost } = found.confirmation ?? {};
  if (dimension === 'selfCheck')
    expect((cost?.winner.outputTokens ?? 0) / (cost?.unchanged.outputTokens ?? Infinity)).toBeCloseTo(2, 0);
});

it('finds that to ask again is better where answers cannot be read', { timeout }, async () => {
  server = await startOpenAiServer({
    models: [{ id: 'tiny', object: 'model', root: 'test/tiny', max_model_len: 4096 }],
    behave: (request) => ({
      kind: 'answer',
      text: answersBefore(request) === 1 ? `\\boxed{${gold.get(questionOf(request))}}` : 'That is easy.',
    }),
  });
  const few = { candidates: 2, searchSamples: 8, confirmSamples: 24, space: { answerRetries: [1] } };
  const found = await optimize(request('retries', server.url, few));
  expect(found).toMatchObject({ verdict: 'gain', winner: { answerRetries: 1 }, confirmation: { pairs: 24 } });
});

it('finds the tool format that a model has learnt', { timeout }, async () => {
  const calls = new Map<string, string>();
  for (const place of [
    { split: 'pinned', seed: 0, size: 8 },
    { split: 'fresh', seed: 1, size: 24 },
  ])
    for (const { input, target } of await loadTaskSamples(functionCalling, settingsOf(functionCalling, place)))
      calls.set(input.messages.at(-1)?.content ?? '', target.gold.reply || formatXmlCalls(target.gold.calls));
  server = await startOpenAiServer({
    models: [{ id: 'tiny', object: 'model', root: 'test/tiny', max_model_len: 8192 }],
    behave: ({ prompt }) => ({
      kind: 'answer',
      text: [...calls].find(([question]) => prompt.includes(question))?.[1] ?? 'What?',
    }),
  });
  const few = { candidates: 3, searchSamples: 8, confirmSamples: 24, space: { toolFormat: ['hermes', 'xml'] } };
  const found = await optimize(request('format', server.url, { ...few, task: 'agent_function_calling' }));
  expect(found).toMatchObject({ verdict: 'gain', winner: { toolFormat: 'xml' }, confirmation: { split: 'fresh' } });
});

describeWithData('a task of a dataset', () => {
  beforeAll(async () => {
    for (const { input, target } of await loadTaskSamples(gsm8k, settingsOf(gsm8k, { fewShot: 0 })))
      gold.set(input.question, target.value);
  });

  it('confirms on questions that the search has not seen', { timeout }, async () => {
    const { url, requests } = await start(thinksBetter);
    const found = await optimize(
      request('gsm8k', url, {
        task: 'gsm8k',
        space: { promptVariant: ['step_by_step', 'brief'] },
        options: { ...request('gsm8k', url).options, numFewshot: 0, dataDir: sharedData },
      }),
    );
    expect(found).toMatchObject({
      task: 'gsm8k',
      verdict: 'gain',
      winner: { promptVariant: 'step_by_step' },
      confirmation: { pairs: confirmSamples },
    });
    const asked = new Map<string, number>();
    for (const seen of requests) asked.set(questionOf(seen), (asked.get(questionOf(seen)) ?? 0) + 1);
    // Every question belongs to the search or to the confirmation: 24 and 60, and the latter are asked twice each.
    expect(asked.size).toBe(searchSamples + confirmSamples);
    expect([...asked.values()].filter((count) => count === 2).length).toBeGreaterThanOrEqual(confirmSamples);
  });
});
