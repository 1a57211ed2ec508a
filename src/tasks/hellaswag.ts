import { defineTask } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { choiceMetrics } from '../metrics/support/choice-metrics.ts';
import choice from '../scorers/choice.ts';
import type { ChoiceTarget } from '../scorers/support/choice-sample.ts';
import { capitalizeSecondContext } from '../text/hellaswag-text.ts';
import { invalidRecord, sourceOf } from './support/read-records.ts';
import { refuseShots } from './support/refuse-shots.ts';
import { renderChoice, type ChoiceTaskInput } from './support/render-choice.ts';

type HellaswagSample = Sample<ChoiceTaskInput, ChoiceTarget>;

const labels = ['A', 'B', 'C', 'D'];
const linesPerRecord = 6;
/** Records before this one come from video captions (ActivityNet), the others from WikiHow articles. */
const firstWikihow = 3243;

const asked = 'Which of these endings continues the text best?';

/** The context inside a question as it is asked. */
const questionOf = (context: string): string => `${asked}\n${context}`;
const contextOf = (question: string): string => question.slice(asked.length + 1);

/** Activity of a caption, or title of an article: what neighbouring records of one source share. */
const sourceKey = (context: string, isWikihow: boolean): string =>
  isWikihow ? (context.split('. ')[0] ?? context) : (context.split(': ')[0] ?? context);

function readRecord(lines: readonly string[], index: number, source: string): HellaswagSample {
  const first = index * linesPerRecord;
  const [context = '', gold = '', ...endings] = lines.slice(first, first + linesPerRecord);
  if (context.trim() === '') throw invalidRecord(source, { line: first + 1 }, 'the context is empty');
  if (!/^[0-3]$/.test(gold))
    throw invalidRecord(source, { line: first + 2 }, 'the index of the right ending is not 0 to 3');
  const empty = labels.findIndex((_, place) => (endings[place] ?? '').trim() === '');
  if (empty >= 0) throw invalidRecord(source, { line: first + 3 + empty }, 'an ending is missing or empty');
  return {
    id: `validation/${index}`,
    category: index < firstWikihow ? 'activitynet' : 'wikihow',
    cluster: null,
    input: {
      question: questionOf(capitalizeSecondContext(context)),
      options: labels.map((label, place) => ({ label, text: (endings[place] ?? '').trim() })),
      measure: 'acc_norm',
      continuation: 'text',
      shots: [],
    },
    target: { label: labels[Number(gold)] ?? '' },
  };
}

/** Gives neighbouring records of one video, and all of one article, the same cluster. */
function withClusters(samples: readonly HellaswagSample[]): readonly HellaswagSample[] {
  const articles = new Map<string, string>();
  let [previous, cluster] = ['', ''];
  return samples.map((sample) => {
    const isWikihow = sample.category === 'wikihow';
    const key = sourceKey(contextOf(sample.input.question), isWikihow);
    const isNew = isWikihow ? !articles.has(key) : key !== previous;
    if (isNew) articles.set(key, sample.id);
    cluster = isWikihow ? (articles.get(key) ?? sample.id) : isNew ? sample.id : cluster;
    previous = key;
    return { ...sample, cluster };
  });
}

export default defineTask<ChoiceTaskInput, ChoiceTarget>({
  id: 'hellaswag',
  title: 'HellaSwag: how everyday texts go on',
  version: 1,
  kind: 'choice',
  category: 'commonsense',
  licence: 'MIT',
  artefacts: [
    {
      name: 'validation',
      fileName: 'hellaswag_val_full.txt.bz2',
      sha256: ['50b637899e4263c2bc456c2dc726c95d2c8cd8e2a552ea5bd7719ce3cb03fe5b'],
      licence: 'MIT',
      hub: null,
    },
  ],
  needs: [],
  sampleCount: 10042,
  chanceLevel: 0.25,
  sorted: true,
  choiceModes: ['generative', 'loglikelihood', 'first_token'],
  defaults: { fewShot: 0, maxTokens: 2048 },
  dialogueBudget: null,
  references: [
    { source: 'Qwen2.5 technical report, base models', fewShot: 10, note: '10-shot log-likelihood' },
    { source: 'lm-evaluation-harness hellaswag', fewShot: 0, note: 'log-likelihood, acc_norm' },
  ],
  scorer: choice,
  metrics: choiceMetrics,
  async loadSamples({ data, settings }) {
    refuseShots('hellaswag', settings);
    const source = sourceOf(data, 'validation');
    const lines = (await data.text('validation'))
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => line.replace(/\r$/, ''));
    if (lines.length % linesPerRecord !== 0) {
      throw invalidRecord(source, { line: lines.length }, `the last record does not have ${linesPerRecord} lines`);
    }
    const count = lines.length / linesPerRecord;
    return withClusters(Array.from({ length: count }, (_, index) => readRecord(lines, index, source)));
  },
  render: ({ input }, settings) => renderChoice(input, settings, { contextOf }),
  inLogs: { names: ['hellaswag_default', 'hellaswag_validation'], textOf: ({ input }) => contextOf(input.question) },
});
