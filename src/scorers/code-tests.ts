import type { FailureCode } from '../core/failure-code.ts';
import type { SandboxVerdict, SandboxVerdictKind } from '../core/ports/sandbox.ts';
import { defineScorer } from '../core/ports/scorer.ts';
import type { Extraction, ScoreOutcome } from '../core/score.ts';
import { readCode } from '../text/code-answer.ts';
import { answerBody } from './support/answer-body.ts';
import type { CodeInput, CodeTarget } from './support/code/code-sample.ts';
import { judgeCode, testProgram } from './support/code/judge-code.ts';
import { rightCodeResponses } from './support/code/right-code-responses.ts';
import { wrongCodeResponses } from './support/code/wrong-code-responses.ts';
import { extractionFault, responseFaults, saysNothing, type Fault } from './support/response-faults.ts';
import { missed, right } from './support/scored.ts';

const codes: Readonly<Record<Exclude<SandboxVerdictKind, 'passed' | 'fault'>, FailureCode>> = {
  failed: 'code.assertion',
  syntax: 'code.syntax',
  runtime: 'code.runtime',
  wrong_entry_point: 'code.wrong_entry_point',
  timeout: 'code.timeout',
  memory: 'code.oom',
  denied: 'code.sandbox_denied',
};

const stories: Readonly<Record<keyof typeof codes, string>> = {
  failed: 'A test does not hold',
  syntax: 'The code is no Python',
  runtime: 'The code raises an exception',
  wrong_entry_point: 'The function asked for is not defined',
  timeout: 'The code takes longer than its time limit',
  memory: 'The code needs more memory than it may use',
  denied: 'The code tries something that the sandbox forbids',
};

/** Faults of the sandbox that another attempt may not meet. */
const passing = new Set(['SandboxProcess', 'ForkServer', 'Preparation']);

function outcomeOf(verdict: SandboxVerdict, extraction: Extraction, faults: readonly Fault[]): ScoreOutcome {
  const { kind, error, detail } = verdict;
  if (kind === 'passed') return right(extraction);
  const evidence = [error, detail?.replaceAll('\n', '; ')].filter((part) => part).join(': ');
  if (kind === 'fault') {
    const reason = `the sandbox failed: ${evidence}`;
    return { kind: 'unscored', code: 'scorer.fault', reason, repeatable: passing.has(error ?? ''), extraction };
  }
  const explanation = evidence === '' ? `${stories[kind]}.` : `${stories[kind]} (${evidence}).`;
  return missed(extraction, [...faults, { code: codes[kind], explanation }]);
}

/**
 * Runs the code of an answer against the benchmark's tests in the sandbox: right when every test passes. The code is found by a cascade
 * (src/text/code-answer.ts) and runs behind the imports and helpers that the question shows.
 */
export default defineScorer<CodeInput, CodeTarget>({
  id: 'code-tests',
  version: 2,
  async score({ sample, response }, { sandbox }) {
    if (sandbox === null) throw new Error('code needs a sandbox');
    const answer = answerBody(response.answer);
    const reading = readCode(answer, sample.input);
    const faults = responseFaults(response);
    if (reading.extraction.value === null) {
      const missing = extractionFault(response, false, 'code');
      const code = missing.code === 'extract.no_answer' ? 'extract.no_code_block' : missing.code;
      const told = saysNothing({ ...response, answer }) ? faults : [...faults, { ...missing, code }];
      return missed(reading.extraction, told);
    }
    const { verdict, isCore } = await judgeCode(sample, reading, sandbox);
    const { extraction } = reading;
    const taken = isCore ? { ...extraction, value: reading.core, method: `${extraction.method}-core` } : extraction;
    return outcomeOf(verdict, taken, faults);
  },
  solution: ({ sample, sandbox }) => testProgram(sample, sample.target.solution, sandbox),
  gold: (sample) => rightCodeResponses(sample),
  wrong: (sample) => wrongCodeResponses(sample),
});
