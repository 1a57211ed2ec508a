import type { Task, TaskSettings } from '../../src/core/ports/task.ts';
import type { SampleResponse } from '../../src/core/response.ts';
import type { Sample } from '../../src/core/sample.ts';
import { seededRng } from '../../src/stats/rng.ts';
import functionCalling from '../../src/tasks/agent-function-calling.ts';
import syntheticArithmetic from '../../src/tasks/synthetic-arithmetic.ts';
import syntheticChoice from '../../src/tasks/synthetic-choice.ts';
import { formatHermesCalls, formatXmlCalls, type CallToWrite } from '../../src/text/tool-calls/format-tool-calls.ts';
import { loadTaskSamples, settingsOf } from './load-task-samples.ts';

/** What a scripted engine answers to one prompt (members of a rule of the `scripted` engine). */
interface Answer {
  readonly text?: string | null;
  readonly reasoning?: string;
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: string }[];
  readonly finishReason?: string;
  readonly fault?: { readonly code: string };
  readonly continuations?: Readonly<Record<string, number>>;
}

/** An answer with the primary failure code that it must get; null for a right one. */
interface LabelledAnswer {
  readonly answer: Answer;
  readonly code: string | null;
}

/** One run of the corpus: a fault in some answers, and the verdict it must lead to. */
export interface CorpusCase {
  readonly name: string;
  readonly task: keyof typeof tasks;
  /** Further arguments of `run`. */
  readonly args?: readonly string[];
  readonly samples: number;
  /** Of every ten samples so many have the fault; the others are right, or now and then wrong as a model is. */
  readonly faultyOfTen: number;
  /** The faulty answer to a sample. */
  readonly fault: (context: FaultContext) => LabelledAnswer;
  /** What happens to every answer, faulty or not. */
  readonly change?: (answer: Answer) => Answer;
  /** The first verdict of the run; null for none at all. */
  readonly verdict: string | null;
  /** Verdicts that may follow, because they are true too. */
  readonly also?: readonly string[];
}

interface FaultContext {
  readonly index: number;
  /** Text of a right answer. */
  readonly gold: string;
  readonly random: ReturnType<typeof seededRng>;
  /** Calls of a right answer written as text in a format. */
  readonly writtenCalls: (format: 'hermes' | 'xml') => string;
}

const tasks = {
  synthetic_arithmetic: syntheticArithmetic as unknown as Task,
  synthetic_choice: syntheticChoice as unknown as Task,
  agent_function_calling: functionCalling as unknown as Task,
} as const;

const loops = [
  'So we count them again and again. '.repeat(15),
  'And so it goes, and so it goes, and '.repeat(15),
  '\\frac '.repeat(80),
];

const labelled = (code: string, answer: Answer) => (): LabelledAnswer => ({ answer, code });

const native = ['--tool-format', 'native'];

