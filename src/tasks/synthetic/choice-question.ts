import { QwenEvalError } from '../../core/errors.ts';
import type { Rng } from '../../stats/rng.ts';
import type { ChoiceExample } from '../support/render-choice.ts';
import { choiceTemplates, type ChoiceTemplate } from './choice-templates.ts';
import type { TemplateTurn } from './turn-order.ts';

const labels = ['A', 'B', 'C', 'D'];
const attempts = 500;

/**
 * Makes a multiple-choice question of a kind and level: four different options, the right one in any place with equal chance. The same
 * generator state gives the same question. Throws E_BUG for a kind that never works.
 */
export function makeChoiceQuestion(rng: Rng, turn: TemplateTurn): ChoiceExample {
  const template: ChoiceTemplate = choiceTemplates[turn.template] ?? (() => null);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const made = template(rng.fork(`attempt-${attempt}`), turn.level);
    if (made === null || made.gold === '' || new Set([made.gold, ...made.others]).size !== labels.length) continue;
    // The order comes from a generator of its own, so that it tells nothing of what was drawn.
    const order = rng.fork('order').shuffle([made.gold, ...made.others]);
    return {
      question: made.question,
      options: order.map((text, index) => ({ label: labels[index] ?? '', text })),
      label: labels[order.indexOf(made.gold)] ?? '',
    };
  }
  throw new QwenEvalError('E_BUG', `no question of the kind ${turn.template} at level ${turn.level} could be made`);
}
