import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Sandbox } from '../../src/core/ports/sandbox.ts';
import type { RuleSet } from '../../src/core/ports/rule-set.ts';
import type { Sample } from '../../src/core/sample.ts';
import evalplus from '../../src/scorers/rules/evalplus.ts';
import humanEval from '../../src/scorers/rules/human-eval.ts';
import inspect from '../../src/scorers/rules/inspect.ts';
import createTest from '../../src/scorers/rules/lm-eval-create-test.ts';
import type { CodeInput, CodeTarget } from '../../src/scorers/support/code/code-sample.ts';
import { withChangedResult } from '../../src/scorers/support/code/python-sources.ts';
import humaneval from '../../src/tasks/humaneval.ts';
import { textResponse } from '../../src/text/assistant-turn.ts';
import { loadTaskSamples, settingsOf } from '../support/load-task-samples.ts';
import { quickestSandbox } from '../support/open-sandboxes.ts';
import { describeWithData } from '../support/shared-data.ts';

type CodeSample = Sample<CodeInput, CodeTarget>;

const fenced = (code: string, tag = 'python'): string => `\`\`\`${tag}\n${code}\n\`\`\`\n`;
const bodyOf = ({ input, target }: CodeSample): string => target.solution.slice(input.stub?.length);
const halved = (code: string): string => code.replaceAll(/^ +/gm, (spaces) => ' '.repeat(spaces.length / 2));

/** Right answers, and at the end wrong ones, as a model may write them. */
const answers: Readonly<Record<string, (sample: CodeSample) => string>> = {
  'body alone': bodyOf,
  'body, fenced': (sample) => fenced(bodyOf(sample)),
  'function, fenced': ({ target }) => fenced(target.solution),
  'function, fenced in prose': ({ target }) => `Here it is:\n\n${fenced(target.solution)}\nIt works.`,
  'function, fenced as py': ({ target }) => fenced(target.solution, 'py'),
  'function, two spaces': ({ target }) => fenced(halved(target.solution)),
  'thinking closed only': ({ target }) => `Perhaps:\n${fenced('x = 1')}</think>\n\n${fenced(target.solution)}`,
  'WRONG: exit in a function': ({ input }) => fenced(`${input.stub}    import sys\n    sys.exit(0)\n`),
  'WRONG: os._exit as body': () => '    import os\n    os._exit(0)\n',
  'WRONG: changed result': ({ input, target }) => fenced(withChangedResult(target.solution, input.entryPoint)),
};

describeWithData('the rules of other tools on all of HumanEval', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await quickestSandbox.open('compat');
  }, 300_000);
  afterAll(() => sandbox.close());

  async function accepted(rules: RuleSet, kinds: readonly string[], most: number): Promise<readonly string[]> {
    const settings = settingsOf(humaneval);
    const samples = (await loadTaskSamples(humaneval, settings)).slice(0, most);
    const lines: string[] = [];
    for (const kind of kinds) {
      const verdicts = await Promise.all(
        samples.map(async (sample) => {
          const response = textResponse(answers[kind]?.(sample) ?? null);
          return rules.tasks['humaneval']?.apply({ sample, response, settings }, { sandbox, judge: null });
        }),
      );
      lines.push(`${kind}: ${verdicts.filter((verdict) => verdict?.correct).length}`);
    }
    return lines;
  }

  // The same numbers were measured with the tools themselves, of which all but the changed result are known.
  it.each<[RuleSet, readonly number[]]>([
    [createTest, [164, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    [humanEval, [164, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    [inspect, [164, 1, 164, 164, 0, 44, 0, 164, 164, 0]],
  ])(
    '$id',
    async (rules, counts) => {
      const kinds = Object.keys(answers);
      const expected = kinds.map((kind, index) => `${kind}: ${counts[index]}`);
      expect(await accepted(rules, kinds, 164)).toEqual(expected);
    },
    1_200_000,
  );

  it('evalplus', async () => {
    const kinds = ['function, fenced in prose', 'function, two spaces', 'body alone', 'WRONG: exit in a function'];
    expect(await accepted(evalplus, kinds, 12)).toEqual([
      'function, fenced in prose: 12',
      'function, two spaces: 12',
      'body alone: 0',
      'WRONG: exit in a function: 0',
    ]);
  }, 1_200_000);
});
