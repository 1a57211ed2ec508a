import { defineTask } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { codeMetrics } from '../metrics/support/code-metrics.ts';
import codeTests from '../scorers/code-tests.ts';
import type { CodeCases, CodeInput, CodeTarget } from '../scorers/support/code/code-sample.ts';
import { differentialSetup, differentialTests } from './support/code/differential-tests.ts';
import {
  askToComplete,
  readHumanEvalProblems,
  renderCodeQuestion,
  type HumanEvalProblem,
} from './support/code/human-eval-form.ts';
import { refuseShots } from './support/refuse-shots.ts';

/** Samples that no right answer passes, with the evidence. */
const faults: Readonly<Record<string, string>> = {
  'HumanEval/32':
    'its test calls _poly(*candidate(*inp), inp) and so unpacks the number that find_zero returns: the canonical solution fails too',
};

/** Problems whose solution itself works for seconds, many of them with numbers of thousands of digits. */
const slow = new Set(['15', '36', '59', '83', '94', '100', '130', '139'].map((number) => `HumanEval/${number}`));
const timeLimitMs = 15_000;
const slowTimeLimitMs = 60_000;

interface PlusTests {
  readonly cases: CodeCases;
  readonly tolerance: number;
  /** Source of the function that computes the results, where the data does not hold them. */
  readonly reference: string | null;
}

const inputsLine = /^ {4}inputs = (.*)$/m;
const resultsLine = /^ {4}results = (.*)$/m;
const toleranceCall = /assertion\(candidate\(\*inp\), (?:exp|ref_func\(\*inp\)), ([\d.e-]+)\)/;

/** Takes inputs, results and tolerance out of the release's test source, so that they need not be compiled for each answer; null where it has another form. */
function readTests(test: string): PlusTests | null {
  const inputs = inputsLine.exec(test)?.[1];
  const tolerance = Number(toleranceCall.exec(test)?.[1] ?? Number.NaN);
  if (inputs === undefined || Number.isNaN(tolerance)) return null;
  const expected = resultsLine.exec(test)?.[1] ?? null;
  if (expected !== null) return { cases: { kind: 'literal', inputs, expected }, tolerance, reference: null };
  const from = test.search(/^(?:from [^\n]*\n)?def ref_func\(/m);
  const to = test.indexOf('\ndef check(');
  if (from < 0 || to < from) return null;
  return { cases: { kind: 'literal', inputs, expected: null }, tolerance, reference: test.slice(from, to) };
}

function targetOf({ id, entryPoint, solution, test }: HumanEvalProblem): CodeTarget {
  const limit = slow.has(id) ? slowTimeLimitMs : timeLimitMs;
  const read = readTests(test);
  if (read === null) {
    return { solution, setup: '', tests: `${test}\ncheck(${entryPoint})\n`, cases: null, timeLimitMs: limit };
  }
  const { cases, tolerance, reference } = read;
  const setup = differentialSetup({ kind: 'value' }, tolerance);
  return {
    solution,
    setup: reference === null ? setup : `${reference}\nreference = ref_func\n${setup}`,
    tests: differentialTests(entryPoint, reference === null ? 'expected' : 'reference'),
    cases,
    timeLimitMs: limit,
  };
}

export default defineTask<CodeInput, CodeTarget>({
  id: 'humaneval_plus',
  title: 'HumanEval+ v0.1.10: HumanEval with eighty times the tests',
  version: 1,
  kind: 'code',
  category: 'code',
  licence: 'Apache-2.0',
  artefacts: [
    {
      name: 'test',
      fileName: 'HumanEvalPlus-OriginFmt.jsonl.gz',
      sha256: ['daa7661c8189924068069b0872a440b491edb60f8bdf431d5957adc88d18bae5'],
      licence: 'Apache-2.0',
      hub: null,
    },
  ],
  needs: ['sandbox'],
  sampleCount: 164,
  chanceLevel: null,
  sorted: false,
  choiceModes: [],
  defaults: { fewShot: 0, maxTokens: 1024, extra: { release: 'v0.1.10' } },
  dialogueBudget: null,
  references: [
    {
      source: 'Qwen2.5-Coder technical report, instruct models',
      fewShot: 0,
      note: 'greedy, EvalPlus prompt and rules',
    },
  ],
  scorer: codeTests,
  metrics: codeMetrics,
  async loadSamples({ data, settings }) {
    refuseShots('humaneval_plus', settings);
    const problems = await readHumanEvalProblems(data, 'test');
    return problems.map((problem): Sample<CodeInput, CodeTarget> => {
      const { id, prompt, entryPoint } = problem;
      const fault = faults[id];
      return {
        id,
        category: null,
        cluster: null,
        input: { entryPoint, stub: prompt, ask: askToComplete(prompt) },
        target: targetOf(problem),
        ...(fault === undefined ? {} : { fault }),
        ...(slow.has(id) ? { isSlow: true } : {}),
      };
    });
  },
  render: ({ input }) => renderCodeQuestion(input.ask),
});
