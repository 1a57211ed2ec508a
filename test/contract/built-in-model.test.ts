import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { getLlama, LlamaLogLevel } from 'node-llama-cpp';
import { describe, expect, it } from 'vitest';

interface Score {
  readonly low: number;
  readonly high: number;
}

const read = (name: string): Buffer => readFileSync(new URL(`../../data/${name}`, import.meta.url));
const card = JSON.parse(read('built-in-model.json').toString()) as {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly scores: Readonly<Record<string, Readonly<Record<string, Score>>>>;
};

/** What an answer gets that ignores the question (docs/built-in-model.md). */
const chances: Readonly<Record<string, number>> = {
  synthetic_arithmetic: 0.05,
  synthetic_choice: 0.25,
  synthetic_code: 0,
  agent_function_calling: 0.1,
  agent_json: 0.01,
  ruler_single: 0.33,
};

const isFault = (level: LlamaLogLevel): boolean =>
  [LlamaLogLevel.warn, LlamaLogLevel.error, LlamaLogLevel.fatal].includes(level);

describe('the built-in model', () => {
  it('is the file its card describes', () => {
    const bytes = read('built-in-model.gguf');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(card).toMatchObject({ sha256, sizeBytes: bytes.length });
    expect(bytes.length).toBeLessThan(16 * 2 ** 20);
  });

  it('is loaded by llama.cpp without a warning', { timeout: 60_000 }, async () => {
    const levels: string[] = [];
    const said: string[] = [];
    const llama = await getLlama({
      gpu: false,
      build: 'never',
      progressLogs: false,
      logLevel: LlamaLogLevel.info,
      logger: (level, message) => {
        levels.push(level);
        if (isFault(level)) said.push(`${level}: ${message}`);
      },
    });
    try {
      const model = await llama.loadModel({
        modelPath: fileURLToPath(new URL('../../data/built-in-model.gguf', import.meta.url)),
      });
      const context = await model.createContext({ contextSize: model.trainContextSize, threads: 1 });
      expect(model.fileInfo.metadata.general.architecture).toBe('qwen3');
      await context.dispose();
    } finally {
      await llama.dispose();
    }
    // It logs what it loads, so warnings would have come too.
    expect(levels).toContain('info');
    expect(said).toEqual([]);
  });

  it.each(['non-thinking', 'thinking'])('is well above chance and well below all right in every task, %s', (mode) => {
    const scores = card.scores[mode] ?? {};
    expect(Object.keys(scores).toSorted()).toEqual(Object.keys(chances).toSorted());
    const outside = Object.entries(scores).filter(
      ([task, { low, high }]) => low <= (chances[task] ?? 1) || high >= 0.97,
    );
    expect(outside).toEqual([]);
  });
});
