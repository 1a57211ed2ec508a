import { defineTask, type TaskSettings } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import accuracy from '../metrics/accuracy.ts';
import { measureMean } from '../metrics/support/measure-mean.ts';
import numericAnswer, { type NumericTarget } from '../scorers/numeric-answer.ts';
import { seededRng } from '../stats/rng.ts';
import { renderWordProblem, type WordProblem, type WorkedExample } from './support/boxed-math.ts';
import { problemTemplates } from './synthetic/problem-templates.ts';
import { lazily, levelsOf, samplePlaces } from './synthetic/synthetic-samples.ts';
import { turnOrder } from './synthetic/turn-order.ts';
import { makeWordProblem } from './synthetic/word-problem.ts';

const id = 'synthetic_arithmetic';
const version = 1;
const stories = Object.keys(problemTemplates);
const levels = [0, 1, 2, 3];

type ArithmeticSample = Sample<WordProblem, NumericTarget>;

/** Examples from a part of the generator that no sample is drawn from. */
function shotsOf(settings: TaskSettings): readonly WorkedExample[] {
  return Array.from({ length: settings.fewShot }, (_, index) => {
    const template = stories[index % stories.length] ?? '';
    const rng = seededRng(`${id}@${version}/shots/${settings.seed}/${index}`);
    const { question, solution, answer } = makeWordProblem(rng, {
      template,
      level: levels[index % levels.length] ?? 0,
    });
    return { question, solution, answer: String(answer) };
  });
}

function* samples(settings: TaskSettings): Generator<ArithmeticSample> {
  const shots = shotsOf(settings);
  const turns = turnOrder(stories, levelsOf(settings, levels));
  const layout = { task: id, version, families: [...turns.keys()], variants: 1, levels: [0] };
  for (const place of samplePlaces(layout, settings)) {
    const turn = turns.get(place.family) ?? { template: '', level: 0 };
    const { question, answer } = makeWordProblem(place.rng, turn);
    yield {
      id: place.id,
      category: `level-${turn.level}`,
      // The stories are the whole of what is asked, not a draw from many, so samples of one story are no cluster.
      cluster: null,
      input: { question, shots },
      target: { value: String(answer) },
    };
  }
}

/** Arithmetic word problems in the form of GSM8K, generated: sixteen stories, one to three calculations, answers computed. */
export default defineTask<WordProblem, NumericTarget>({
  id,
  title: 'Synthetic arithmetic: generated word problems in GSM8K form',
  version,
  kind: 'text',
  category: 'math',
  licence: 'Apache-2.0',
  artefacts: [],
  needs: [],
  sampleCount: null,
  chanceLevel: null,
  sorted: false,
  choiceModes: [],
  defaults: { fewShot: 0, maxTokens: 512, size: 128, extra: { levels } },
  dialogueBudget: null,
  references: [],
  scorer: numericAnswer,
  metrics: [
    accuracy,
    ...levels.map((level) =>
      measureMean({
        id: `accuracy_level_${level}`,
        title: `accuracy, level ${level}`,
        measure: null,
        where: (row) => row.category === `level-${level}`,
      }),
    ),
  ],
  loadSamples: ({ settings }) => Promise.resolve(lazily(() => samples(settings))),
  render: ({ input }) => renderWordProblem(input),
});
