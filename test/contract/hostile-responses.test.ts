import { describe, expect, it } from 'vitest';
import { groupBy } from '../../src/core/group-by.ts';
import type { Judge } from '../../src/core/ports/judge.ts';
import type { Task, TaskSettings } from '../../src/core/ports/task.ts';
import type { Sample } from '../../src/core/sample.ts';
import type { ScoreOutcome } from '../../src/core/score.ts';
import { loadAllTasks } from '../../src/runner/load-plugin.ts';
import { textResponse } from '../../src/text/assistant-turn.ts';
import { syntheticSamples, syntheticSettings } from '../support/dialogue-oracles.ts';
import { loadTaskSamples } from '../support/load-task-samples.ts';
import { sandboxVerdict, scriptedSandbox } from '../support/scripted-sandbox.ts';
import { describeWithData, sharedData } from '../support/shared-data.ts';

const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');

/** Responses that bring careless readers down: each text grows with its scale, and 4 is as large as a response gets. */
const hostile: Readonly<Record<string, (scale: number) => string>> = {
  '10 MB of prose': (scale) => 'The answer may be so. '.repeat(scale * 110_000),
  '10 MB of one line of digits': (scale) => '7,'.repeat(scale * 1_250_000),
  '10 MB of binary bytes': (scale) => bytes.repeat(scale * 10_000),
  '10 MB of lone surrogates': (scale) => '\udc00\ud800'.repeat(scale * 1_250_000),
  '200,000 open brackets': (scale) => '['.repeat(scale * 50_000),
  '200,000 nested brackets': (scale) => '['.repeat(scale * 50_000) + ']'.repeat(scale * 50_000),
  '200,000 nested objects': (scale) => '{"a":'.repeat(scale * 50_000),
  '5,000 fences': (scale) => '```python\ndef f(x):\n    return x\n```\n'.repeat(scale * 1_250),
  '5,000 open fences': (scale) => '```json\n{"name": '.repeat(scale * 1_250),
  '20,000 calls cut off': (scale) => '<tool_call>\n{"name": "a", "arguments": {"a": "'.repeat(scale * 5_000),
  '20,000 open functions': (scale) => '<function=a>\n<parameter=b>\n'.repeat(scale * 5_000),
  '20,000 thoughts': (scale) => '<think>so</think>\n'.repeat(scale * 5_000),
};

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

/** Milliseconds of this process's own work, so that a machine busy with other things does not count. */
async function cpuMsOf(
  work: () => Promise<ScoreOutcome>,
): Promise<{ readonly ms: number; readonly outcome: ScoreOutcome }> {
  const start = process.cpuUsage();
  const outcome = await work();
  const { user, system } = process.cpuUsage(start);
  return { ms: (user + system) / 1000, outcome };
}

function expectSound(outcome: ScoreOutcome): void {
  if (outcome.kind !== 'scored') return;
  expect(outcome.score).toBeGreaterThanOrEqual(0);
  expect(outcome.score).toBeLessThanOrEqual(1);
  // What is written to the journal of a run stays small, however long the response.
  expect(outcome.explanation?.length ?? 0).toBeLessThan(20_000);
}

async function expectLinear(one: Case, kind: string): Promise<void> {
  const text = hostile[kind] as (scale: number) => string;
  await score(one, text(0.01));
  const small = await cpuMsOf(() => score(one, text(1)));
  const large = await cpuMsOf(() => score(one, text(4)));
  expectSound(small.outcome);
  expectSound(large.outcome);
  // Linear is 4 times; below a tenth of a second the garbage collector decides.
  expect(large.ms).toBeLessThan(Math.max(12 * small.ms, 1200));
  expect(large.ms).toBeLessThan(10_000);
}

const all = await loadAllTasks();
const byScorer = groupBy(all, ({ scorer }) => scorer.id);
const isSynthetic = ({ artefacts }: Task): boolean => artefacts.length === 0;

const formatsOf = (task: Task): readonly TaskSettings['toolFormat'][] =>
  task.needs.includes('tools') ? ['native', 'hermes', 'xml'] : [null];

const suite = (task: Task, load: (settings: TaskSettings) => Promise<readonly Sample[]>): void => {
  describe.each(formatsOf(task))(`${task.scorer.id} on ${task.id}, tool format %s`, (toolFormat) => {
    it.each(Object.keys(hostile))('%s', async (kind) => {
      const choiceMode = task.choiceModes.includes('generative') ? 'generative' : null;
      const extra = task.kind === 'long_context' ? { lengths: [512] } : (task.defaults.extra ?? {});
      const settings = syntheticSettings(task, { toolFormat, choiceMode, extra, size: 20 });
      const [sample] = await load(settings);
      if (sample === undefined) throw new Error(`no sample of ${task.id}`);
      await expectLinear({ task, sample, settings }, kind);
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
    if (task !== undefined && sharedData !== null && !tasks.some(isSynthetic))
      suite(task, (settings) => loadTaskSamples(task, settings));
  }
});
