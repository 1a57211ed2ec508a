import type { RenderedPrompt, TaskSettings } from '../../core/ports/task.ts';
import type { ChoiceInput } from '../../scorers/support/choice-sample.ts';
import type { ChoiceOption } from '../../text/choice-question.ts';
import { formatChoiceQuestion } from '../../text/choice-question.ts';
import { chatWithShots } from './chat-shots.ts';

/** A solved multiple-choice question. */
export interface ChoiceExample {
  readonly question: string;
  readonly options: readonly ChoiceOption[];
  readonly label: string;
}

/** Input of a multiple-choice sample; `shots` is one array shared by many samples. */
export interface ChoiceTaskInput extends ChoiceInput {
  readonly shots: readonly ChoiceExample[];
}

/** How a task words its contexts for log-likelihood. */
export interface ContinuationWording {
  /** Text before the options, without white space at its end. */
  readonly contextOf: (question: string) => string;
  /** A line before everything; absent for none. */
  readonly preface?: string;
}

/** The usual wording: `Question: …` and `Answer:`, the option's text continues it. */
export const questionAnswerWording: ContinuationWording = {
  contextOf: (question) => `Question: ${question}\nAnswer:`,
};

const isNumbered = (options: readonly ChoiceOption[]): boolean => options.every(({ label }) => /^\d$/.test(label));

/** Qwen's own instruction for multiple choice (model cards, "Standardize Output Format"), worded for the labels in use. */
function instruction(options: readonly ChoiceOption[]): string {
  const [kind, example] = isNumbered(options) ? ['number', '2'] : ['letter', 'C'];
  return `Please show your choice in the \`answer\` field with only the choice ${kind}, e.g., \`"answer": "${example}"\`.`;
}

const ask = (question: string, options: readonly ChoiceOption[]): string =>
  `${formatChoiceQuestion(question, options)}\n\n${instruction(options)}`;

const textOf = ({ options, label }: ChoiceExample): string =>
  options.find((option) => option.label === label)?.text ?? '';

/** Joins worked examples and the question's own context as they are scored: blank lines between them. */
function contextWithShots(
  input: ChoiceTaskInput,
  wording: ContinuationWording,
  parts: {
    readonly contextOf: (question: string, options: readonly ChoiceOption[]) => string;
    readonly replyOf: (example: ChoiceExample) => string;
  },
): string {
  const { contextOf, replyOf } = parts;
  const shots = input.shots.map((shot) => `${contextOf(shot.question, shot.options)} ${replyOf(shot)}`);
  const preface = wording.preface === undefined ? [] : [wording.preface];
  return [...preface, ...shots, contextOf(input.question, input.options)].join('\n\n');
}

/** Asks by log-likelihood of the labels after the question and its options. */
export function renderLetters(input: ChoiceTaskInput, wording: ContinuationWording): RenderedPrompt {
  const contextOf = (question: string, options: readonly ChoiceOption[]): string =>
    `${formatChoiceQuestion(question, options)}\nAnswer:`;
  return {
    kind: 'continuations',
    context: contextWithShots(input, wording, { contextOf, replyOf: ({ label }) => label }),
    continuations: input.options.map(({ label }) => ` ${label}`),
  };
}

/**
 * Asks a multiple-choice question as the choice mode says: a chat with Qwen's instruction, the log-likelihood of each option's text, or
 * that of the labels.
 */
export function renderChoice(
  input: ChoiceTaskInput,
  settings: TaskSettings,
  wording: ContinuationWording = questionAnswerWording,
): RenderedPrompt {
  if (settings.choiceMode === 'first_token') return renderLetters(input, wording);
  if (settings.choiceMode === 'loglikelihood') {
    return {
      kind: 'continuations',
      context: contextWithShots(input, wording, { contextOf: wording.contextOf, replyOf: textOf }),
      continuations: input.options.map(({ text }) => ` ${text}`),
    };
  }
  const shots = input.shots.map((shot) => ({
    ask: ask(shot.question, shot.options),
    reply: `"answer": "${shot.label}"`,
  }));
  return { kind: 'chat', messages: chatWithShots(shots, ask(input.question, input.options)) };
}
