import { describe, expect, it } from 'vitest';
import { qwenTokenizer } from '../../test/support/qwen-tokenizer.ts';
import { syntheticSettings } from '../../test/support/dialogue-oracles.ts';
import { unknownUsage, type GenerationRequest } from '../core/generation.ts';
import type { Engine, EngineDescription } from '../core/ports/engine.ts';
import ruler from '../tasks/ruler.ts';
import { systemClock } from './clock.ts';
import { promptTokenizer } from './prompt-tokenizer.ts';

const unsupported = { supported: false, reason: 'the server does not tokenise' } as const;
const describedAs = (tokenize: EngineDescription['capabilities']['tokenize']) =>
  ({ model: { name: 'qwen' }, capabilities: { tokenize } }) as EngineDescription;

/** A server that cuts as Qwen does and whose template adds 23 tokens; it keeps what it was asked. */
function serverWithout(usage: 'counted' | 'silent') {
  const qwen = qwenTokenizer();
  const asked: GenerationRequest[] = [];
  const engine = {
    async *generate(request: GenerationRequest) {
      asked.push(request);
      const text = request.prompt.kind === 'messages' ? (request.prompt.messages[0]?.content ?? '') : '';
      const promptTokens = usage === 'counted' ? (await qwen.count(text)) + 23 : null;
      yield { kind: 'content', text: 'I', atMs: 1 } as const;
      yield {
        kind: 'finish',
        reason: 'length',
        rawReason: null,
        usage: { ...unknownUsage, promptTokens },
        atMs: 2,
      } as const;
    },
    tokenize: () => Promise.reject(new Error('no such endpoint')),
  } as unknown as Engine;
  return { engine, asked };
}

const counting = (engine: Engine) => ({
  engine,
  description: describedAs(unsupported),
  extraBody: { user: 'me' },
  clock: systemClock,
  signal: undefined,
});

describe('counting tokens of prompts', () => {
  it('is left to the engine that tokenises', async () => {
    const engine = { tokenize: () => Promise.resolve([1, 2, 3]) } as unknown as Engine;
    const tokenizer = promptTokenizer({ ...counting(engine), description: describedAs({ supported: true }) });
    expect(tokenizer.source).toBe('engine');
    expect(await tokenizer.count('one two three')).toBe(3);
  });

  it('asks a server without a tokenizer for one token, without what its template adds', async () => {
    const { engine, asked } = serverWithout('counted');
    const tokenizer = promptTokenizer(counting(engine));
    expect(tokenizer.source).toBe('calibration');
    const text = 'The old farmer cleaned the wooden table. '.repeat(400).trim();
    expect(await tokenizer.count(text)).toBe(await qwenTokenizer().count(text));
    expect(asked).toHaveLength(6);
    expect(asked[0]).toMatchObject({ model: 'qwen', maxTokens: 1, extraBody: { user: 'me' } });
    // Small windows hold every piece.
    for (const { prompt } of asked) {
      const content = prompt.kind === 'messages' ? (prompt.messages[0]?.content ?? '') : '';
      expect(await qwenTokenizer().count(content)).toBeLessThan(1000);
    }
  });

  it('plans prompts within 1 % of their length by few small requests', async () => {
    for (const task of ruler) {
      const { engine, asked } = serverWithout('counted');
      const settings = syntheticSettings(task, { size: 8, extra: { ...task.defaults.extra, lengths: [4096, 8192] } });
      const tokenizer = promptTokenizer(counting(engine));
      const samples = [...(await task.loadSamples({ data: null as never, settings, tokenizer }))];
      expect(asked.length).toBeLessThan(30);
      for (const sample of samples) {
        const rendered = task.render(sample, settings);
        const text = rendered.kind === 'chat' ? (rendered.messages[0]?.content ?? '') : '';
        const ratio = (await qwenTokenizer().count(text)) / sample.input.plannedTokens;
        expect(Math.abs(ratio - 1), `${task.id} ${sample.id}: ${ratio}`).toBeLessThanOrEqual(0.01);
      }
    }
  }, 60_000);

  it('is refused where the server counts nothing either', async () => {
    const tokenizer = promptTokenizer(counting(serverWithout('silent').engine));
    await expect(tokenizer.count('one')).rejects.toMatchObject({
      code: 'E_CAPABILITY',
      message: 'the server neither tokenises nor says how many tokens a prompt has',
    });
  });
});
