import arithmetic from '../../src/tasks/synthetic-arithmetic.ts';
import { loadTaskSamples, settingsOf } from './load-task-samples.ts';
import { startOpenAiServer, type OpenAiServer } from './openai-server.ts';

/** Problems that the server has answers to: `--limit` up to this many asks for the first of them. */
export const arithmeticSize = 400;

const samples = await loadTaskSamples(arithmetic, settingsOf(arithmetic, { size: arithmeticSize }));

/** A server that answers the n-th problem of synthetic_arithmetic right where `knows` says so, and wrong elsewhere. */
export const serveArithmetic = (knows: (index: number) => boolean): Promise<OpenAiServer> =>
  startOpenAiServer({
    behave: ({ prompt }) => {
      const index = samples.findIndex(({ input }) => prompt.includes(input.question));
      const answer = index >= 0 && knows(index) ? samples[index]?.target.value : '-7';
      return { kind: 'answer', text: `The answer is \\boxed{${answer}}.`, latencyMs: 5 };
    },
  });

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** Rules of a scripted engine that answers as `serveArithmetic` does. */
export const arithmeticScript = (knows: (index: number) => boolean): string =>
  JSON.stringify({
    rules: [
      ...samples.flatMap(({ input, target }, index) =>
        knows(index) ? [{ when: escaped(input.question), text: `\\boxed{${target.value}}` }] : [],
      ),
      { text: '\\boxed{-7}' },
    ],
  });
