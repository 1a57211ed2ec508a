import { QwenEvalError } from '../core/errors.ts';
import { defineTask, type Task, type TaskContext } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { measureMean } from '../metrics/support/measure-mean.ts';
import bfclCalls, { type BfclInput, type BfclTarget } from '../scorers/bfcl-calls.ts';
import { toolOf, type BfclLanguage } from '../scorers/support/bfcl/function-doc.ts';
import { bfclArtefacts, type BfclCategory } from './support/bfcl/bfcl-files.ts';
import { bfclFaults } from './support/bfcl/bfcl-faults.ts';
import { readBfclAnswers, readBfclQuestions } from './support/bfcl/read-bfcl.ts';

interface Category {
  readonly id: BfclCategory;
  readonly title: string;
  readonly samples: number;
  readonly kind: BfclTarget['kind'];
  readonly language?: BfclLanguage;
}

const categories: readonly Category[] = [
  { id: 'simple_python', title: 'one function, one call', samples: 400, kind: 'calls' },
  { id: 'multiple', title: 'one call, one of several functions', samples: 200, kind: 'calls' },
  { id: 'parallel', title: 'several calls of one function', samples: 200, kind: 'calls' },
  { id: 'parallel_multiple', title: 'several calls of several functions', samples: 200, kind: 'calls' },
  { id: 'irrelevance', title: 'no function fits', samples: 240, kind: 'no_call' },
  { id: 'simple_java', title: 'one call with Java literals', samples: 100, kind: 'calls', language: 'java' },
  {
    id: 'simple_javascript',
    title: 'one call with JavaScript literals',
    samples: 50,
    kind: 'calls',
    language: 'javascript',
  },
  { id: 'live_simple', title: 'one function, one call, from users', samples: 258, kind: 'calls' },
  { id: 'live_multiple', title: 'one of several functions, from users', samples: 1053, kind: 'calls' },
  { id: 'live_parallel', title: 'several calls of one function, from users', samples: 16, kind: 'calls' },
  { id: 'live_parallel_multiple', title: 'several calls of several functions, from users', samples: 24, kind: 'calls' },
  { id: 'live_irrelevance', title: 'no function fits, from users', samples: 884, kind: 'no_call' },
  { id: 'live_relevance', title: 'some function fits, from users', samples: 16, kind: 'some_call' },
];

async function loadSamples(
  { id, kind, language = 'python' }: Category,
  { data }: TaskContext,
): Promise<readonly Sample<BfclInput, BfclTarget>[]> {
  const answers = await readBfclAnswers(data);
  return (await readBfclQuestions(data)).map((record) => {
    const text = answers.get(record.id);
    if (kind === 'calls' && text === undefined) {
      throw new QwenEvalError('E_DATASET_INVALID', `bfcl_${id}: there is no answer for ${record.id}`, {
        hint: 'use questions and answers of the same release',
      });
    }
    const fault = bfclFaults[record.id];
    return {
      id: record.id,
      category: null,
      cluster: null,
      input: {
        messages: record.messages,
        tools: record.functions.map((doc) => toolOf(doc, language)),
        functions: record.functions,
        language,
      },
      target: kind === 'calls' ? { kind, answers: text ?? '' } : { kind },
      ...(fault === undefined ? {} : { fault }),
    };
  });
}

const defineCategory = (category: Category): Task<BfclInput, BfclTarget> =>
  defineTask<BfclInput, BfclTarget>({
    id: `bfcl_${category.id}`,
    title: `BFCL v4: ${category.title}`,
    version: 1,
    kind: 'tools',
    category: 'tools',
    licence: 'Apache-2.0',
    artefacts: bfclArtefacts(category.id),
    needs: ['tools'],
    sampleCount: category.samples,
    // Whoever never calls is always right where no function fits.
    chanceLevel: category.kind === 'no_call' ? 1 : null,
    sorted: category.id.startsWith('live_'),
    choiceModes: [],
    defaults: { fewShot: 0, maxTokens: 4096 },
    dialogueBudget: null,
    references: [
      {
        source: 'BFCL leaderboard, Qwen models',
        fewShot: 0,
        note: 'temperature 0.001, at most 4,096 tokens; FC mode (native or Hermes) and prompt mode differ by up to 53 points',
      },
    ],
    scorer: bfclCalls,
    metrics: [
      measureMean({ id: 'accuracy', title: 'right by the leaderboard’s rules', measure: 'upstream' }),
      measureMean({ id: 'accuracy_corrected', title: 'right by meaning', measure: 'corrected' }),
      measureMean({
        id: 'accuracy_lenient',
        title: 'right by the leaderboard’s rules after harmless repairs',
        measure: 'lenient',
      }),
      measureMean({
        id: 'repair_gain',
        title: 'right only after a repair (a serving artefact when large)',
        measure: 'repair_gain',
        higherIsBetter: false,
      }),
      measureMean({
        id: 'parsed_strict',
        title: 'attempted calls that the standard parser reads',
        measure: 'parsed_strict',
      }),
      measureMean({
        id: 'parsed_lenient',
        title: 'attempted calls that can be read with repairs',
        measure: 'parsed_lenient',
      }),
    ],
    loadSamples: (context) => loadSamples(category, context),
    // Four live questions come without any function; servers refuse an empty list.
    render: ({ input: { messages, tools } }) => ({ kind: 'chat', messages, ...(tools.length === 0 ? {} : { tools }) }),
  });

/** The single-turn categories of the Berkeley Function Calling Leaderboard, version 4. */
export default categories.map(defineCategory);
