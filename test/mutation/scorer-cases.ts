import type { Scorer } from '../../src/core/ports/scorer.ts';
import type { ChoiceMode } from '../../src/core/ports/task.ts';
import type { Sample } from '../../src/core/sample.ts';
import type { ChoiceInput, ChoiceTarget } from '../../src/scorers/support/choice-sample.ts';
import type { ExactInput, ExactTarget } from '../../src/scorers/exact-match.ts';
import type { NumericInput, NumericTarget } from '../../src/scorers/numeric-answer.ts';
import { defaultSettings } from '../support/task-settings.ts';

/** A sample with the settings it is scored under, over which a scorer certifies. */
export interface ScorerCase {
  readonly scorer: 'numeric-answer' | 'choice' | 'exact-match';
  readonly sample: Sample;
  readonly choiceMode: ChoiceMode | null;
}

const question = 'Ann has some eggs and gives some of them away. How many eggs does Ann have then?';

const numeric = (value: string, asked: string = question): ScorerCase => {
  const sample: Sample<NumericInput, NumericTarget> = {
    id: `number ${value}`,
    category: null,
    cluster: null,
    input: { question: asked },
    target: { value },
  };
  return { scorer: 'numeric-answer', sample, choiceMode: null };
};

const fish = ['The fish will swim away.', 'The water will freeze.', 'A fish needs warm water.', 'gravity'];
const numbers = ['2 m', '4 m', '12', '0.5 m'];

const choice = (
  parts: Partial<ChoiceInput> & { readonly labels: string; readonly gold: string },
  choiceMode: ChoiceMode = 'generative',
): ScorerCase => {
  const { labels, gold, ...rest } = parts;
  const texts = /\d/.test(labels) ? numbers : fish;
  const input: ChoiceInput = {
    question: 'Tell what else acts on the water as strongly as gravity',
    options: Array.from(labels, (label, index) => ({ label, text: texts[index] ?? `further option ${index}` })),
    measure: 'acc_norm',
    continuation: 'text',
    ...rest,
  };
  const sample: Sample<ChoiceInput, ChoiceTarget> = {
    id: `${choiceMode} ${labels} ${gold} ${input.continuation}`,
    category: null,
    cluster: null,
    input,
    target: { label: gold },
  };
  return { scorer: 'choice', sample, choiceMode };
};

const exact = (shape: ExactInput['shape'], value: string): ScorerCase => {
  const sample: Sample<ExactInput, ExactTarget> = {
    id: `${shape.kind} ${value}`,
    category: null,
    cluster: null,
    input: { question, shape },
    target: { value },
  };
  return { scorer: 'exact-match', sample, choiceMode: null };
};

const yesNo = { kind: 'option', options: ['No', 'Yes'].map((word) => ({ label: word, text: word })) } as const;

/** Samples of every shape a scorer knows; a mutant that certifies over all of them is not told from the original. */
export const scorerCases: readonly ScorerCase[] = [
  ...['0', '7', '18', '-9', '1234', '123456', '1430000', '0.5', '2/3'].map((value) => numeric(value)),
  numeric('7', 'Ann has 12 eggs in some boxes. How many eggs does each box hold if there are 7?'),
  ...Array.from('ABCD').map((gold) => choice({ labels: 'ABCD', gold })),
  ...Array.from('123').map((gold) => choice({ labels: '1234', gold })),
  choice({ labels: 'ABC', gold: 'C' }),
  choice({ labels: 'ABCDE', gold: 'E' }),
  ...Array.from('AD').map((gold) => choice({ labels: 'ABCD', gold }, 'loglikelihood')),
  ...Array.from('AB').map((gold) => choice({ labels: 'ABCD', gold, measure: 'acc' }, 'loglikelihood')),
  ...Array.from('12').map((gold) =>
    choice({ labels: '12', gold, measure: 'acc', continuation: 'rest' }, 'loglikelihood'),
  ),
  choice({ labels: 'ABCD', gold: 'B', continuation: 'label' }, 'loglikelihood'),
  choice({ labels: 'ABCD', gold: 'C' }, 'first_token'),
  exact(yesNo, 'Yes'),
  exact(yesNo, 'No'),
  exact({ kind: 'number' }, '42'),
  exact({ kind: 'words', words: ['apple', 'pear', 'zoo'] }, 'apple pear zoo'),
  exact({ kind: 'brackets' }, '])}'),
  exact({ kind: 'brackets' }, '>'),
];

/** The first renderings that scorers judge wrongly on the cases; none for the original. */
export async function misjudged(scorers: Readonly<Record<ScorerCase['scorer'], Scorer>>): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const { scorer: id, sample, choiceMode } of scorerCases) {
    const scorer = scorers[id];
    const settings = { ...defaultSettings, choiceMode };
    for (const isGold of [true, false]) {
      const made = isGold ? scorer.gold(sample, settings) : scorer.wrong(sample, settings);
      for (const { kind, response } of made) {
        const outcome = await scorer.score({ sample, response, settings }, { sandbox: null, judge: null });
        const isRight = outcome.kind === 'scored' && outcome.score === 1;
        if (isRight !== isGold) wrong.push(`${sample.id}: ${isGold ? 'right' : 'wrong'} answer, ${kind}`);
      }
    }
  }
  return wrong;
}