/** Every fault that shows in answers, one run each, and three runs of a healthy model. */
export const corpus: readonly CorpusCase[] = [
  {
    name: 'healthy arithmetic',
    task: 'synthetic_arithmetic',
    samples: 200,
    faultyOfTen: 0,
    fault: labelled('none', {}),
    verdict: null,
  },
  {
    name: 'healthy choice',
    task: 'synthetic_choice',
    samples: 200,
    faultyOfTen: 0,
    fault: labelled('none', {}),
    verdict: null,
  },
  {
    name: 'healthy tool calls',
    task: 'agent_function_calling',
    args: native,
    samples: 150,
    faultyOfTen: 0,
    fault: labelled('none', {}),
    verdict: null,
  },
  {
    name: 'truncated answers',
    task: 'synthetic_arithmetic',
    samples: 120,
    faultyOfTen: 3,
    fault: ({ index }) => ({
      answer: { text: `First we add the ${index} boxes and then we`, finishReason: 'length' },
      code: 'gen.truncated',
    }),
    verdict: 'truncation',
  },
  {
    name: 'truncated thinking',
    task: 'synthetic_choice',
    samples: 120,
    faultyOfTen: 4,
    fault: labelled('gen.truncated.in_think', {
      text: '<think>\nLet us see what the options are',
      finishReason: 'length',
    }),
    verdict: 'thinking_leaked',
    also: ['truncation'],
  },
  {
    name: 'loops',
    task: 'synthetic_arithmetic',
    samples: 120,
    faultyOfTen: 2,
    fault: ({ index }) => ({ answer: { text: loops[index % loops.length] ?? '' }, code: 'gen.repetition' }),
    verdict: 'repetition',
  },
  {
    name: 'empty content',
    task: 'synthetic_choice',
    samples: 120,
    faultyOfTen: 2,
    fault: ({ index }) => ({ answer: { text: index % 2 === 0 ? '' : null }, code: 'gen.empty' }),
    verdict: 'empty_content',
  },
  {
    name: 'answers swallowed by the reasoning parser',
    task: 'synthetic_arithmetic',
    samples: 120,
    faultyOfTen: 5,
    fault: ({ gold }) => ({ answer: { text: null, reasoning: `Easy. ${gold}` }, code: 'gen.empty_after_think' }),
    verdict: 'empty_content',
  },
  {
    name: 'refusals',
    task: 'synthetic_arithmetic',
    samples: 120,
    faultyOfTen: 3,
    fault: ({ index }) => ({
      answer: { text: index % 2 === 0 ? "I'm sorry, but I cannot help with that." : '抱歉，我无法回答这个问题。' },
      code: 'gen.refused',
    }),
    verdict: 'refusal',
  },
  {
    name: 'marks of the chat template',
    task: 'synthetic_arithmetic',
    samples: 120,
    faultyOfTen: 6,
    fault: ({ index }) => ({
      answer: {
        text:
          [
            'Let me see.<|im_end|>\n<|im_start|>user\nAnd what else?',
            'assistant\nLet me see what we have here.',
            '[INST] What is it? [/INST] Let me see.',
          ][index % 3] ?? '',
      },
      code: 'format_mismatch.template',
    }),
    verdict: 'template_mismatch',
  },
  {
    name: 'thinking without tags',
    task: 'synthetic_choice',
    samples: 120,
    faultyOfTen: 4,
    fault: labelled('format_mismatch.think_leak', {
      text: 'Thinking Process:\n1. **Analyse the request:** there are four options.\n2. It could be any of them.',
    }),
    verdict: 'thinking_leaked',
  },
  {
    name: 'thinking in the content',
    task: 'synthetic_arithmetic',
    samples: 120,
    faultyOfTen: 0,
    fault: labelled('none', {}),
    change: (answer) => ({ ...answer, text: `<think>\nLet me see.\n</think>\n\n${answer.text ?? ''}` }),
    verdict: 'thinking_leaked',
  },
  {
    name: 'XML calls that the parser does not read',
    task: 'agent_function_calling',
    args: native,
    samples: 120,
    faultyOfTen: 10,
    fault: ({ writtenCalls }) => ({ answer: { text: writtenCalls('xml') }, code: 'format_mismatch.xml_text' }),
    verdict: 'wrong_tool_parser',
    also: ['zero', 'one_category'],
  },
  {
    name: 'Hermes calls that the parser does not read',
    task: 'agent_function_calling',
    args: native,
    samples: 120,
    faultyOfTen: 6,
    fault: ({ writtenCalls }) => ({ answer: { text: writtenCalls('hermes') }, code: 'format_mismatch.hermes_text' }),
    verdict: 'wrong_tool_parser',
    also: ['one_category'],
  },
  {
    name: 'thinking that never comes',
    task: 'synthetic_arithmetic',
    args: ['--mode', 'thinking', '--temperature', '0.6'],
    samples: 120,
    faultyOfTen: 0,
    fault: labelled('none', {}),
    verdict: 'mode_not_honoured',
  },
  {
    name: 'thinking that was switched off',
    task: 'synthetic_choice',
    args: ['--mode', 'non-thinking'],
    samples: 120,
    faultyOfTen: 0,
    fault: labelled('none', {}),
    change: (answer) => ({ ...answer, reasoning: 'Let me see.' }),
    verdict: 'mode_not_honoured',
  },
  {
    name: 'greedy thinking',
    task: 'synthetic_arithmetic',
    args: ['--mode', 'thinking', '--temperature', '0', '--model', 'qwen3_8b'],
    samples: 60,
    faultyOfTen: 0,
    fault: labelled('none', {}),
    change: (answer) => ({ ...answer, reasoning: 'Let me see.' }),
    verdict: 'sampling_guidance',
  },
  {
    name: 'a prompt that does not fit',
    task: 'synthetic_arithmetic',
    samples: 100,
    faultyOfTen: 1,
    fault: labelled('ctx.exceeded', { fault: { code: 'E_CONTEXT_EXCEEDED' } }),
    verdict: 'context',
  },
  {
    name: 'requests that fail',
    task: 'synthetic_arithmetic',
    args: ['--retries', '0', '--max-errors', '1000'],
    samples: 100,
    faultyOfTen: 2,
    fault: ({ index }) =>
      index % 2 === 0
        ? { answer: { fault: { code: 'E_ENGINE_UNREACHABLE' } }, code: 'infra.network' }
        : { answer: { fault: { code: 'E_ENGINE_TIMEOUT' } }, code: 'infra.timeout' },
    verdict: 'infrastructure',
  },
  {
    name: 'guessing',
    task: 'synthetic_choice',
    samples: 200,
    faultyOfTen: 10,
    fault: ({ random, gold }) => {
      const letter = 'ABCD'[random.integer(0, 3)] ?? 'A';
      return {
        answer: { text: `ANSWER: ${letter}` },
        code: gold.includes(`ANSWER: ${letter}`) ? null : 'answer.wrong',
      };
    },
    verdict: 'chance',
  },
  {
    name: 'log-probabilities that are all the same',
    task: 'synthetic_choice',
    args: ['--choice-mode', 'loglikelihood'],
    samples: 120,
    faultyOfTen: 10,
    fault: labelled('choice.chance.equal', { continuations: { '*': -1 } }),
    verdict: 'chance',
  },
  {
    name: 'one letter',
    task: 'synthetic_choice',
    samples: 120,
    faultyOfTen: 10,
    fault: ({ gold }) => ({
      answer: { text: 'ANSWER: B' },
      code: gold.includes('ANSWER: B') ? null : 'answer.wrong',
    }),
    verdict: 'one_letter_bias',
    also: ['chance'],
  },
  {
    name: 'recited solutions',
    task: 'synthetic_arithmetic',
    samples: 120,
    faultyOfTen: 5,
    fault: ({ gold }) => ({ answer: { text: `That makes 48/2=<<48/2=24>>24 of them.\n${gold}` }, code: null }),
    verdict: 'contamination',
  },
  {
    name: 'answers that are never given',
    task: 'synthetic_arithmetic',
    samples: 120,
    faultyOfTen: 10,
    fault: labelled('extract.no_answer', { text: 'This is an interesting question and there is much to say.' }),
    verdict: 'zero',
  },
];

