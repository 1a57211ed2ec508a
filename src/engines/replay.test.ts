import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ChatMessage } from '../core/message.ts';
import type { SampleRecord } from '../core/sample-record.ts';
import { greedySampling } from '../core/sampling.ts';
import { collectGeneration } from '../../test/support/collect-generation.ts';
import { engineDependencies, engineSettings, textRequest } from '../../test/support/engine-settings.ts';
import replay from './replay.ts';

const folder = mkdtempSync(join(tmpdir(), 'qe-replay-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function openText(text: string, options: object = {}) {
  const file = join(folder, `${files++}.jsonl`);
  writeFileSync(file, text);
  return replay.open(engineSettings({ engineOptions: { file, ...options } }), engineDependencies());
}

const openRecords = (records: readonly object[], options: object = {}) =>
  openText(records.map((record) => JSON.stringify(record)).join('\n'), options);

type Opened = Awaited<ReturnType<typeof openText>>;

const ask = async (engine: Opened, prompt: string, seed: number | null = null): Promise<string | null> =>
  (await collectGeneration(engine.generate(textRequest(prompt, { sampling: { ...greedySampling, seed } })))).text;

const chat = async (engine: Opened, messages: readonly ChatMessage[]): Promise<string | null> =>
  (await collectGeneration(engine.generate(textRequest('', { prompt: { kind: 'messages', messages } })))).text;

const usage = { promptTokens: 5, completionTokens: 2, reasoningTokens: null, cachedPromptTokens: null };
const timings = {
  startedAt: '2026-01-01T00:00:00.000Z',
  latencyMs: 1,
  timeToFirstChunkMs: null,
  timeToFirstTokenMs: null,
  timeToFirstContentMs: null,
  meanGapMs: null,
  maxGapMs: null,
  chunks: 0,
};
const question: ChatMessage = { role: 'user', content: 'What is 2 + 2?' };

const sample = (changes: Partial<SampleRecord> = {}): SampleRecord => ({
  task: 'gsm8k',
  sampleId: 'test/0',
  epoch: 0,
  category: null,
  cluster: null,
  request: { kind: 'chat', messages: [question], prompt: '<user>What is 2 + 2?' },
  response: '4',
  reasoning: null,
  thinking: 'none',
  toolCalls: [],
  finishReason: 'stop',
  usage,
  timings,
  turns: null,
  transcript: null,
  continuations: null,
  extraction: null,
  score: 1,
  measures: {},
  unscored: null,
  code: null,
  codes: [],
  explanation: null,
  attempts: 1,
  seed: null,
  ...changes,
});

describe('replay engine', () => {
  it('finds an answer by its prompt, whatever the order', async () => {
    const engine = await openRecords([
      { prompt: 'a', response: '1' },
      { prompt: 'b', response: '2' },
    ]);
    expect([await ask(engine, 'b'), await ask(engine, 'a')]).toEqual(['2', '1']);
  });

  it('gives answers in the order of the file when told so', async () => {
    const records = [
      { prompt: 'a', response: '1' },
      { prompt: 'b', response: '2' },
    ];
    const engine = await openRecords(records, { by: 'order' });
    expect([await ask(engine, 'x'), await ask(engine, 'y')]).toEqual(['1', '2']);
    await expect(ask(engine, 'z')).rejects.toMatchObject({ code: 'E_ENGINE_REQUEST' });
  });

  it('reads the samples of a run, by messages and by the rendered prompt', async () => {
    const engine = await openRecords([sample()], { repeat: true });
    expect(await chat(engine, [question])).toBe('4');
    expect(await ask(engine, '<user>What is 2 + 2?')).toBe('4');
    const { usage: counted } = await collectGeneration(engine.generate(textRequest('<user>What is 2 + 2?')));
    expect(counted).toEqual(usage);
  });

  it('tells epochs apart by their seeds, and by their order without', async () => {
    const seeded = await openRecords([
      sample({ seed: 1, response: 'one' }),
      sample({ epoch: 1, seed: 2, response: 'two' }),
    ]);
    const prompt = '<user>What is 2 + 2?';
    expect([await ask(seeded, prompt, 2), await ask(seeded, prompt, 1)]).toEqual(['two', 'one']);
    const plain = await openRecords([sample({ response: 'one' }), sample({ epoch: 1, response: 'two' })]);
    expect([await ask(plain, prompt), await ask(plain, prompt)]).toEqual(['one', 'two']);
  });

  it('never gives one answer for two epochs unless told so', async () => {
    const engine = await openRecords([{ prompt: 'a', response: '1' }]);
    await ask(engine, 'a');
    await expect(ask(engine, 'a')).rejects.toThrow('asked 2 times and recorded 1 times');
  });

  it('replays the turns of a conversation', async () => {
    const turn = (text: string) => ({
      text,
      reasoning: null,
      toolCalls: [],
      finishReason: 'stop' as const,
      usage,
      timings,
    });
    const transcript: ChatMessage[] = [
      question,
      { role: 'assistant', content: '4' },
      { role: 'user', content: 'and + 1?' },
    ];
    const engine = await openRecords([sample({ response: '5', turns: [turn('4'), turn('5')], transcript })]);
    expect([await chat(engine, [question]), await chat(engine, transcript)]).toEqual(['4', '5']);
  });

  it('replays scores of continuations', async () => {
    const continuations = [
      { text: ' A', logProbability: -1, tokenCount: 1, isGreedy: true },
      { text: ' B', logProbability: null, tokenCount: null, isGreedy: null },
    ];
    const request = { kind: 'continuations' as const, context: 'Q', continuations: [' A', ' B'] };
    const engine = await openRecords([sample({ request, response: null, continuations })]);
    const context = { kind: 'text' as const, text: 'Q' };
    expect(await engine.scoreContinuations({ model: 'm', context, continuations: [' A', ' B'] })).toEqual(
      continuations,
    );
    await expect(engine.scoreContinuations({ model: 'm', context, continuations: [' B'] })).rejects.toMatchObject({
      code: 'E_ENGINE_REQUEST',
    });
  });

  it('answers nothing that it does not know, also not what failed when it was recorded', async () => {
    const failed = sample({
      response: null,
      finishReason: 'error',
      score: null,
      unscored: 'too long',
      code: 'ctx.exceeded',
    });
    const engine = await openRecords([failed, sample({ request: { kind: 'chat', messages: [] } })]);
    await expect(chat(engine, [question])).rejects.toMatchObject({ code: 'E_ENGINE_REQUEST', retryable: false });
    await expect(ask(engine, 'other')).rejects.toThrow('"other"');
  });

  it('leaves a torn last line out and names any other line that it cannot read', async () => {
    const good = JSON.stringify({ prompt: 'a', response: '1' });
    expect(await ask(await openText(`${good}\n{"prompt":"b","resp`), 'a')).toBe('1');
    await expect(openText(`${good}\n{"prompt":\n${good}\n`)).rejects.toThrow('line 2');
    await expect(openText(`${good}\n{"prompt":"b"}\n`)).rejects.toMatchObject({ code: 'E_INPUT_INVALID' });
    await expect(openText(`{"prompt":"a","messages":[],"response":"1"}\n`)).rejects.toThrow('either');
    await expect(openText('\n')).rejects.toThrow('no recorded answers');
    await expect(openRecords([{ ...sample(), request: { kind: 'other' } }])).rejects.toThrow('line 1');
  });

  it('refuses a file that is not there or is no text', async () => {
    const open = (file: string) => replay.open(engineSettings({ engineOptions: { file } }), engineDependencies());
    await expect(open('/nowhere/samples.jsonl')).rejects.toMatchObject({ code: 'E_FILE_UNREADABLE' });
    const binary = join(folder, 'binary.jsonl');
    writeFileSync(binary, Buffer.from([0xff, 0xfe, 0x00]));
    await expect(open(binary)).rejects.toMatchObject({ code: 'E_FILE_UNREADABLE' });
  });
});
