import llamaCpp from '../../src/engines/llama-cpp.ts';
import type { Engine, EngineSettings } from '../../src/core/ports/engine.ts';
import { engineDependencies, engineSettings, textRequest } from '../support/engine-settings.ts';
import { randomModel } from '../support/random-model.ts';
import { realQwen } from '../support/real-qwen.ts';
import { runEngineContract, type EngineContract, type Provoked } from './engine.contract.ts';

/** Two threads of a busy machine wait for each other; one is steady. */
const open = (model: string, changes: Partial<EngineSettings> = {}): Promise<Engine> =>
  llamaCpp.open(
    engineSettings({ model, threads: 1, contextLength: 1024, deadlines: none, ...changes }),
    engineDependencies(),
  );

const none = { connectMs: null, firstByteMs: null, idleMs: null, totalMs: null };

/** Ends the process as soon as it streams. */
async function dropping(model: string): Promise<Provoked> {
  const engine = await open(model, { sequences: 1 });
  const { processId } = await engine.describe();
  setTimeout(() => process.kill(processId ?? 0, 'SIGKILL'), 30);
  return { engine, request: textRequest('The river', { maxTokens: 900 }) };
}

const noWire = 'there is no wire between the engine and its process that could bring it about';
const textOnly = 'the engine gives the text as the model wrote it; reasoning and calls are read from it later';

const contractOf = (name: string, model: string): EngineContract => ({
  name: `llama-cpp, ${name}`,
  model: model.replace(/^.*[/\\]|\.gguf$/g, ''),
  open: (options) => open(model, options),
  situations: {
    rateLimit: 'requests beyond the sequences wait their turn',
    drop: () => dropping(model),
    endEarly: noWire,
    garbage: noWire,
    errorChunk: noWire,
    serverError: noWire,
    neverAnswers: async () => ({
      engine: await open(model, { deadlines: { ...none, totalMs: 20 } }),
      request: textRequest('The river', { maxTokens: 900 }),
    }),
    contextExceeded: async () => ({
      engine: await open(model, { contextLength: 256 }),
      request: textRequest('a river and '.repeat(200)),
    }),
    missingUsage: 'the engine counts every token itself',
    nullContent: textOnly,
    reasoning: textOnly,
    reasoningContent: textOnly,
    toolCalls: textOnly,
  },
});

runEngineContract(contractOf('random weights', randomModel()));

const real = realQwen();
runEngineContract({
  ...contractOf('real Qwen', real ?? randomModel()),
  timeoutMs: 600_000,
  unavailable: real === null ? 'no real Qwen GGUF on this machine; set QE_REAL_QWEN to the path of one' : null,
});