/** One answer a prompt, as the scripted engine reads it, and the codes by sample id that the answers must get. */
export interface CorpusScript {
  readonly rules: readonly object[];
  readonly codes: ReadonlyMap<string, string | null>;
}

const pattern = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);

/** Every seventh answer of a healthy model is wrong. */
const isWrong = (index: number): boolean => index % 7 === 3;

/** Writes the script of a case over the samples that the run will draw. */
export async function corpusScript(entry: CorpusCase): Promise<CorpusScript> {
  const task = tasks[entry.task];
  const toolFormat = task.needs.includes('tools') ? 'native' : null;
  const isScored = entry.args?.includes('loglikelihood') ?? false;
  const choiceMode = isScored ? 'loglikelihood' : null;
  const settings = settingsOf(task, { size: entry.samples, toolFormat, choiceMode });
  const random = seededRng(entry.name);
  const codes = new Map<string, string | null>();
  const rules = (await loadTaskSamples(task, settings)).map((sample, index) => {
    const gold = goldOf(task, sample, settings);
    const isFaulty =
      ((index * 7) % 10) + 1 <= entry.faultyOfTen && (entry.task !== 'agent_function_calling' || gold.calls);
    const made = isFaulty
      ? entry.fault({
          index,
          gold: gold.text,
          random,
          writtenCalls: (format) => (format === 'xml' ? formatXmlCalls : formatHermesCalls)(gold.toolCalls),
        })
      : isWrong(index)
        ? wrongOf(task, sample, settings)
        : { answer: gold.answer, code: null };
    codes.set(sample.id, made.code);
    const answer = entry.change === undefined ? made.answer : entry.change(made.answer);
    return { when: pattern(questionOf(task, sample, settings)), ...answer };
  });
  return { rules, codes };
}

