import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import replay from '../../src/engines/replay.ts';
import { engineDependencies, engineSettings, textRequest } from '../support/engine-settings.ts';
import { contractPrompts, runEngineContract, type Provoked } from './engine.contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'qe-replay-'));
afterAll(() => rmSync(folder, { recursive: true }));

const response = ' the mill stands where the river bends, and the wheel still turns when the water is high';
let files = 0;

function openRecords(records: readonly object[]) {
  const file = join(folder, `${files++}.jsonl`);
  writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return replay.open(engineSettings({ model: 'replay', engineOptions: { file, repeat: true } }), engineDependencies());
}

const provoke = (record: object, expected?: Provoked['expected']) => async (): Promise<Provoked> => ({
  engine: await openRecords([{ prompt: 'anything', ...record }]),
  request: textRequest('anything'),
  ...(expected ? { expected } : {}),
});

const noFaults = 'a recording holds answers, not faults';
const toolCalls = [{ id: 'a', name: 'f', arguments: '{"x":1}' }];

runEngineContract({
  name: 'replay',
  model: 'replay',
  open: () =>
    openRecords([
      ...contractPrompts.map((prompt) => ({
        ...(prompt.kind === 'messages'
          ? { messages: prompt.messages }
          : { prompt: prompt.kind === 'text' ? prompt.text : '' }),
        response,
        finishReason: 'stop',
      })),
      {
        messages: [{ role: 'user', content: 'What is the weather in Paris for the next 2 days?' }],
        response: null,
        toolCalls: [{ id: 'a', name: 'get_weather', arguments: '{"city":"Paris","days":2}' }],
        finishReason: 'tool_calls',
      },
    ]),
  notStreaming: 'a recorded answer comes in one piece',
  fixedAnswers: 'recorded answers are given as they are',
  situations: {
    rateLimit: noFaults,
    drop: noFaults,
    endEarly: noFaults,
    garbage: noFaults,
    errorChunk: noFaults,
    serverError: noFaults,
    neverAnswers: noFaults,
    contextExceeded: noFaults,
    missingUsage: provoke({ response }),
    nullContent: provoke({ response: null }),
    reasoning: provoke({ response, reasoning: 'hmm' }, { text: response, reasoning: 'hmm' }),
    reasoningContent: 'a recording has one field for reasoning',
    toolCalls: provoke({ response: null, toolCalls, finishReason: 'tool_calls' }, { toolCalls }),
  },
});
