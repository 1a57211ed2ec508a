import { QwenEvalError } from '../core/errors.ts';
import type { DatasetReader } from '../core/ports/dataset.ts';
import { defineTask } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { choiceMetrics } from '../metrics/support/choice-metrics.ts';
import choice from '../scorers/choice.ts';
import type { ChoiceTarget } from '../scorers/support/choice-sample.ts';
import { decodeUtf8 } from '../text/decode-utf8.ts';
import { parseCsv } from '../text/parse-csv.ts';
import { invalidRecord, sourceOf } from './support/read-records.ts';
import { renderChoice, renderLetters, type ChoiceExample, type ChoiceTaskInput } from './support/render-choice.ts';

const labels = ['A', 'B', 'C', 'D'];

type Split = 'dev' | 'test';

/** Questions of one split by subject, in alphabetical order of subjects. */
async function readSplit(data: DatasetReader, split: Split): Promise<ReadonlyMap<string, readonly ChoiceExample[]>> {
  const members = [...(await data.zip('archive'))].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const subjects = new Map<string, readonly ChoiceExample[]>();
  for (const [path, bytes] of members) {
    const subject = new RegExp(`(?:^|/)${split}/([a-z_]+)_${split}\\.csv$`).exec(path)?.[1];
    if (subject === undefined) continue;
    const source = `${sourceOf(data, 'archive')}: ${path}`;
    subjects.set(
      subject,
      parseCsv(decodeUtf8(bytes, source), source).map((row, index) => readRow(row, { source, line: index + 1 })),
    );
  }
  if (subjects.size > 0) return subjects;
  throw new QwenEvalError('E_DATASET_EMPTY', `${sourceOf(data, 'archive')}: holds no ${split}/<subject>_${split}.csv`, {
    hint: 'fetch the file again or use the original file',
  });
}

function readRow(row: readonly string[], place: { readonly source: string; readonly line: number }): ChoiceExample {
  const [question = '', ...rest] = row;
  const key = rest[4] ?? '';
  const fail = (reason: string): QwenEvalError =>
    invalidRecord(place.source, { line: place.line, unit: 'row' }, reason);
  if (row.length !== 6) throw fail(`has ${row.length} fields, not a question, four options and a key`);
  if (!labels.includes(key)) throw fail(`the key "${key}" is not A, B, C or D`);
  if (question.trim() === '' || rest.some((field) => field.trim() === '')) throw fail('a field is empty');
  return {
    question: question.trim(),
    options: labels.map((label, index) => ({ label, text: (rest[index] ?? '').trim() })),
    label: key,
  };
}

const readable = (subject: string): string => subject.replaceAll('_', ' ');

const prefaceOf = (subject: string): string =>
  `The following are multiple choice questions (with answers) about ${readable(subject)}.`;

export default defineTask<ChoiceTaskInput, ChoiceTarget>({
  id: 'mmlu',
  title: 'MMLU: multiple choice over 57 subjects',
  version: 1,
  kind: 'choice',
  category: 'knowledge',
  licence: 'MIT',
  artefacts: [
    {
      name: 'archive',
      fileName: 'mmlu.zip',
      sha256: ['9e2b2d78bf59d80baf271a13005568ef0aca17bd663f2e5ebfecdc07a68f0edc'],
      licence: 'MIT',
      hub: null,
    },
  ],
  needs: [],
  sampleCount: 14042,
  chanceLevel: 0.25,
  sorted: true,
  // By log-likelihood this benchmark scores the letters, as its authors do; there is no second letter mode.
  choiceModes: ['generative', 'loglikelihood'],
  defaults: { fewShot: 5, maxTokens: 2048 },
  dialogueBudget: null,
  references: [{ source: 'Qwen2.5 and Qwen3 technical reports, base models', fewShot: 5, note: '5-shot' }],
  scorer: choice,
  metrics: choiceMetrics,
  async loadSamples({ data, settings }) {
    const questions = await readSplit(data, 'test');
    const dev = settings.fewShot > 0 ? await readSplit(data, 'dev') : new Map<string, readonly ChoiceExample[]>();
    return [...questions].flatMap(([subject, list]) => {
      const pool = dev.get(subject) ?? [];
      if (pool.length < settings.fewShot) {
        throw new QwenEvalError(
          'E_OPTION_INVALID',
          `${subject} has ${pool.length} examples, ${settings.fewShot} were asked for`,
          {
            hint: `set --num-fewshot to ${pool.length} or less`,
          },
        );
      }
      const shots = pool.slice(0, settings.fewShot);
      return list.map(({ question, options, label }, index): Sample<ChoiceTaskInput, ChoiceTarget> => ({
        id: `test/${subject}/${index}`,
        category: subject,
        cluster: subject,
        input: { question, options, measure: 'acc', continuation: 'label', shots },
        target: { label },
      }));
    });
  },
  render: ({ input, category }, settings) =>
    settings.choiceMode === 'loglikelihood'
      ? renderLetters(input, { preface: prefaceOf(category ?? ''), contextOf: String })
      : renderChoice(input, settings),
  inLogs: { names: ['mmlu_*'], textOf: ({ input }) => input.question },
});
