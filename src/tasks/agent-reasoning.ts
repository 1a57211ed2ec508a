import { defineTask, type TaskSettings } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { byCategory, byLevel, measureMean } from '../metrics/support/measure-mean.ts';
import { reliabilityMetrics } from '../metrics/support/reliability-metrics.ts';
import { robustAccuracy } from '../metrics/support/robust-accuracy.ts';
import { tokensPerRight } from '../metrics/support/tokens-per-right.ts';
import reasoningAnswer, { type ReasoningInput, type ReasoningTarget } from '../scorers/reasoning-answer.ts';
import { answerPlaceholders } from '../text/answer-form.ts';
import { buildProblem, reasoningFamilies } from './reasoning/build-problem.ts';
import { reasoningVariants, type ReasoningProblem } from './reasoning/reasoning-family.ts';
import { lazily, levelsOf, samplePlaces, type SamplePlace } from './synthetic/synthetic-samples.ts';

const levels = [0, 1, 2, 3];
const version = 2;
const families = reasoningFamilies.map(({ id }) => id);

const promptOf = ({ question, form }: ReasoningProblem): string => {
  const work = form === 'integer' ? 'Write each calculation on a line like `Step 1: 3 + 4 = 7`. ' : '';
  return `${question}\n\n${work}End with one line: ANSWER: ${answerPlaceholders[form]}`;
};

function sampleOf(place: SamplePlace, problem: ReasoningProblem): Sample<ReasoningInput, ReasoningTarget> {
  const { form, answer, steps, nearMisses } = problem;
  return {
    id: place.id,
    category: place.family,
    cluster: place.item,
    input: { prompt: promptOf(problem), level: place.level, variant: reasoningVariants[place.variant] ?? 'base' },
    target: { form, answer, steps, nearMisses },
  };
}

function* samples(settings: TaskSettings): Generator<Sample<ReasoningInput, ReasoningTarget>> {
  const layout = {
    task: 'agent_reasoning',
    version,
    families,
    variants: reasoningVariants.length,
    levels: levelsOf(settings, levels),
  };
  let wordings: readonly ReasoningProblem[] = [];
  for (const place of samplePlaces(layout, settings)) {
    if (place.variant === 0) wordings = buildProblem(place.rng, place);
    const problem = wordings[place.variant];
    if (problem) yield sampleOf(place, problem);
  }
}

/** Reasoning with computed answers: eight kinds of problem, each asked in three wordings; an item counts when all three are right. */
export default defineTask<ReasoningInput, ReasoningTarget>({
  id: 'agent_reasoning',
  title: 'Reasoning quality: computed answers, three wordings an item',
  version,
  kind: 'text',
  category: 'reasoning',
  licence: 'Apache-2.0',
  artefacts: [],
  needs: [],
  sampleCount: null,
  chanceLevel: null,
  sorted: false,
  choiceModes: [],
  defaults: { fewShot: 0, maxTokens: 2048, size: 200, extra: { levels } },
  dialogueBudget: null,
  references: [],
  scorer: reasoningAnswer,
  metrics: [
    robustAccuracy({
      id: 'accuracy',
      title: 'robust accuracy (all wordings right)',
      variants: reasoningVariants.length,
    }),
    measureMean({ id: 'plain_accuracy', title: 'accuracy over all wordings', measure: null }),
    measureMean({ id: 'true_steps', title: 'stated steps that are true', measure: 'true_steps' }),
    measureMean({
      id: 'answer_is_last_step',
      title: 'answers that equal the last step',
      measure: 'answer_is_last_step',
    }),
    measureMean({ id: 'abstention', title: 'undecidable statements called unknown', measure: 'abstention' }),
    tokensPerRight,
    ...reliabilityMetrics,
    ...byLevel('plain_accuracy', 'accuracy', levels),
    ...byCategory('plain_accuracy', 'accuracy', families),
  ],
  loadSamples: ({ settings }) => Promise.resolve(lazily(() => samples(settings))),
  render: ({ input }) => ({ kind: 'chat', messages: [{ role: 'user', content: input.prompt }] }),
});
