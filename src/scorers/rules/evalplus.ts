import { defineRuleSet, type TaskRule } from '../../core/ports/rule-set.ts';
import type { Sandbox } from '../../core/ports/sandbox.ts';
import type { Sample } from '../../core/sample.ts';
import type { CodeInput, CodeTarget } from '../support/code/code-sample.ts';
import { evalplusSource } from '../support/code/evalplus-source.ts';
import { testProgram } from '../support/code/judge-code.ts';
import { judgePeerProgram } from '../support/code/peer-program.ts';

/** EvalPlus ends a program after a minute of all its inputs. */
const timeLimitMs = 60_000;
const searchLimitMs = 60_000;

/** Special verdicts of EvalPlus that no certified score may share: any result, or zero, is right. */
const lenient: Readonly<Record<string, string>> = {
  are_equivalent: 'for arguments in inputs:\n    are_equivalent(*arguments)\n',
  sum_div:
    'for arguments, wanted in zip(inputs, expected):\n    got = sum_div(*arguments)\n    if got != 0:\n        _check(got, wanted, arguments)\n',
};

async function taken(sample: Sample<CodeInput, CodeTarget>, text: string, sandbox: Sandbox): Promise<string | null> {
  const { verdict, calls } = await sandbox.evaluate({
    id: `${sample.id} sanitize`,
    candidate: evalplusSource,
    entryPoint: 'take',
    inputs: [[text, sample.input.entryPoint]],
    timeLimitMs: searchLimitMs,
  });
  const [call] = calls;
  if (verdict.kind === 'timeout') return null;
  if (call?.kind !== 'returned' || typeof call.value !== 'string') {
    throw new Error(`the sandbox failed to take code out of the response: ${verdict.kind}`);
  }
  return call.value;
}

const sanitized: TaskRule<CodeInput, CodeTarget> = {
  async apply({ sample, response }, services) {
    const { sandbox } = services;
    if (sandbox === null) throw new Error('code needs a sandbox');
    const code = await taken(sample, response.text ?? '', sandbox);
    if (code === null) {
      const why = `Its search over all stretches of lines takes more than ${searchLimitMs / 1000} s on this response.`;
      return { correct: false, extracted: null, why };
    }
    const program = await testProgram(sample, `${code}\n`, sandbox);
    const tests = lenient[sample.input.entryPoint] ?? program.tests;
    const how =
      'It keeps the longest stretch of lines that parses, and of that the imports and what the function reaches.';
    return judgePeerProgram(services, { ...program, tests, timeLimitMs, how });
  },
};

/** EvalPlus's sanitizer, then the tests in one interpreter. */
export default defineRuleSet({
  id: 'evalplus',
  title: 'EvalPlus',
  source: 'evalplus 0.3.1',
  sandboxMode: 'compat',
  tasks: { humaneval: sanitized, humaneval_plus: sanitized, mbpp: sanitized, mbpp_plus: sanitized },
});
