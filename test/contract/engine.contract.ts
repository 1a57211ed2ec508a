import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { isQwenEvalError, type ErrorCode } from '../../src/core/errors.ts';
import type { GenerationRequest, Prompt } from '../../src/core/generation.ts';
import type { ToolCall, ToolDefinition } from '../../src/core/message.ts';
import type { Capabilities, Engine, EngineDescription } from '../../src/core/ports/engine.ts';
import { greedySampling } from '../../src/core/sampling.ts';
import { companyVerdict, type CompanyAnswer, type CompanyPair } from '../../src/text/company-test.ts';
import { collectGeneration, type Collected } from '../support/collect-generation.ts';

/** Things that only the outside can bring about. */
export type Situation =
  | 'rateLimit'
  | 'drop'
  | 'endEarly'
  | 'garbage'
  | 'errorChunk'
  | 'serverError'
  | 'neverAnswers'
  | 'contextExceeded'
  | 'missingUsage'
  | 'nullContent'
  | 'reasoning'
  | 'reasoningContent'
  | 'toolCalls';

/** An engine and the request that meets the situation; `expected` holds what the test compares. */
export interface Provoked {
  readonly engine: Engine;
  readonly request: GenerationRequest;
  readonly expected?: {
    readonly retryAfterMs?: number;
    readonly text?: string | null;
    readonly reasoning?: string;
    readonly toolCalls?: readonly ToolCall[];
  };
}

export interface EngineContract {
  readonly name: string;
  /** Set when the engine cannot be tested here: every test is skipped with this reason. */
  readonly unavailable?: string | null;
  /** A fresh engine with its usual settings; `sequences` when given. */
  readonly open: (options?: { readonly sequences?: number }) => Promise<Engine>;
  readonly model: string;
  /** How each situation is provoked, or why it cannot occur or be provoked. */
  readonly situations: Readonly<Record<Situation, (() => Promise<Provoked>) | string>>;
  /** Requests the engine's other end is answering now, where that can be seen. */
  readonly inFlight?: () => number;
  /** Reason why answers do not come in several pieces. */
  readonly notStreaming?: string;
  /** Reason why answers heed neither token limit nor sampling. */
  readonly fixedAnswers?: string;
  /** Reason why a call cannot be demanded, e.g. that the model decides alone whether it calls. */
  readonly noForcedTools?: string;
  /** Alternatives a token that the company test asks for. */
  readonly topLogProbabilities?: number;
  /** Greedy prompts for the company test; at least eight of different lengths. */
  readonly companyPrompts?: readonly string[];
  readonly timeoutMs?: number;
}

const companyTokens = 96;

const defaultCompanyPrompts = [
  'Write a Python function that adds two numbers.',
  'The capital of France is',
  'List the planets of the solar system in order and say one thing about each of them.',
  'Explain in three sentences why the sky is blue.',
  'def fibonacci(n):\n    """Return the n-th Fibonacci number."""\n',
  'Question: A farmer has 17 sheep, buys 25 more and sells 9. How many sheep are left? Answer step by step:',
  'Once upon a time',
  'Translate into German, then into French, then into Spanish: The weather is nice today and we are going for a walk in the park with our dog.',
];

const tool: ToolDefinition = {
  name: 'get_weather',
  description: 'Current weather of a city',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' }, days: { type: 'integer' } },
    required: ['city', 'days'],
  },
};

/** Text that most tests of the suite continue. */
const words = 'The river runs past the old mill and';

/** Every prompt of the suite, for engines that only know recorded answers. */
export const contractPrompts: readonly Prompt[] = [
  ...[words, ...defaultCompanyPrompts].map((text): Prompt => ({ kind: 'text', text })),
  { kind: 'messages', messages: [{ role: 'user', content: 'Say something.' }] },
];

/** Waits until a condition holds; fails after five seconds. */
async function eventually(holds: () => boolean): Promise<void> {
  for (let round = 0; round < 500 && !holds(); round++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
}

async function failureOf(work: Promise<unknown>): Promise<{ code: ErrorCode; retryable: boolean; details: object }> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(isQwenEvalError(error), `expected a coded error, got ${String(error)}`).toBe(true);
  if (!isQwenEvalError(error)) throw error;
  expect(error.message.length).toBeGreaterThan(10);
  expect(error.hint, `${error.code} needs a hint`).not.toBeNull();
  return error;
}

