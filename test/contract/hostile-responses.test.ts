import { describe, expect, it } from 'vitest';
import { groupBy } from '../../src/core/group-by.ts';
import type { Judge } from '../../src/core/ports/judge.ts';
import type { Task, TaskSettings } from '../../src/core/ports/task.ts';
import type { Sample } from '../../src/core/sample.ts';
import type { ScoreOutcome } from '../../src/core/score.ts';
import { sampleFacts } from '../../src/diagnosis/sample-facts.ts';
import { loadAllTasks, loadRuleSet, loadTask, ruleSetIds } from '../../src/runner/load-plugin.ts';
import { textResponse } from '../../src/text/assistant-turn.ts';
import { companyVerdict } from '../../src/text/company-test.ts';
import { excerpt } from '../../src/text/excerpt.ts';
import { cleanHellaswag } from '../../src/text/hellaswag-text.ts';
import { mendMacRoman } from '../../src/text/mend-mac-roman.ts';
import { readPythonLiteral } from '../../src/text/python-literal.ts';
import { readRating } from '../../src/text/rating.ts';
import { reindentPython } from '../../src/text/reindent-python.ts';
import { endsInRepetition } from '../../src/text/repetition.ts';
import { checkStatedSteps } from '../../src/text/stated-steps.ts';
import { syntheticSamples, syntheticSettings } from '../support/dialogue-oracles.ts';
import { expectLinear, hostileResponses } from '../support/hostile-responses.ts';
import { loadTaskSamples, settingsOf } from '../support/load-task-samples.ts';
import { sampleRecord } from '../support/recorded-run.ts';
import { sandboxVerdict, scriptedSandbox } from '../support/scripted-sandbox.ts';
import { describeWithData } from '../support/shared-data.ts';

/** The rating that a judge gives of a hostile answer is as hostile. */
const echoingJudge = (reply: string): Judge => ({
  identity: 'echo',
  isSameFamily: false,
  ask: () => Promise.resolve(reply),
});

interface Case {
  readonly task: Task;
  readonly sample: Sample;
  readonly settings: TaskSettings;
}

async function score({ task, sample, settings }: Case, text: string): Promise<ScoreOutcome> {
  // In the native format a response tries its tricks in the arguments of a call too.
  const toolCalls = settings.toolFormat === 'native' ? [{ id: 'a', name: 'a', arguments: text }] : [];
  const { sandbox } = scriptedSandbox([sandboxVerdict('failed'), sandboxVerdict('failed')]);
  return task.scorer.score(
    { sample, response: textResponse(text, { toolCalls }), settings },
    { sandbox, judge: echoingJudge(text) },
  );
}

function expectSound(outcome: ScoreOutcome): void {
  if (outcome.kind !== 'scored') return;
  expect(outcome.score).toBeGreaterThanOrEqual(0);
  expect(outcome.score).toBeLessThanOrEqual(1);
  // What is written to the journal of a run stays small, however long the response.
  expect(outcome.explanation?.length ?? 0).toBeLessThan(20_000);
}

const kinds = Object.keys(hostileResponses);

const all = await loadAllTasks();
const byScorer = groupBy(all, ({ scorer }) => scorer.id);
const isSynthetic = ({ artefacts }: Task): boolean => artefacts.length === 0;

const formatsOf = (task: Task): readonly TaskSettings['toolFormat'][] =>
  task.needs.includes('tools') ? ['native', 'hermes', 'xml'] : [null];

const suite = (task: Task, load: (settings: TaskSettings) => Promise<readonly Sample[]>): void => {
  describe.each(formatsOf(task))(`${task.scorer.id} on ${task.id}, tool format %s`, (toolFormat) => {
    it.each(kinds)('%s', async (kind) => {
      const choiceMode = task.choiceModes.includes('generative') ? 'generative' : null;
      const extra = task.kind === 'long_context' ? { lengths: [512] } : (task.defaults.extra ?? {});
      const settings = syntheticSettings(task, { toolFormat, choiceMode, extra, size: 20 });
      const [sample] = await load(settings);
      if (sample === undefined) throw new Error(`no sample of ${task.id}`);
      await expectLinear(kind, async (text) => expectSound(await score({ task, sample, settings }, text)));
    });
  });
};

describe('no scorer is brought down by a response', () => {
  for (const [, tasks] of byScorer) {
    const task = tasks.find(isSynthetic);
    if (task !== undefined) suite(task, (settings) => syntheticSamples(task, settings));
  }
});

describeWithData('no scorer of benchmark files is brought down by a response', () => {
  for (const [, tasks] of byScorer) {
    const [task] = tasks;
    if (task !== undefined && !tasks.some(isSynthetic)) suite(task, (settings) => loadTaskSamples(task, settings));
  }
});

const rules = (await Promise.all((await ruleSetIds()).map(loadRuleSet))).flatMap(({ id, tasks }) => {
  const [first] = Object.entries(tasks);
  return first === undefined ? [] : [{ id, taskId: first[0], rule: first[1] }];
});

describeWithData('no rule of another tool is brought down by a response', () => {
  describe.each(rules)('$id on $taskId', ({ taskId, rule }) => {
    it.each(kinds)('%s', async (kind) => {
      const task = await loadTask(taskId);
      const choiceMode = task.choiceModes.includes('generative') ? 'generative' : null;
      const settings = settingsOf(task, { choiceMode });
      const [sample] = await loadTaskSamples(task, settings);
      if (sample === undefined) throw new Error(`no sample of ${taskId}`);
      await expectLinear(kind, async (text) => {
        // One of the tools takes code out of a response with Python: it may take all of it.
        const taken = { kind: 'returned', value: text, wallMs: 1 } as const;
        const { sandbox } = scriptedSandbox([sandboxVerdict('failed')], [taken]);
        const verdict = await rule.apply({ sample, response: textResponse(text), settings }, { sandbox, judge: null });
        expect(verdict.correct).toBe(false);
      });
    });
  });
});

/** What else reads responses: verdicts of a diagnosis, checks of a conversation and of a server, and what shows a response. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  sampleFacts: (text) => sampleFacts(sampleRecord('gsm8k', 'a', { response: text })),
  readRating,
  checkStatedSteps,
  endsInRepetition,
  reindentPython: (text) => reindentPython(text, '\t'),
  mendMacRoman,
  cleanHellaswag,
  excerpt: (text) => excerpt(text, 240),
  companyVerdict: (text) =>
    companyVerdict([{ alone: { text, tokens: null }, together: { text: `${text}!`, tokens: null } }]),
  readPythonLiteral: (text) => expect(() => readPythonLiteral(text)).toThrow(SyntaxError),
};

describe.each(Object.keys(readers))('%s is not brought down by a response', (name) => {
  it.each(kinds)('%s', async (kind) => {
    await expectLinear(kind, readers[name] ?? (() => undefined));
  });
});
