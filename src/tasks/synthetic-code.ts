import { defineTask, type TaskSettings } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { codeMetrics } from '../metrics/support/code-metrics.ts';
import codeTests from '../scorers/code-tests.ts';
import type { CodeInput, CodeTarget } from '../scorers/support/code/code-sample.ts';
import { refuseShots } from './support/refuse-shots.ts';
import { lazily, levelsOf, samplePlaces } from './synthetic/synthetic-samples.ts';
import { makeTinyFunction, tinyFunctionLevels } from './synthetic/tiny-function.ts';

const id = 'synthetic_code';
const version = 1;
const timeLimitMs = 2000;

function* samples(settings: TaskSettings): Generator<Sample<CodeInput, CodeTarget>> {
  const levels = levelsOf(settings, tinyFunctionLevels);
  for (const place of samplePlaces({ task: id, version, families: ['code'], variants: 1, levels }, settings)) {
    const { name, instruction, solution, tests } = makeTinyFunction(place.rng, place.level);
    yield {
      id: place.id,
      category: `level-${place.level}`,
      // The kinds of function are the whole of what is asked, so samples of one kind are no cluster.
      cluster: null,
      input: { entryPoint: name, stub: null, ask: instruction },
      target: { solution, setup: '', tests: `${tests.join('\n')}\n`, cases: null, timeLimitMs },
    };
  }
}

/** Tiny Python functions, generated: one or two operations, names drawn, tests computed. */
export default defineTask<CodeInput, CodeTarget>({
  id,
  title: 'Synthetic code: generated Python functions of one line',
  version,
  kind: 'code',
  category: 'code',
  licence: 'Apache-2.0',
  artefacts: [],
  needs: ['sandbox'],
  sampleCount: null,
  chanceLevel: null,
  sorted: false,
  choiceModes: [],
  defaults: { fewShot: 0, maxTokens: 256, size: 64, extra: { levels: tinyFunctionLevels } },
  dialogueBudget: null,
  references: [],
  scorer: codeTests,
  metrics: codeMetrics,
  loadSamples: ({ settings }) => {
    refuseShots(id, settings);
    return Promise.resolve(lazily(() => samples(settings)));
  },
  render: ({ input }) => ({ kind: 'chat', messages: [{ role: 'user', content: input.ask }] }),
});
