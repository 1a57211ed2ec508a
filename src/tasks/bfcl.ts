import { QwenEvalError } from '../core/errors.ts';
import { defineTask, type Task, type TaskContext } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { measureMean } from '../metrics/support/measure-mean.ts';
import bfclCalls, { type BfclInput, type BfclTarget } from '../scorers/bfcl-calls.ts';
import bfclMultiTurn, { type MultiTurnTarget } from '../scorers/bfcl-multi-turn.ts';
import {
  messagesAt,
  MultiTurnSession,
  toolsAt,
  type MultiTurnInput,
} from '../scorers/support/bfcl/multi-turn-session.ts';
import { toolOf, type BfclLanguage } from '../scorers/support/bfcl/function-doc.ts';
import { bfclArtefacts, bfclDocArtefacts, type BfclCategory } from './support/bfcl/bfcl-files.ts';
import { bfclFaults } from './support/bfcl/bfcl-faults.ts';
import { readBfclAnswers, readBfclConversations, readBfclQuestions } from './support/bfcl/read-bfcl.ts';
import { parsedCallMetrics } from './support/agents/tool-call-metrics.ts';

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
      ...parsedCallMetrics,
    ],
    loadSamples: (context) => loadSamples(category, context),
    // Four live questions come without any function; servers refuse an empty list.
    render: ({ input: { messages, tools } }) => ({ kind: 'chat', messages, ...(tools.length === 0 ? {} : { tools }) }),
  });

const conversations: readonly { readonly id: BfclCategory; readonly title: string }[] = [
  { id: 'multi_turn_base', title: 'conversations over simulated services' },
  { id: 'multi_turn_miss_func', title: 'conversations in which a function is missing at first' },
  { id: 'multi_turn_miss_param', title: 'conversations in which the user leaves something out at first' },
];

async function loadConversations({ data }: TaskContext): Promise<readonly Sample<MultiTurnInput, MultiTurnTarget>[]> {
  return (await readBfclConversations(data)).map(({ id, input, truth }) => ({
    id,
    category: input.classes.join('+'),
    cluster: null,
    input,
    target: { truth },
  }));
}

const defineConversations = ({ id, title }: (typeof conversations)[number]): Task<MultiTurnInput, MultiTurnTarget> =>
  defineTask<MultiTurnInput, MultiTurnTarget>({
    id: `bfcl_${id}`,
    title: `BFCL v4: ${title}`,
    version: 1,
    kind: 'tools',
    category: 'tools',
    licence: 'Apache-2.0',
    artefacts: [...bfclArtefacts(id), ...bfclDocArtefacts],
    needs: ['tools'],
    sampleCount: 200,
    chanceLevel: null,
    // Fifty of each service, one service after the other.
    sorted: true,
    choiceModes: [],
    defaults: { fewShot: 0, maxTokens: 4096 },
    dialogueBudget: { turns: 200, tokens: null, wallMs: null },
    references: [
      {
        source: 'BFCL leaderboard, Qwen models',
        fewShot: 0,
        note: 'the services here are simulations of our own',
      },
    ],
    scorer: bfclMultiTurn,
    metrics: [
      measureMean({ id: 'accuracy', title: 'right by the leaderboard’s rules', measure: 'upstream' }),
      measureMean({
        id: 'accuracy_corrected',
        title: 'right, and nothing changed where nothing could be done',
        measure: 'corrected',
      }),
      measureMean({ id: 'turns_right', title: 'turns that are right', measure: 'turns_right' }),
      measureMean({ id: 'call_errors', title: 'calls that failed', measure: 'call_errors', higherIsBetter: false }),
      measureMean({
        id: 'forced',
        title: 'conversations stopped for too many steps',
        measure: 'forced',
        higherIsBetter: false,
      }),
    ],
    loadSamples: loadConversations,
    render: ({ input }) => ({ kind: 'chat', messages: messagesAt(input, 0), tools: toolsAt(input, 0) }),
    openDialogue: ({ input }, settings) => new MultiTurnSession(input, settings.toolFormat ?? 'native'),
  });

/** Categories of the Berkeley Function Calling Leaderboard, version 4: single turns, and conversations over simulated services. */
export default [...categories.map(defineCategory), ...conversations.map(defineConversations)];
