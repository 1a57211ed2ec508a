import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { isQwenEvalError } from '../../core/errors.ts';
import { modelRegistry } from '../../presets/model-registry.ts';
import { presets } from '../../presets/presets.ts';
import { readLegacyFiles, writeLegacy } from './legacy-files.ts';
import { readLegacy, type LegacyContext } from './read-legacy.ts';
import { reportedScores } from './reported-score.ts';

const folder = mkdtempSync(join(tmpdir(), 'legacy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const task = (id: string, headline = 'accuracy', chanceLevel: number | null = null) =>
  [id, { id, headline, chanceLevel }] as const;

const context: LegacyContext = {
  presets: presets.map(({ id }) => id),
  models: modelRegistry(),
  tasks: new Map([
    task('gsm8k'),
    task('hellaswag', 'accuracy', 0.25),
    task('mt_bench', 'rating'),
    task('humaneval'),
    task('agent_tool_use'),
    task('function_calling_quick'),
  ]),
  published: (model, id) =>
    model === 'qwen2_5_3b_instruct' && id === 'hellaswag'
      ? { value: 0.746, setting: '10-shot', source: 'a blog' }
      : null,
};

const fixture = (name: string) =>
  readLegacy(fileURLToPath(new URL(`../../../test/support/old-trackers/${name}.md`, import.meta.url)), context);

const written = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('readLegacy', () => {
  const broken = fixture('broken');

  it('reads models, presets, results, configurations, phases and changelog with their lines', () => {
    expect(broken).toMatchObject({
      title: 'House model tracker',
      mended: 4,
      header: [
        { label: 'Updated', text: 'March 3, 2026', line: 3 },
        { label: 'GPU', text: 'NVIDIA A100-SXM4-80GB', line: 4 },
      ],
      models: [
        { id: 'small', registryId: 'qwen2_5_3b_instruct', status: 'done', line: 10 },
        { id: 'other', name: 'Qwen-3 4B', registryId: 'qwen2_5_7b_instruct', status: 'open' },
        { id: 'ghost', registryId: null },
      ],
      presets: [
        { id: 'performance', values: [{ label: 'Batch Size', text: '16', line: 17 }] },
        { id: 'memory_optimized', values: [{ label: 'Batch Size', text: '4', line: 20 }] },
      ],
      phases: [
        {
          title: 'Phase 1: Again',
          items: [
            { text: 'Run GSM8K again', isDone: false },
            { text: 'Write it down', isDone: true },
          ],
        },
      ],
      changelog: [{ title: 'v0.1', items: [{ text: 'first numbers' }] }],
      notes: [{ heading: 'Comparison', items: [{ text: '54.8% less memory than performance' }] }],
    });
    expect(broken.results).toMatchObject([
      {
        modelId: 'qwen2_5_3b_instruct',
        preset: 'performance',
        status: 'COMPLETED',
        figures: [{ text: '3.1GB GPU memory', line: 31 }, { text: '70.0 tokens/second' }],
        scores: [
          { label: 'GSM8K', task: 'gsm8k', value: 0.867, n: 1319, successes: 1144, line: 38 },
          { task: 'hellaswag', value: 0.12, successes: 240 },
          { task: 'mt_bench', value: 0.44 },
          { label: 'Riddles', task: null, value: 0.9, n: 50 },
        ],
        configuration: [
          { key: 'quantization_method', value: 'none', line: 47 },
          { key: 'max_model_len', value: 4096, line: 48 },
          {},
          {},
        ],
      },
      {
        preset: 'memory_optimized',
        scores: [
          { label: 'Tool Use Success', task: 'agent_tool_use', value: 0.4, n: null },
          { label: 'Juggling', task: null, value: 0.1 },
        ],
      },
    ]);
  });

  it('finds what cannot be, quotes it and says where it stands', () => {
    const found = broken.findings.map(({ id, quote, lines }) => [id, quote, lines] as const);
    expect(found).toEqual([
      ['legacy.characters_mended', '✅', []],
      ['legacy.name_contradicts_id', 'other, Qwen-3 4B: Qwen/Qwen2.5-7B-Instruct', [11]],
      ['legacy.size_is_parameters', 'Qwen-3 4B: 7.6GB', [11]],
      ['legacy.context_not_reached', '32K at max_model_len 4096', [10, 48, 68]],
      ['legacy.context_needs_scaling', 'Qwen-3 4B: 1M', [11]],
      ['legacy.memory_impossible', '3.1GB', [31]],
      ['legacy.memory_impossible', '1.4GB', [59]],
      ['legacy.derived_from_memory', '54.8%', [73]],
      ['legacy.throughput_identical', '70.0 tokens/second; 69.5 tokens/second', [32, 60]],
      ['legacy.throughput_far_below', '70.0 tokens/second', [32]],
      ['legacy.throughput_far_below', '69.5 tokens/second', [60]],
      ['legacy.below_published', 'HellaSwag 12.0%', [39]],
      ['legacy.not_a_rating', 'MT-Bench 44.0%', [40]],
      ['legacy.few_samples', 'Riddles 90.0%', [41]],
      ['legacy.samples_not_stated', 'Tool Use Success 40% of the time', [63]],
      ['legacy.samples_not_stated', 'Juggling 10%', [64]],
    ]);
  });

  it('links each number to what was found about it', () => {
    const linked = broken.numbers.filter((number) => number.findings.length > 0);
    expect(linked.map(({ line, quote, findings }) => [line, quote, ...findings])).toContainEqual([
      31,
      '3.1GB',
      'legacy.memory_impossible',
    ]);
    expect(broken.numbers).toContainEqual({
      line: 38,
      quote: '86.7%',
      value: 86.7,
      unit: '%',
      context: '| GSM8K | 1319 | 86.7% |',
      findings: [],
    });
    expect(broken.numbers.filter(({ line }) => line === 47 || line === 48)).toMatchObject([
      { quote: '4096', unit: null },
    ]);
  });

  it('finds nothing in numbers that can be', () => {
    expect(fixture('sound').findings).toEqual([]);
  });

  it('speaks of zeros together, of guessing, and of calls that are too few', () => {
    const rows = ['HellaSwag', 'HumanEval', 'GSM8K'].map((name) => `| ${name} | 100 | 0.0% |`).join('\n');
    const text = `# tracker\n| Model ID | Model Name | HuggingFace ID |\n|---|---|---|\n| m | Qwen2.5-7B-Instruct | Qwen/Qwen2.5-7B-Instruct |\n### Qwen2.5-7B-Instruct\n#### Balanced Preset\n| Dataset | Samples | Score |\n|---|---|---|\n${rows}\n##### Function Calling Test\n- **Accuracy:** 0.0% (0/4 calls)\n`;
    const { findings } = readLegacy(written('zeros.md', text), context);
    expect(findings[0]).toMatchObject({ id: 'legacy.zeros_together', lines: [9, 10, 11] });
    const guess = findings.find(({ id, quote }) => id === 'legacy.zero_score' && quote.startsWith('HellaSwag'));
    expect(guess?.explanation).toContain('Guessing gets 25 %; that 100 guesses are all wrong happens once in 3e+12');
    expect(findings.find(({ id }) => id === 'legacy.hardly_measured')).toMatchObject({
      quote: 'Function Calling 0.0% (0/4 calls)',
      explanation: expect.stringContaining('0 of 4 is 0 % [0, 49]') as string,
      cells: [{ model: 'qwen2_5_7b_instruct', preset: 'balanced', task: 'function_calling_quick' }],
    });
  });

  it('knows flags that are gone and quantised weights that are said not to exist', () => {
    const text =
      '# tracker\n## Presets\n### Balanced Preset\n- **Features:** V2 block manager\n## Models\n| Model ID | Model Name | HuggingFace ID |\n|---|---|---|\n| m | Qwen2.5-7B-Instruct | Qwen/Qwen2.5-7B-Instruct |\n## Notes\n1. AWQ: not available in vLLM 0.10.2\n2. Coffee: not available\n';
    const { findings } = readLegacy(written('claims.md', text), context);
    expect(findings.map(({ id, lines }) => [id, lines])).toEqual([
      ['legacy.flag_gone', [4]],
      ['legacy.quantization_exists', [10]],
    ]);
  });

  it('refuses what is no tracker', () => {
    const path = written('readme.md', '# Readme\n\nNothing here.\n');
    expect(() => readLegacy(path, context)).toThrowError(/is no tracker document/);
    try {
      readLegacy(join(folder, 'absent.md'), context);
      expect.unreachable();
    } catch (error) {
      expect(isQwenEvalError(error) && error.code).toBe('E_FILE_UNREADABLE');
    }
  });
});

describe('imported documents', () => {
  it('are written once, read back, and stand for cells with what was found', () => {
    const out = join(folder, 'runs');
    const legacy = fixture('broken');
    const first = writeLegacy(out, legacy);
    expect(first).toMatchObject({
      path: join(out, 'legacy', `${legacy.source.sha256.slice(0, 8)}.json`),
      changed: true,
    });
    const before = readFileSync(first.path, 'utf8');
    expect(writeLegacy(out, fixture('broken'))).toEqual({ path: first.path, changed: false });
    expect(readFileSync(first.path, 'utf8')).toBe(before);
    writeFileSync(join(out, 'legacy', 'other.json'), '{}');
    const read = readLegacyFiles(out);
    expect(read.legacy).toEqual([legacy]);
    expect(read.unreadable).toMatchObject([{ runId: 'legacy/other.json' }]);
    expect(
      reportedScores(read.legacy).map(({ preset, task: id, text, source, findings }) => [
        preset,
        id,
        text,
        source,
        findings[0]?.id,
      ]),
    ).toEqual([
      ['performance', 'gsm8k', '86.7%', 'broken.md line 38', undefined],
      ['performance', 'hellaswag', '12.0%', 'broken.md line 39', 'legacy.below_published'],
      ['performance', 'mt_bench', '44.0%', 'broken.md line 40', 'legacy.not_a_rating'],
      ['memory_optimized', 'agent_tool_use', '40% of the time', 'broken.md line 63', 'legacy.samples_not_stated'],
    ]);
  });
});
