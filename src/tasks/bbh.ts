import { z } from 'zod';
import type { Artefact, DatasetReader } from '../core/ports/dataset.ts';
import { defineTask } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import accuracy from '../metrics/accuracy.ts';
import exactMatch, { type AnswerShape, type ExactInput, type ExactTarget } from '../scorers/exact-match.ts';
import { bracketSpelling } from '../text/answer-spelling.ts';
import { canonicalDecimal } from '../text/numeral.ts';
import { bbhFiles } from './support/bbh-files.ts';
import { invalidRecord, parseRecord, sourceOf } from './support/read-records.ts';
import { refuseShots } from './support/refuse-shots.ts';

type BbhSample = Sample<ExactInput, ExactTarget>;
type Example = { readonly input: string; readonly target: string };

const fileSchema = z.object({
  examples: z.array(z.object({ input: z.string().min(1), target: z.string().min(1) })).min(1),
});

const splitTitle = 'the key is no option of the question: titles with commas were cut into several options';

/** Samples that nobody can get right, with the evidence. */
const faults: Readonly<Record<string, string>> = {
  'movie_recommendation/163': `${splitTitle} ("Monsters, Inc" stands as (A) Monsters and (B) Inc)`,
  'ruin_names/99': `${splitTitle} ("dearth, wind, & fire" stands as (I), (J) and (K))`,
  'ruin_names/144': `${splitTitle} ("rita, sue and bob poo" stands as (C) and (D))`,
  'snarks/86': 'both options are the same sentence',
  'snarks/88': 'the question breaks off inside its first option ("(A) The NB")',
};

/** Options of the form `(A) text`, one a line. */
const labelledOptions = (input: string): AnswerShape | null => {
  const options = Array.from(input.matchAll(/^\(([A-Z])\) (.*)$/gm), ([, label = '', text = '']) => ({
    label,
    text: text.trim(),
  }));
  return options.length < 2 ? null : { kind: 'option', options };
};

/** The shape that all answers of a file have, where its questions do not list options with letters. */
function sharedShape(examples: readonly Example[]): (example: Example) => AnswerShape {
  const targets = [...new Set(examples.map(({ target }) => target.trim()))].sort();
  if (targets.every((target) => canonicalDecimal(target) !== null)) return () => ({ kind: 'number' });
  if (targets.every((target) => bracketSpelling(target) !== null)) return () => ({ kind: 'brackets' });
  if (targets.length <= 4) {
    const shape: AnswerShape = { kind: 'option', options: targets.map((word) => ({ label: word, text: word })) };
    return () => shape;
  }
  return ({ target }) => ({ kind: 'words', words: target.toLowerCase().split(/\s+/) });
}

/** The gold answer in the canonical spelling of its shape; null when it is none. */
function goldOf(shape: AnswerShape, target: string): string | null {
  const plain = target.trim();
  if (shape.kind === 'number') return canonicalDecimal(plain);
  if (shape.kind === 'brackets') return bracketSpelling(plain);
  if (shape.kind === 'words') return shape.words.join(' ');
  const label = plain.replace(/^\(([A-Z])\)$/, '$1');
  return shape.options.some((option) => option.label === label) ? label : null;
}

async function readSubtask(data: DatasetReader, subtask: string): Promise<readonly BbhSample[]> {
  const source = sourceOf(data, subtask);
  const { examples } = parseRecord(fileSchema, await data.json(subtask), { source, line: 1 });
  const shared = sharedShape(examples);
  return examples.map((example, index): BbhSample => {
    const id = `${subtask}/${index}`;
    const shape = labelledOptions(example.input) ?? shared(example);
    const value = goldOf(shape, example.target);
    const fault = faults[id];
    if (value === null && fault === undefined) {
      throw invalidRecord(
        source,
        { line: index + 1, unit: 'example' },
        `target: "${example.target}" is no answer to it`,
      );
    }
    const sample = {
      id,
      category: subtask,
      cluster: null,
      input: { question: example.input, shape },
      target: { value: value ?? example.target },
    };
    return fault === undefined ? sample : { ...sample, fault };
  });
}

const forms: Readonly<Record<AnswerShape['kind'], string>> = {
  option: '<your choice>',
  number: '<number>',
  words: '<words in order, with spaces between them>',
  brackets: '<brackets that are missing, with spaces between them>',
};

const artefacts = Object.entries(bbhFiles).map(([name, sha256]): Artefact => ({
  name,
  fileName: `${name}.json`,
  sha256: [sha256],
  licence: 'MIT',
  hub: null,
}));

export default defineTask<ExactInput, ExactTarget>({
  id: 'bbh',
  title: 'BIG-Bench Hard: 27 kinds of reasoning',
  version: 1,
  kind: 'text',
  category: 'reasoning',
  licence: 'MIT',
  artefacts,
  needs: [],
  sampleCount: 6511,
  chanceLevel: null,
  sorted: true,
  choiceModes: [],
  defaults: { fewShot: 0, maxTokens: 2048 },
  dialogueBudget: null,
  references: [
    { source: 'Qwen2.5 and Qwen3 technical reports, base models', fewShot: 3, note: '3-shot chain of thought' },
  ],
  scorer: exactMatch,
  metrics: [accuracy],
  async loadSamples({ data, settings }) {
    refuseShots('bbh', settings);
    const subtasks = await Promise.all(Object.keys(bbhFiles).map((name) => readSubtask(data, name)));
    return subtasks.flat();
  },
  render: ({ input }) => ({
    kind: 'chat',
    messages: [
      {
        role: 'user',
        content: `${input.question}\n\nPlease reason step by step, and end with one line: ANSWER: ${forms[input.shape.kind]}`,
      },
    ],
  }),
  inLogs: { names: ['bbh_*', 'bigbench_hard'], textOf: ({ input }) => input.question },
});
