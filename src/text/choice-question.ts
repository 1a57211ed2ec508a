/** An option of a multiple-choice question; labels are single characters such as `A` or `3`. */
export interface ChoiceOption {
  readonly label: string;
  readonly text: string;
}

/** A multiple-choice question as text: `Question: …` and one line an option, `A. …`. */
export const formatChoiceQuestion = (question: string, options: readonly ChoiceOption[]): string =>
  [`Question: ${question}`, ...options.map(({ label, text }) => `${label}. ${text}`)].join('\n');
