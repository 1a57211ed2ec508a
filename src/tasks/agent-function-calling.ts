import { defineTask, type TaskSettings } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { macroAccuracy } from '../metrics/macro-accuracy.ts';
import { byCategory, byLevel } from '../metrics/support/measure-mean.ts';
import { reliabilityMetrics } from '../metrics/support/reliability-metrics.ts';
import functionCalling, { type FunctionCallingInput, type FunctionCallingTarget } from '../scorers/function-calling.ts';
import { balancedPlaces } from './support/agents/balanced-places.ts';
import { makeProblem, type FunctionCallingFamily } from './support/agents/function-calling-families.ts';
import { toolCallMetrics } from './support/agents/tool-call-metrics.ts';
import { lazily, levelsOf } from './synthetic/synthetic-samples.ts';

const levels = [0, 1, 2, 3];

/** Of 200 samples: 30, 40, 25, 25, 40, 20, 20. */
const shares: readonly (readonly [FunctionCallingFamily, number])[] = [
  ['simple', 6],
  ['one_of_n', 8],
  ['parallel_same', 5],
  ['parallel_mixed', 5],
  ['typed', 8],
  ['no_tool', 4],
  ['ask', 4],
];

function* samples(settings: TaskSettings): Generator<Sample<FunctionCallingInput, FunctionCallingTarget>> {
  const layout = { task: 'agent_function_calling', version: 1, shares, levels: levelsOf(settings, levels) };
  for (const place of balancedPlaces(layout, settings)) {
    yield { id: place.id, category: place.family, cluster: null, ...makeProblem(place) };
  }
}

/** Single decisions about tools: which to call, how often, with which arguments; when to call none and when to ask. */
export default defineTask<FunctionCallingInput, FunctionCallingTarget>({
  id: 'agent_function_calling',
  title: 'Function-calling accuracy: one decision about tools',
  version: 1,
  kind: 'tools',
  category: 'tools',
  licence: 'Apache-2.0',
  artefacts: [],
  needs: ['tools'],
  sampleCount: null,
  // Any reply without a call is right where no tool fits: one family of seven.
  chanceLevel: 1 / 7,
  sorted: false,
  choiceModes: [],
  defaults: { fewShot: 0, maxTokens: 1024, size: 200, extra: { levels } },
  dialogueBudget: null,
  references: [],
  scorer: functionCalling,
  metrics: [
    macroAccuracy('accuracy', 'function-calling accuracy, mean of seven families'),
    ...toolCallMetrics,
    ...reliabilityMetrics,
    ...byLevel('accuracy', 'accuracy', levels),
    ...byCategory(
      'accuracy',
      'accuracy',
      shares.map(([family]) => family),
    ),
  ],
  loadSamples: ({ settings }) => Promise.resolve(lazily(() => samples(settings))),
  render: ({ input }) => ({ kind: 'chat', messages: input.messages, tools: input.tools }),
});