function questionOf(task: Task, sample: Sample, settings: TaskSettings): string {
  const rendered = task.render(sample, settings);
  return rendered.kind === 'chat' ? (rendered.messages.at(-1)?.content ?? '') : rendered.context;
}

const answerOf = ({ text, toolCalls, finishReason }: SampleResponse): Answer => ({
  text,
  ...(toolCalls.length > 0
    ? { toolCalls: toolCalls.map(({ name, arguments: given }) => ({ name, arguments: given })) }
    : {}),
  ...(finishReason === 'tool_calls' ? { finishReason } : {}),
});

function goldOf(task: Task, sample: Sample, settings: TaskSettings) {
  if (task.id === 'synthetic_arithmetic') {
    const { value } = sample.target as { readonly value: string };
    const text = `We add it all up.\n\\boxed{${value}}`;
    return { text, answer: { text }, calls: false, toolCalls: [] };
  }
  if (task.id === 'synthetic_choice') {
    const { label } = sample.target as { readonly label: string };
    const text = `Only one of them fits.\nANSWER: ${label}`;
    return { text, answer: { text }, calls: false, toolCalls: [] };
  }
  const response = task.scorer.gold(sample, settings)[0]?.response;
  if (response === undefined) throw new Error(`no gold for ${sample.id}`);
  const toolCalls: readonly CallToWrite[] = response.toolCalls.map(({ name, arguments: given }) => ({
    name,
    arguments: JSON.parse(given) as Record<string, never>,
  }));
  return { text: response.text ?? '', answer: answerOf(response), calls: toolCalls.length > 0, toolCalls };
}

/** A plain wrong answer, as a model gives it. */
function wrongOf(task: Task, sample: Sample, settings: TaskSettings): LabelledAnswer {
  if (task.id === 'synthetic_arithmetic')
    return { answer: { text: 'We add it up: \\boxed{987654321}' }, code: 'answer.wrong' };
  if (task.id === 'synthetic_choice') {
    const { label } = sample.target as { readonly label: string };
    return { answer: { text: `ANSWER: ${label === 'A' ? 'C' : 'A'}` }, code: 'answer.wrong' };
  }
  const wrong = task.scorer
    .wrong(sample, settings)
    .find(({ kind }) => kind === 'wrong-value' || kind === 'spurious-call');
  if (wrong === undefined) return { answer: goldOf(task, sample, settings).answer, code: null };
  return {
    answer: answerOf(wrong.response),
    code: wrong.kind === 'wrong-value' ? 'args.wrong_value' : 'select.spurious_call',
  };
}
