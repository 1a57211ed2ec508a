import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isEstimated } from '../../src/core/estimate.ts';
import type { Task, TaskSettings } from '../../src/core/ports/task.ts';
import type { SampleResponse } from '../../src/core/response.ts';
import type { ResultDocument } from '../../src/core/result-document.ts';
import { loadTask } from '../../src/runner/load-plugin.ts';
import { plan } from '../../src/runner/run.ts';
import { suites } from '../../src/runner/suites.ts';
import { readJournal } from '../../src/store/journal.ts';
import { findRunDirectory } from '../../src/store/run-directory.ts';
import { loadTaskSamples } from '../support/load-task-samples.ts';
import { startOpenAiServer, type Behaviour, type SeenRequest } from '../support/openai-server.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';

const folder = temporaryFolder('strong-model');
afterAll(() => rmSync(folder, { recursive: true }));

const limit = 24;
const families = (suites['agents'] ?? []).map(({ task }) => task);

/** What a model says to each sample, by the last words it is first asked. */
type Answers = ReadonlyMap<string, SampleResponse>;

const contentOf = (message: unknown): string => String((message as { readonly content?: unknown }).content ?? '');

async function answersOf(
  task: Task,
  settings: TaskSettings,
  choose: (task: Task, asked: { sample: Parameters<Task['render']>[0]; settings: TaskSettings }) => SampleResponse,
): Promise<Answers> {
  const samples = await loadTaskSamples(task, settings);
  return new Map(
    samples.map((sample) => {
      const { messages } = task.render(sample, settings) as { readonly messages: readonly unknown[] };
      return [messages.map(contentOf).join('\n'), choose(task, { sample, settings })] as const;
    }),
  );
}

/** Says the next turn of the answer that belongs to the conversation so far. */
function reply(answers: Answers, { body }: SeenRequest): Behaviour {
  const messages = body['messages'] as readonly { readonly role: string; readonly content?: string }[];
  const first = messages.findIndex(({ role }) => role === 'assistant');
  const opening = (first < 0 ? messages : messages.slice(0, first)).map(contentOf).join('\n');
  const said = messages.filter(({ role }) => role === 'assistant').length;
  const turns = answers.get(opening)?.turns;
  // A model that is asked further than it planned has nothing to say.
  const turn = turns && said >= turns.length ? { text: '', toolCalls: [] } : turns?.[said];
  if (turn === undefined) return { kind: 'status', status: 400, body: `nothing to say to: ${opening.slice(0, 200)}` };
  const toolCalls = turn.toolCalls.map((call, index) => ({ ...call, id: call.id ?? `call_${said}_${index}` }));
  return { kind: 'answer', text: turn.text, ...(toolCalls.length > 0 ? { toolCalls } : {}) };
}

/** Evaluates a model that answers by a rule, through the program and a server. */
async function evaluate(id: string, choose: Parameters<typeof answersOf>[2]): Promise<ResultDocument> {
  let answers: Answers = new Map();
  const server = await startOpenAiServer({ behave: (request) => reply(answers, request) });
  try {
    const task = await loadTask(id);
    const place = { out: join(folder, 'runs'), cacheDir: join(folder, 'cache'), offline: true, limit };
    const planned = await plan({ ...place, baseUrl: [server.url], tasks: [id], preflight: 'off' });
    const settings = planned.plan.tasks[0]?.settings;
    if (settings === undefined) throw new Error('nothing is planned');
    answers = await answersOf(task, settings, choose);
    const { code, stdout, stderr } = await runCli(
      `run --base-url ${server.url} --tasks ${id} --limit ${limit} --preflight off --offline --tracker none --json`.split(
        ' ',
      ),
      { cwd: folder },
    );
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    return JSON.parse(stdout) as ResultDocument;
  } finally {
    await server.close();
  }
}

describe.each(families)('%s', (id) => {
  it('gives a model that does everything right the full score', async () => {
    const { status, tasks } = await evaluate(id, (task, { sample, settings }) => {
      const [gold] = task.scorer.gold(sample, settings);
      if (gold === undefined) throw new Error('no gold');
      return gold.response;
    });
    const [task] = tasks;
    expect(status).toBe('complete');
    expect(task?.counts).toMatchObject({ scored: task?.counts.planned, unscored: 0, byCode: {} });
    expect(task?.metrics[task.headline]).toMatchObject({ value: 1, high: 1 });
  });

  it('gives a model that does everything wrong nothing, and says why', async () => {
    let next = 0;
    const { runId, tasks } = await evaluate(id, (task, { sample, settings }) => {
      const wrong = [...task.scorer.wrong(sample, settings)];
      const chosen = wrong[next++ % wrong.length];
      if (chosen === undefined) throw new Error('no wrong answer');
      return chosen.response;
    });
    const [task] = tasks;
    const records = [...readJournal(findRunDirectory(join(folder, 'runs'), runId).samplesFile)];
    expect(records).toHaveLength(task?.counts.planned ?? -1);
    // A conversation may be right in part; none is right as a whole, and each says what is wrong with it.
    for (const { score, code } of records) {
      expect(score).toBeLessThan(1);
      expect(code).not.toBeNull();
    }
    const headline = task?.metrics[task.headline];
    expect(headline && isEstimated(headline) && headline.value).toBeLessThan(0.1);
  });
});
