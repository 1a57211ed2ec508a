import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/run-event.ts';
import { rescore } from '../../src/runner/rescore.ts';
import { run, type RunOptions } from '../../src/runner/run.ts';
import { readJournal } from '../../src/store/journal.ts';
import { runDirectoryAt, loadRunDocument } from '../../src/store/run-directory.ts';
import { startOpenAiServer, type OpenAiServer } from '../support/openai-server.ts';
import { temporaryFolder } from '../support/run-cli.ts';

const folder = temporaryFolder('workflow');
afterAll(() => rmSync(folder, { recursive: true }));

let server: OpenAiServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const evaluate = async (url: string, options: RunOptions) => {
  let ended: (RunEvent & { kind: 'runEnded' }) | null = null;
  const place = { baseUrl: [url], out: join(folder, 'runs'), cacheDir: join(folder, 'cache'), offline: true };
  for await (const event of run({ tasks: ['synthetic_arithmetic'], ...place, ...options }, { isPart: true }))
    if (event.kind === 'runEnded') ended = event;
  if (!ended) throw new Error('the run did not end');
  const directory = runDirectoryAt(ended.directory);
  const [task] = ended.result.tasks;
  return { task, directory, records: [...readJournal(directory.samplesFile)], place };
};

it(
  'asks again for an unreadable answer, then for a check, and scores what came last',
  { timeout: 120_000 },
  async () => {
    server = await startOpenAiServer({
      behave: ({ body }) => {
        const messages = body['messages'] as readonly { readonly role: string; readonly content: string }[];
        const answers = ['I am not sure.', 'The answer is \\boxed{5}.', 'The answer is \\boxed{7}.'];
        const turn = messages.filter(({ role }) => role === 'assistant').length;
        return { kind: 'answer', text: answers[turn] ?? 'too many turns' } as const;
      },
    });
    const options = { limit: 3, promptVariant: 'careful', selfCheck: true, answerRetries: 1 } as const;
    const { task, directory, records, place } = await evaluate(server.url, options);
    expect(records).toHaveLength(3);
    for (const record of records) {
      expect(record.turns?.map(({ text }) => text)).toEqual([
        'I am not sure.',
        'The answer is \\boxed{5}.',
        'The answer is \\boxed{7}.',
      ]);
      expect(record.extraction).toMatchObject({ value: '7' });
      expect(record.usage.completionTokens).toBe(
        record.turns?.reduce((sum, { usage }) => sum + (usage.completionTokens ?? 0), 0),
      );
      expect(record.request).toMatchObject({ messages: [{ content: expect.stringContaining('Take care') }] });
    }
    const { plan } = loadRunDocument(directory);
    expect(plan.tasks[0]?.workflow).toEqual({ promptVariant: 'careful', selfCheck: true, answerRetries: 1 });
    const again = await rescore(directory.path, { out: place.out, cacheDir: place.cacheDir });
    expect(again.changed).toEqual([]);
    expect(again.result.tasks[0]?.metrics).toEqual(task?.metrics);
  },
);

it('runs only the samples that are named', { timeout: 120_000 }, async () => {
  server = await startOpenAiServer({ behave: () => ({ kind: 'answer', text: '\\boxed{5}' }) });
  const all = await evaluate(server.url, { limit: 5 });
  const ids = all.records.map(({ sampleId }) => sampleId).toSorted();
  const wanted = ids.filter((_, index) => index % 2 === 0);
  const some = await evaluate(server.url, { samples: wanted });
  expect(some.records.map(({ sampleId }) => sampleId).toSorted()).toEqual(wanted);
  expect((await rescore(some.directory.path, some.place)).result.tasks[0]?.counts.planned).toBe(3);
  await expect(evaluate(server.url, { samples: ['pinned/0/nowhere'] })).rejects.toThrow('no sample pinned/0/nowhere');
});
