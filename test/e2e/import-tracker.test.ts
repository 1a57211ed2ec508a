import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { PlanPhase } from '../../src/tracker/plan/evaluation-plan.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';
import { sharedData } from '../support/shared-data.ts';

const folder = temporaryFolder('import-tracker');
afterAll(() => rmSync(folder, { recursive: true }));

const cli = (...args: readonly string[]) => runCli(args, { cwd: folder });
const legacyFile = resolve(sharedData ?? 'missing', '../legacy-tracker/qwen-evaluation-tracker-v1.2.md');
const ownFile = fileURLToPath(new URL('../support/old-trackers/broken.md', import.meta.url));

describe('an old tracker of our own making', () => {
  it(
    'is imported once, shown as not verified, planned again and used as evidence for nothing',
    { timeout: 120_000 },
    async () => {
      const first = await cli('import', ownFile, '--json');
      expect(first.code).toBe(0);
      const imported = JSON.parse(first.stdout) as {
        readonly imported: { readonly runs: readonly string[]; readonly records: number };
        readonly findings: readonly { readonly id: string; readonly quote: string }[];
        readonly legacy: readonly { readonly path: string; readonly changed: boolean }[];
      };
      expect(imported.imported.runs).toEqual([]);
      expect(imported.imported.records).toBeGreaterThan(20);
      expect(imported.findings.map(({ id }) => id)).toContain('legacy.memory_impossible');
      const file = join(folder, imported.legacy[0]?.path ?? '');
      const [stored, tracker] = [readFileSync(file, 'utf8'), readFileSync(join(folder, 'TRACKER.md'), 'utf8')];
      expect(tracker).toContain('## Reported earlier, not verified');
      expect(tracker).toContain('3.1GB is impossible');
      // Everything it says stands there with its line: models, presets, results, configuration, phases, changelog.
      for (const text of [
        '| `small` | Qwen2.5 3B Instruct | `Qwen/Qwen2.5-3B-Instruct` | `qwen2_5_3b_instruct` | 6.2GB | 32K | – | – | done | 10 |',
        '- `memory_optimized` (line 19): Batch Size 4',
        '- Status: COMPLETED',
        '- Throughput: 70.0 tokens/second (line 32)',
        '- Configuration (line 47): quantization_method none, max_model_len 4096, max_num_seqs 128, evaluation_batch_size 16',
        '  - Run GSM8K again (line',
        '  - 54.8% less memory than performance (line',
        '  - first numbers (line 84)',
      ])
        expect(tracker).toContain(text);

      const again = await cli('import', 'tracker', ownFile, '--json');
      expect(JSON.parse(again.stdout)).toMatchObject({ legacy: [{ changed: false }] });
      expect(readFileSync(file, 'utf8')).toBe(stored);
      expect(readFileSync(join(folder, 'TRACKER.md'), 'utf8')).toBe(tracker);

      const plan = JSON.parse((await cli('plan', '--json')).stdout) as { readonly phases: readonly PlanPhase[] };
      const items = plan.phases[0]?.items.map(({ model, preset, task }) => `${model} ${preset} ${task}`);
      expect(items?.toSorted()).toEqual([
        'qwen2_5_3b_instruct memory_optimized agent_tool_use',
        'qwen2_5_3b_instruct performance gsm8k',
        'qwen2_5_3b_instruct performance hellaswag',
        'qwen2_5_3b_instruct performance mt_bench',
      ]);
      expect(plan.phases[0]?.items.every(({ reason }) => reason.startsWith('reported earlier as '))).toBe(true);

      const track = JSON.parse((await cli('track', '--json')).stdout) as {
        readonly comparisons: unknown[];
        readonly matrix: unknown[];
        readonly insights: unknown[];
      };
      expect(track).toMatchObject({ comparisons: [], matrix: [], insights: [] });
      const compare = await cli('compare', 'qwen2_5_3b_instruct', 'performance', '--json');
      expect(JSON.parse(compare.stdout)).toMatchObject({ error: { code: 'E_RUN_NOT_FOUND' } });
    },
  );
});

const isThere = existsSync(legacyFile);
const title = isThere
  ? 'the tracker of v1.2'
  : 'the tracker of v1.2 [skipped: no legacy-tracker beside the benchmark files]';
describe.skipIf(!isThere)(title, () => {
  it('is explained number by number, as the golden report says', { timeout: 60_000 }, async () => {
    const out = join(folder, 'v1.2');
    const { code, stdout } = await cli('import', 'tracker', legacyFile, '--out', out, '--tracker', 'none');
    expect(code).toBe(0);
    const [head = '', ...report] = stdout.split('\n');
    expect(head).toBe(
      `qwen-evaluation-tracker-v1.2.md: 2 models, 3 results with 16 scores, 103 numbers → ${join(out, 'legacy', 'e999a2dd.json')}`,
    );
    await expect(report.join('\n')).toMatchFileSnapshot('../golden/legacy-report.txt');
  });
});
