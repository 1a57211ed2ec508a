import { companyVerdict, type CompanyAnswer } from '../../../text/company-test.ts';
import { found, writtenText, type Probe, type ProbeAnswer } from '../asking.ts';

const companyAnswer = (answer: ProbeAnswer): CompanyAnswer => ({
  text: writtenText(answer),
  tokens: answer.generation.logProbabilities,
});

/** Whether greedy answers repeat: three times alone, and in company with others. */
export const determinism: Probe = {
  ids: ['repeatable', 'company'],
  run: async (asking, { questions, alone }) => {
    const [question] = questions;
    const [first] = alone;
    if (!question || !first) return {};
    const again = [await asking.ask(question), await asking.ask(question)];
    const texts = [first, ...again].map(writtenText);
    const different = new Set(texts).size;
    const together = await Promise.all(questions.map((one) => asking.ask(one)));
    const verdict = companyVerdict(
      alone.map((answer, index) => ({
        alone: companyAnswer(answer),
        together: companyAnswer(together[index] as ProbeAnswer),
      })),
    );
    const { equal, flips, garbled, summary } = verdict;
    return {
      repeatable:
        different === 1
          ? found('yes', 'three equal greedy requests gave the same text')
          : found('no', `three equal greedy requests gave ${different} texts`, { texts: different }),
      company: verdict.passed
        ? found('yes', summary, { equal, flips, garbled })
        : different === 1
          ? found('no', summary, { equal, flips, garbled })
          : found('unknown', `${summary}; but the answers do not even repeat alone`, { equal, flips, garbled }),
    };
  },
};
