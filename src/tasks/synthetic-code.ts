import { defineTask, type TaskSettings } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { codeMetrics } from '../metrics/support/code-metrics.ts';
import codeTests from '../scorers/code-tests.ts';
import type { CodeInput, CodeTarget } from '../scorers/support/code/code-sample.ts';
import { refuseShots } from './support/refuse-shots.ts';
import { lazily, levelsOf, samplePlaces, type SamplePlace } from './synthetic/synthetic-samples.ts';
import { makeTinyFunction, tinyFunctionLevels } from './synthetic/tiny-function.ts';

const id = 'synthetic_code';
const version = 2;
/**
 * The task version whose seeds a level is drawn with. The built-in model was trained on functions of levels 0 and 1 that leave out the
 * samples of version 1; drawn anew, some of those it saw would be among the samples.
 */
const drawnAs = (level: number): number => (level < 2 ? 1 : version);
const timeLimitMs = 2000;

/** The levels take turns. */
function* places(settings: TaskSettings): Generator<SamplePlace> {
  const levels = levelsOf(settings, tinyFunctionLevels);
  const drawn = new Map(
    [...new Set(levels.map(drawnAs))].map((by) => {
      const layout = { task: id, version: by, families: ['code'], variants: 1 };
      return [by, samplePlaces({ ...layout, levels: levels.filter((level) => drawnAs(level) === by) }, settings)];
    }),
  );
  for (let index = 0; index < settings.size; index++) {
    const next = drawn.get(drawnAs(levels[index % levels.length] ?? 0))?.next();
    if (next?.done === false) yield { ...next.value, id: `${settings.split}/${settings.seed}/${index}`, index };
  }
}

function* samples(settings: TaskSettings): Generator<Sample<CodeInput, CodeTarget>> {
  for (const place of places(settings)) {
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

/** Tiny Python functions, generated: one operation to a few, names drawn, tests computed. */
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
