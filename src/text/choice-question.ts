import type { ChoiceOption } from './choice-answer.ts';

/** A multiple-choice question as text: `Question: …` and one line an option, `A. …`. */
export const formatChoiceQuestion = (question: string, options: readonly ChoiceOption[]): string =>
  [`Question: ${question}`, ...options.map(({ label, text }) => `${label}. ${text}`)].join('\n');