/**
 * The contract of every engine. Runs what the engine declares and what can be provoked on it; each skip is listed with its reason.
 * `unavailable` skips the suite where the engine needs something that is not here.
 */
export function runEngineContract(contract: EngineContract): void {
  const skips: string[] = [];
  const notes: string[] = [];
  const skip = (context: TestContext, reason: string): never => {
    skips.push(`${context.task.name}: ${reason}`);
    return context.skip(reason);
  };

  if (contract.unavailable) {
    const reason = contract.unavailable;
    describe(`engine contract: ${contract.name}`, () => {
      it('is not run', (context) => {
        process.stdout.write(`\n${contract.name}: not run: ${reason}\n`);
        context.skip(reason);
      });
    });
    return;
  }

  describe(`engine contract: ${contract.name}`, { timeout: contract.timeoutMs ?? 60_000 }, () => {
    let engine: Engine;
    let description: EngineDescription;
    const opened: Engine[] = [];
    const open = async (options?: { readonly sequences?: number }): Promise<Engine> => {
      const fresh = await contract.open(options);
      opened.push(fresh);
      return fresh;
    };

    beforeAll(async () => {
      engine = await open();
      description = await engine.describe();
    }, contract.timeoutMs ?? 60_000);

    afterAll(async () => {
      await Promise.all(opened.map((one) => one.close()));
      const lines = [...notes, ...skips.map((line) => `skipped ${line}`)];
      if (lines.length > 0) process.stdout.write(`\n${lines.map((line) => `${contract.name}: ${line}`).join('\n')}\n`);
    });

    const need = (context: TestContext, ...names: readonly (keyof Capabilities)[]): void => {
      for (const name of names) {
        const capability = description.capabilities[name];
        if (!capability.supported) skip(context, `no ${name}: ${capability.reason}`);
      }
    };
    const promptOf = (text: string): Prompt =>
      description.capabilities.text.supported
        ? { kind: 'text', text }
        : { kind: 'messages', messages: [{ role: 'user', content: text }] };
    const request = (text: string, changes: Partial<GenerationRequest> = {}): GenerationRequest => ({
      model: contract.model,
      prompt: promptOf(text),
      maxTokens: 24,
      stop: [],
      sampling: greedySampling,
      responseFormat: { kind: 'text' },
      ...changes,
    });
    const run = (text: string, changes: Partial<GenerationRequest> = {}): Promise<Collected> =>
      collectGeneration(engine.generate(request(text, changes)));

    describe('description', () => {
      it('names engine and model, and is plain JSON', async () => {
        expect(description.engine).not.toBe('');
        expect(description.model.name).toBe(contract.model);
        expect(JSON.parse(JSON.stringify(description))).toEqual(description);
        expect(await engine.describe()).toEqual(description);
      });

      it('gives a reason for everything it cannot do', () => {
        for (const capability of Object.values(description.capabilities))
          if (!capability.supported) expect(capability.reason.length).toBeGreaterThan(10);
      });

      it('takes at least one kind of prompt', () => {
        const { messages, text, tokens } = description.capabilities;
        expect([messages, text, tokens].some((capability) => capability.supported)).toBe(true);
      });
    });

    describe('generation', () => {
      it('streams: open first, pieces in order of time, finish last and once', async (context) => {
        const { deltas, text } = await run(words);
        expect(deltas[0]?.kind).toBe('open');
        expect(deltas.filter((delta) => delta.kind === 'finish')).toHaveLength(1);
        const times = deltas.map((delta) => delta.atMs);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(text).not.toBeNull();
        if (contract.notStreaming !== undefined) skip(context, contract.notStreaming);
        expect(deltas.filter((delta) => delta.kind === 'content').length).toBeGreaterThan(1);
      });

      it('gives the same greedy answer twice', async () => {
        const [first, second] = [await run(words), await run(words)];
        expect(first.text).not.toBe('');
        expect(second.text).toBe(first.text);
      });

      it('ends with length at the token limit and counts tokens or says null', async (context) => {
        if (contract.fixedAnswers !== undefined) skip(context, contract.fixedAnswers);
        const { reason, usage } = await run(words, { maxTokens: 5 });
        expect(reason).toBe('length');
        expect([null, 5]).toContain(usage.completionTokens);
        for (const count of Object.values(usage)) if (count !== null) expect(Number.isInteger(count)).toBe(true);
        if (usage.promptTokens !== null) expect(usage.promptTokens).toBeGreaterThan(0);
      });

      it('stops before a stop text and leaves it out', async (context) => {
        need(context, 'stop');
        const whole = (await run(words)).text ?? '';
        const parts = whole.trim().split(/\s+/u);
        const stop = parts[Math.floor(parts.length / 2)] ?? '';
        expect(stop).not.toBe('');
        const { text, reason } = await run(words, { stop: [stop] });
        expect(reason).toBe('stop');
        // Engines may keep or drop white space that stands before the stop text.
        expect((text ?? '').trimEnd()).toBe(whole.slice(0, whole.indexOf(stop)).trimEnd());
      });

      it('repeats a sampled answer with the same seed', async (context) => {
        need(context, 'seed');
        const sampling = { ...greedySampling, temperature: 1, seed: 7 };
        const [first, second] = [await run(words, { sampling }), await run(words, { sampling })];
        expect(second.text).toBe(first.text);
      });

      it('takes messages, or refuses them', async (context) => {
        const prompt: Prompt = { kind: 'messages', messages: [{ role: 'user', content: 'Say something.' }] };
        const { messages } = description.capabilities;
        if (messages.supported) {
          const answer = await run('', { prompt });
          expect((answer.text ?? '') + (answer.reasoning ?? '')).not.toBe('');
        } else {
          expect((await failureOf(run('', { prompt }))).code).toBe('E_CAPABILITY');
          skip(context, `no messages: ${messages.reason}`);
        }
      });

      it('gives log-probabilities of generated tokens, the best one first', async (context) => {
        need(context, 'tokenLogProbabilities');
        const { tokens, text } = await run(words, { maxTokens: 8, topLogProbabilities: 3 });
        expect(tokens?.length).toBeGreaterThan(3);
        expect(text?.startsWith(tokens?.[0]?.token ?? '?')).toBe(true);
        for (const token of tokens ?? []) {
          expect(token.logProbability).toBeLessThanOrEqual(0.001);
          expect(token.top.length).toBeGreaterThan(0);
          expect(Math.max(...token.top.map((one) => one.logProbability))).toBeCloseTo(token.logProbability, 3);
        }
      });

      it('keeps to a JSON schema', async (context) => {
        need(context, 'jsonSchema');
        const schema = { type: 'object', properties: { ok: { enum: ['yes'] } }, required: ['ok'] };
        const { text } = await run('Answer in JSON.', {
          maxTokens: 48,
          responseFormat: { kind: 'json_schema', name: 'answer', schema },
        });
        expect(JSON.parse(text ?? '')).toMatchObject({ ok: 'yes' });
      });

      it('calls a tool when it must', async (context) => {
        need(context, 'messages', 'tools');
        if (contract.noForcedTools !== undefined) skip(context, contract.noForcedTools);
        const messages = [{ role: 'user' as const, content: 'What is the weather in Paris for the next 2 days?' }];
        const prompt: Prompt = { kind: 'messages', messages, tools: [tool] };
        const { toolCalls } = await run('', { prompt, maxTokens: 128, toolChoice: 'required' });
        expect(toolCalls[0]?.name).toBe('get_weather');
        expect(Object.keys(JSON.parse(toolCalls[0]?.arguments ?? '') as object).sort()).toEqual(['city', 'days']);
      });
    });

    describe('cancelling', () => {
      it('does not start when the signal is already aborted', async () => {
        const work = collectGeneration(engine.generate(request(words), AbortSignal.abort(new Error('not wanted'))));
        await expect(work).rejects.toThrow();
      });

      it('frees the slot when the signal is aborted in the middle', async () => {
        const single = await open({ sequences: 1 });
        for (let round = 0; round < 3; round++) {
          const controller = new AbortController();
          const stream = single.generate(request(words, { maxTokens: 512 }), controller.signal);
          const work = (async () => {
            for await (const delta of stream) if (delta.kind === 'content') controller.abort(new Error('enough'));
          })();
          if (contract.notStreaming === undefined) await expect(work).rejects.toThrow();
          else await work.catch(() => null);
        }
        if (contract.inFlight) await eventually(() => contract.inFlight?.() === 0);
        expect((await collectGeneration(single.generate(request(words, { maxTokens: 5 })))).text).not.toBeNull();
      });

      it('frees the slot when the reader leaves the loop', async () => {
        const single = await open({ sequences: 1 });
        for (let round = 0; round < 3; round++)
          for await (const delta of single.generate(request(words, { maxTokens: 512 })))
            if (delta.kind === 'content') break;
        if (contract.inFlight) await eventually(() => contract.inFlight?.() === 0);
        expect((await collectGeneration(single.generate(request(words, { maxTokens: 5 })))).text).not.toBeNull();
      });

      it('closes twice and answers nothing afterwards', async () => {
        const closing = await open();
        await closing.close();
        await closing.close();
        await expect(collectGeneration(closing.generate(request(words)))).rejects.toThrow();
      });
    });

    describe('tokens', () => {
      it('tokenises text, or refuses', async (context) => {
        const { tokenize } = description.capabilities;
        const prompt: Prompt = { kind: 'text', text: words };
        if (!tokenize.supported) {
          expect((await failureOf(engine.tokenize(prompt))).code).toBe('E_CAPABILITY');
          skip(context, `no tokenize: ${tokenize.reason}`);
        }
        const ids = await engine.tokenize(prompt);
        expect(ids.length).toBeGreaterThan(3);
        expect(ids.every((id) => Number.isInteger(id) && id >= 0)).toBe(true);
        expect((await engine.tokenize({ kind: 'text', text: `${words} ${words}` })).length).toBeGreaterThan(ids.length);
      });

      it('answers token ids as it answers their text', async (context) => {
        need(context, 'tokens', 'tokenize', 'text');
        const ids = await engine.tokenize({ kind: 'text', text: words });
        expect((await run('', { prompt: { kind: 'tokens', ids } })).text).toBe((await run(words)).text);
      });
    });

    describe('log-probabilities of given continuations', () => {
      const continuations = [' the', ' xylophone', ' without any further words', ' 7'];
      const score = (texts: readonly string[], context = promptOf(words)) =>
        engine.scoreContinuations({ model: contract.model, context, continuations: texts });

      it('scores each one in order, below zero, and not by chance', async (context) => {
        const capability = description.capabilities.continuationLogProbabilities;
        if (!capability.supported) {
          expect((await failureOf(score(continuations))).code).toBe('E_CAPABILITY');
          skip(context, `no continuationLogProbabilities: ${capability.reason}`);
        }
        const scores = await score(continuations);
        expect(scores.map((one) => one.text)).toEqual(continuations);
        for (const one of scores) {
          expect(one.logProbability).toBeLessThan(0);
          expect(one.tokenCount).toBeGreaterThan(0);
        }
        expect(new Set(scores.map((one) => one.logProbability)).size).toBeGreaterThan(1);
        expect(scores[2]?.tokenCount).toBeGreaterThan(scores[0]?.tokenCount ?? 0);
      });

      it('gives a continuation the same score alone, in company and in another order', async (context) => {
        need(context, 'continuationLogProbabilities');
        const all = await score(continuations);
        const reversed = await score(continuations.toReversed());
        for (const [index, text] of continuations.entries()) {
          const [alone] = await score([text]);
          // Batching moves the last digits of a real engine.
          expect(Math.abs((alone?.logProbability ?? 0) - (all[index]?.logProbability ?? 99))).toBeLessThan(0.05);
          const other = reversed[continuations.length - 1 - index]?.logProbability ?? 99;
          expect(Math.abs(other - (all[index]?.logProbability ?? 0))).toBeLessThan(0.05);
        }
      });

      it('calls the greedy answer greedy and an unlikely one not', async (context) => {
        need(context, 'continuationLogProbabilities', 'text');
        const greedy = (await run(words, { maxTokens: 1 })).text ?? '';
        expect(greedy).not.toBe('');
        const scores = await score([greedy, ' xylophone']);
        expect(scores[0]?.isGreedy).toBe(true);
        expect(scores[1]?.isGreedy).toBe(false);
        expect(scores[0]?.logProbability).toBeGreaterThan(scores[1]?.logProbability ?? 0);
      });
    });

    describe('company', () => {
      it('gives N greedy requests together what it gives each alone', async () => {
        const prompts = contract.companyPrompts ?? defaultCompanyPrompts;
        expect(prompts.length).toBeGreaterThanOrEqual(8);
        const top = description.capabilities.tokenLogProbabilities.supported ? (contract.topLogProbabilities ?? 5) : 0;
        const changes = { maxTokens: companyTokens, ...(top > 0 ? { topLogProbabilities: top } : {}) };
        const answer = async (text: string): Promise<CompanyAnswer> => {
          const { text: given, reasoning, tokens } = await run(text, changes);
          return { text: `${reasoning ?? ''}${given ?? ''}`, tokens };
        };
        const alone: CompanyAnswer[] = [];
        for (const text of prompts) alone.push(await answer(text));
        const together = await Promise.all(prompts.map(answer));
        const pairs = alone.map((one, index): CompanyPair => ({ alone: one, together: together[index] ?? one }));
        const verdict = companyVerdict(pairs);
        notes.push(`company test: ${verdict.summary}`);
        expect(verdict.passed, verdict.summary).toBe(true);
      });
    });

    describe('situations', () => {
      const provoke = async (context: TestContext, situation: Situation): Promise<Provoked> => {
        const how = contract.situations[situation];
        if (typeof how === 'string') return skip(context, how);
        const provoked = await how();
        opened.push(provoked.engine);
        return provoked;
      };
      const outcome = ({ engine: other, request: wanted }: Provoked): Promise<Collected> =>
        collectGeneration(other.generate(wanted));

      it('429 with Retry-After: says how long to wait', async (context) => {
        const provoked = await provoke(context, 'rateLimit');
        const error = await failureOf(outcome(provoked));
        expect(error).toMatchObject({ code: 'E_ENGINE_RATE_LIMIT', retryable: true });
        expect(error.details).toMatchObject({ retryAfterMs: provoked.expected?.retryAfterMs });
      });

      const faults: readonly (readonly [Situation, readonly ErrorCode[], boolean])[] = [
        ['drop', ['E_ENGINE_STREAM', 'E_ENGINE_CRASHED'], true],
        ['endEarly', ['E_ENGINE_STREAM', 'E_ENGINE_CRASHED'], true],
        ['garbage', ['E_ENGINE_STREAM'], true],
        ['errorChunk', ['E_ENGINE_SERVER', 'E_ENGINE_STREAM'], true],
        ['serverError', ['E_ENGINE_SERVER'], true],
        ['neverAnswers', ['E_ENGINE_TIMEOUT'], true],
        ['contextExceeded', ['E_CONTEXT_EXCEEDED'], false],
      ];
      for (const [situation, codes, retryable] of faults)
        it(`${situation}: a coded error that says whether to try again, never an answer`, async (context) => {
          const error = await failureOf(outcome(await provoke(context, situation)));
          expect(codes).toContain(error.code);
          expect(error.retryable).toBe(retryable);
        });

      it('missing usage: null, never 0', async (context) => {
        const { usage, text } = await outcome(await provoke(context, 'missingUsage'));
        expect(text).not.toBeNull();
        expect(Object.values(usage)).toEqual([null, null, null, null]);
      });

      it('null content: no content delta, so the text stays null', async (context) => {
        const { text, deltas } = await outcome(await provoke(context, 'nullContent'));
        expect(text).toBeNull();
        expect(deltas.at(-1)?.kind).toBe('finish');
      });

      for (const situation of ['reasoning', 'reasoningContent'] as const)
        it(`${situation} field: kept apart from the content`, async (context) => {
          const provoked = await provoke(context, situation);
          const { reasoning, text } = await outcome(provoked);
          expect(reasoning).toBe(provoked.expected?.reasoning);
          expect(text).toBe(provoked.expected?.text);
        });

      it('tool calls in fragments: put together by index', async (context) => {
        const provoked = await provoke(context, 'toolCalls');
        const { toolCalls, reason } = await outcome(provoked);
        expect(toolCalls).toEqual(provoked.expected?.toolCalls);
        expect(reason).toBe('tool_calls');
      });
    });
  });
}
