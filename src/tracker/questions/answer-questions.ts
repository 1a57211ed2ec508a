import { configurationQuestions } from './configuration.ts';
import { reliabilityQuestions } from './reliability.ts';
import type { AnsweredQuestion, QuestionFacts, ResearchQuestion } from './research-question.ts';
import { sizeQuestions } from './size-and-memory.ts';
import { taskQuestions } from './tasks.ts';

const questions: readonly ResearchQuestion[] = [
  ...reliabilityQuestions,
  ...sizeQuestions,
  ...configurationQuestions,
  ...taskQuestions,
];

/** Every research question with what the runs say to it today. */
export const answerQuestions = (facts: QuestionFacts): readonly AnsweredQuestion[] =>
  questions.map(({ topic, question, answer }) => {
    const found = answer(facts);
    return 'open' in found
      ? { topic, question, answer: null, needs: found.open, runIds: [] }
      : { topic, question, answer: found.text, needs: null, runIds: found.runIds };
  });
