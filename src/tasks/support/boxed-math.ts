import type { RenderedPrompt } from '../../core/ports/task.ts';
import { chatWithShots } from './chat-shots.ts';

/** Qwen's own instruction for mathematics (model cards, "Standardize Output Format"). */
export const boxedInstruction = 'Please reason step by step, and put your final answer within \\boxed{}.';

/** A word problem with its worked solution. */
export interface WorkedExample {
  readonly question: string;
  readonly solution: string;
  readonly answer: string;
}

/** Input of a word-problem sample; `shots` is one array shared by all samples. */
export interface WordProblem {
  readonly question: string;
  readonly shots: readonly WorkedExample[];
}

const ask = (question: string): string => `${question}\n${boxedInstruction}`;

/** Asks a word problem with Qwen's instruction, worked examples before it as turns of their own. */
export function renderWordProblem(input: WordProblem): RenderedPrompt {
  const shots = input.shots.map(({ question, solution, answer }) => ({
    ask: ask(question),
    reply: `${solution}\n\nThe final answer is $\\boxed{${answer}}$.`,
  }));
  return { kind: 'chat', messages: chatWithShots(shots, ask(input.question)) };
}
