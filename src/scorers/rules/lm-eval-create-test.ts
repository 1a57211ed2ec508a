import { defineRuleSet, type TaskRule } from '../../core/ports/rule-set.ts';
import type { CodeInput, CodeTarget } from '../support/code/code-sample.ts';
import { testProgram } from '../support/code/judge-code.ts';
import { judgePeerProgram } from '../support/code/peer-program.ts';

const timeLimitMs = 3000;
const stops = ['\nclass', '\ndef', '\n#', '\nif', '\nprint'];

/** The response up to the first stop, behind the prompt. */
const continuation: TaskRule<CodeInput, CodeTarget> = {
  wantsContinuation: true,
  async apply({ sample, response }, services) {
    if (services.sandbox === null) throw new Error('code needs a sandbox');
    const text = response.text ?? '';
    const cut = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
    const kept = text.slice(0, Math.min(text.length, ...cut));
    const program = await testProgram(sample, `${sample.input.stub ?? ''}${kept}\n`, services.sandbox);
    const how = `It runs the response${kept === text ? '' : ', cut at the first line that begins with class, def, #, if or print,'} behind the prompt.`;
    return judgePeerProgram(services, { ...program, timeLimitMs, how });
  },
};

/** HumanEval as a continuation of the prompt. */
export default defineRuleSet({
  id: 'lm-eval:create-test',
  title: 'lm-evaluation-harness, create_test',
  source: 'lm-evaluation-harness 0.4.13, humaneval v1',
  sandboxMode: 'compat',
  tasks: { humaneval: continuation, humaneval_plus: continuation },
});
