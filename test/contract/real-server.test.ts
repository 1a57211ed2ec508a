import openAiCompatible from '../../src/engines/openai-compatible.ts';
import { engineDependencies, engineSettings } from '../support/engine-settings.ts';
import { runEngineContract, type EngineContract, type Situation } from './engine.contract.ts';

const url = process.env['QE_TEST_BASE_URL'] ?? '';
const deadlines = { connectMs: 5000, firstByteMs: 120_000, idleMs: 60_000, totalMs: 300_000 };

const open = () => openAiCompatible.open(engineSettings({ baseUrls: [url], deadlines }), engineDependencies());

async function servedModel(): Promise<string> {
  const engine = await open();
  const { model } = await engine.describe();
  await engine.close();
  return model.name;
}

const situations = Object.fromEntries(
  (
    [
      'rateLimit',
      'drop',
      'endEarly',
      'garbage',
      'errorChunk',
      'serverError',
      'neverAnswers',
      'contextExceeded',
      'missingUsage',
      'nullContent',
      'reasoning',
      'reasoningContent',
      'toolCalls',
    ] as const satisfies readonly Situation[]
  ).map((situation) => [situation, 'a real server cannot be made to misbehave']),
) as EngineContract['situations'];

runEngineContract({
  name: 'openai-compatible on a real server',
  unavailable: url === '' ? 'set QE_TEST_BASE_URL to the address of a real server' : null,
  model: url === '' ? '' : await servedModel(),
  open,
  noForcedTools: 'whether tool_choice is obeyed depends on the model and the parser of the server',
  topLogProbabilities: 10,
  timeoutMs: 600_000,
  situations,
});
