import { defineTask, type TaskSettings } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { choiceMetrics } from '../metrics/support/choice-metrics.ts';
import { measureMean } from '../metrics/support/measure-mean.ts';
import choice from '../scorers/choice.ts';
import type { ChoiceTarget } from '../scorers/support/choice-sample.ts';
import { seededRng } from '../stats/rng.ts';
import { renderChoice, type ChoiceExample, type ChoiceTaskInput } from './support/render-choice.ts';
import { makeChoiceQuestion } from './synthetic/choice-question.ts';
import { choiceTemplates } from './synthetic/choice-templates.ts';
import { lazily, levelsOf, samplePlaces } from './synthetic/synthetic-samples.ts';
import { turnOrder } from './synthetic/turn-order.ts';

const id = 'synthetic_choice';
const version = 1;
const kinds = Object.keys(choiceTemplates);
const levels = [0, 1, 2, 3];

type ChoiceSample = Sample<ChoiceTaskInput, ChoiceTarget>;

/** Examples from a part of the generator that no sample is drawn from. */
const shotsOf = (settings: TaskSettings): readonly ChoiceExample[] =>
  Array.from({ length: settings.fewShot }, (_, index) => {
    const turn = { template: kinds[index % kinds.length] ?? '', level: levels[index % levels.length] ?? 0 };
    return makeChoiceQuestion(seededRng(`${id}@${version}/shots/${settings.seed}/${index}`), turn);
  });

function* samples(settings: TaskSettings): Generator<ChoiceSample> {
  const shots = shotsOf(settings);
  const turns = turnOrder(kinds, levelsOf(settings, levels));
  const layout = { task: id, version, families: [...turns.keys()], variants: 1, levels: [0] };
  for (const place of samplePlaces(layout, settings)) {
    const turn = turns.get(place.family) ?? { template: '', level: 0 };
    const { question, options, label } = makeChoiceQuestion(place.rng, turn);
    yield {
      id: place.id,
      category: `level-${turn.level}`,
      // The kinds are the whole of what is asked, not a draw from many, so samples of one kind are no cluster.
      cluster: null,
      input: { question, options, measure: 'acc', continuation: 'text', shots },
      target: { label },
    };
  }
}

/** Multiple choice in the form of ARC, generated: sixteen kinds of question, four options, answers computed. */
export default defineTask<ChoiceTaskInput, ChoiceTarget>({
  id,
  title: 'Synthetic choice: generated multiple choice in ARC form',
  version,
  kind: 'choice',
  category: 'knowledge',
  licence: 'Apache-2.0',
  artefacts: [],
  needs: [],
  sampleCount: null,
  chanceLevel: 0.25,
  sorted: false,
  choiceModes: ['generative', 'loglikelihood', 'first_token'],
  defaults: { fewShot: 0, maxTokens: 512, size: 128, extra: { levels } },
  dialogueBudget: null,
  references: [],
  scorer: choice,
  metrics: [
    ...choiceMetrics,
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
  render: ({ input }, settings) => renderChoice(input, settings),
});
