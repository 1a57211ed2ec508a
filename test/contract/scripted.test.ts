import scripted from '../../src/engines/scripted.ts';
import type { Json } from '../../src/core/json.ts';
import { engineDependencies, engineSettings, textRequest } from '../support/engine-settings.ts';
import { runEngineContract, type Provoked } from './engine.contract.ts';

const text =
  ' the old mill turned slowly while seven grey geese crossed the water, and nobody in the village asked where they had come from or why they stayed';

const openScript = (rules: readonly Json[]) =>
  scripted.open(engineSettings({ model: 'scripted', engineOptions: { rules } }), engineDependencies());

const provoke =
  (rule: Readonly<Record<string, Json>>, expected?: Provoked['expected']) => async (): Promise<Provoked> => ({
    engine: await openScript([rule]),
    request: textRequest('anything'),
    ...(expected ? { expected } : {}),
  });

const fault = (code: string, members: Readonly<Record<string, Json>> = {}) =>
  provoke({ text, fault: { code, ...members } });

runEngineContract({
  name: 'scripted',
  model: 'scripted',
  open: () =>
    openScript([
      {
        when: 'weather in Paris',
        toolCalls: [{ id: 'call_1', name: 'get_weather', arguments: '{"city":"Paris","days":2}' }],
      },
      { text, pieceDelayMs: 1, continuations: { ' the': -0.1, ' xylophone': -9, '*': -4 } },
    ]),
  situations: {
    rateLimit: provoke({ fault: { code: 'E_ENGINE_RATE_LIMIT', retryAfterMs: 1500 } }, { retryAfterMs: 1500 }),
    drop: fault('E_ENGINE_STREAM', { afterPieces: 3 }),
    endEarly: fault('E_ENGINE_STREAM', { afterPieces: 5 }),
    garbage: 'a script has no wire on which garbage could come',
    errorChunk: fault('E_ENGINE_SERVER', { afterPieces: 2 }),
    serverError: fault('E_ENGINE_SERVER'),
    neverAnswers: fault('E_ENGINE_TIMEOUT'),
    contextExceeded: fault('E_CONTEXT_EXCEEDED'),
    missingUsage: provoke({ text, usage: false }),
    nullContent: provoke({ text: null }),
    reasoning: provoke({ text, reasoning: 'hmm' }, { text: text.split(' ').slice(0, 25).join(' '), reasoning: 'hmm' }),
    reasoningContent: 'a script has no fields to tell apart',
    toolCalls: provoke(
      { toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }] },
      { toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }] },
    ),
  },
});
