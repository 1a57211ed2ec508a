import { isEstimated } from '../../core/estimate.ts';
import { familyOf } from '../../core/failure-code.ts';
import { formatShare } from '../../text/format-estimate.ts';
import { proportionEstimate } from '../../stats/proportion-estimate.ts';
import type { TrackerCell } from '../tracker-cell.ts';
import { cellName } from '../tracker-cell.ts';
import { listed, resultOf, runsOf, type QuestionFacts, type ResearchQuestion } from './research-question.ts';

const topic = 'Can the numbers be trusted?';

/** Families of failures that lie in the form of an answer, not in what it says. */
const formFamilies: ReadonlySet<string> = new Set([
  'format_mismatch',
  'extract.no_answer',
  'extract.ambiguous',
  'extract.no_code_block',
  'scorer.fault',
]);

/** Share of answers lost to their form from which a task is suspect. */
const suspectShare = 0.05;

const formLosses = (cell: TrackerCell, facts: QuestionFacts): number =>
  Object.entries(resultOf(cell, facts)?.counts.byCode ?? {}).reduce(
    (sum, [code, count]) => sum + (formFamilies.has(familyOf(code) ?? '') ? count : 0),
    0,
  );

/** Questions about the evaluation itself. */
export const reliabilityQuestions: readonly ResearchQuestion[] = [
  {
    topic,
    question: 'Is a score of 0 a fact about the model or a fault of the evaluation?',
    answer: (facts) => {
      const zeros = facts.tested.filter(({ estimate }) => isEstimated(estimate) && estimate.value === 0);
      if (facts.tested.length === 0) return { open: 'a complete run' };
      if (zeros.length === 0) return { text: `none of the ${facts.tested.length} current scores is 0`, runIds: [] };
      const named = zeros.map((cell) => {
        const [code, count] = Object.entries(resultOf(cell, facts)?.counts.byCode ?? {})[0] ?? [];
        const why = code === undefined ? 'no failure code' : `${code} on ${count} of ${cell.counts?.planned ?? '?'}`;
        return `${cellName(cell)} (${why})`;
      });
      return {
        text: `${zeros.length} of ${facts.tested.length} current scores are 0, mostly for: ${listed(named)}`,
        runIds: runsOf(zeros),
      };
    },
  },
  {
    topic,
    question: 'How many tasks lose answers to their format?',
    answer: (facts) => {
      const cells = facts.tested.filter(({ counts }) => (counts?.planned ?? 0) > 0);
      if (cells.length === 0) return { open: 'a complete run' };
      const suspects = cells.flatMap((cell) => {
        const planned = cell.counts?.planned ?? 0;
        const lost = formLosses(cell, facts);
        return lost / planned < suspectShare ? [] : [{ cell, estimate: proportionEstimate(lost, planned) }];
      });
      if (suspects.length === 0)
        return { text: `none of ${cells.length} current results loses ${suspectShare * 100} % or more`, runIds: [] };
      const named = suspects.map(({ cell, estimate }) => `${cellName(cell)}: ${formatShare(estimate)}`);
      return {
        text: `${suspects.length} of ${cells.length} current results: ${listed(named)}`,
        runIds: runsOf(suspects.map(({ cell }) => cell)),
      };
    },
  },
  {
    topic,
    question: 'How often does an answer at temperature 0 flip between right and wrong when it is asked again?',
    answer: ({ noise }) => {
      const known = noise.flatMap(({ engine, flips, runIds }) =>
        isEstimated(flips) ? [{ text: `${engine}: ${formatShare(flips)} of ${flips.n} samples`, runIds }] : [],
      );
      if (known.length === 0) return { open: 'a run at temperature 0 with --epochs 2 or more' };
      return { text: listed(known.map(({ text }) => text)), runIds: known.flatMap(({ runIds }) => runIds) };
    },
  },
  {
    topic,
    question: 'What keeps a broken scorer from reporting a score?',
    answer: (facts) => {
      const certified = facts.tested.flatMap((cell) => resultOf(cell, facts)?.certificate ?? []);
      if (facts.tested.length === 0) return { open: 'a complete run' };
      if (certified.length === 0) return { open: 'a run with certificates: the current results have none' };
      const [gold, wrong] = [
        certified.reduce((sum, { gold: rate }) => sum + rate.total, 0),
        certified.reduce((sum, { wrong: rate }) => sum + rate.total, 0),
      ];
      const passed = certified.filter((certificate) => certificate.passed).length;
      return {
        text: `certificates: ${passed} of the ${certified.length} scorers behind current results passed, on ${gold} right and ${wrong} wrong answers`,
        runIds: runsOf(facts.tested),
      };
    },
  },
];
