import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { ResultDocument } from '../../src/core/result-document.ts';
import { arithmeticScript } from '../support/arithmetic-server.ts';
import { runCli, temporaryFolder } from '../support/run-cli.ts';

const folder = temporaryFolder('recommend');
afterAll(() => rmSync(folder, { recursive: true }));

/** A run of a model of the registry under a preset, of which so many of 100 answers are right. */
async function evaluate({ preset, right }: { readonly preset: string; readonly right: number }): Promise<string> {
  const script = `${preset}.json`;
  writeFileSync(
    join(folder, script),
    arithmeticScript((index) => index < right),
  );
  const options = `--model qwen3_0_6b --preset ${preset} --tasks synthetic_arithmetic --limit 100 --mode non-thinking`;
  const { code, stdout } = await runCli(
    [
      ...`run --engine scripted ${options} --tracker none --json --engine-options`.split(' '),
      JSON.stringify({ script }),
    ],
    { cwd: folder },
  );
  expect([code, stdout]).toEqual([0, expect.any(String)]);
  return (JSON.parse(stdout) as ResultDocument).runId;
}
const good = await evaluate({ preset: 'performance', right: 90 });
await evaluate({ preset: 'memory_optimized', right: 55 });

interface Recommendation {
  readonly matrix: readonly {
    readonly model: string;
    readonly categories: readonly { readonly category: string; readonly advice: Record<string, unknown> }[];
  }[];
  readonly deployment: { readonly advice: { readonly model: string; readonly command: string } | null };
}

const recommend = (args: string) => runCli(['recommend', ...args.split(' ')], { cwd: folder });

it('says which preset suits a category, with intervals, and which run is the evidence', async () => {
  const { code, stdout } = await recommend('--gpu H100');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^qwen3_0_6b/m);
  expect(stdout).toMatch(
    /^math +90\.0 % \[82\.6, 94\.5\] +55\.0 % \[45\.2, 64\.4\] +performance: better than memory_optimized/m,
  );
  expect(stdout).toMatch(new RegExp(`^synthetic_arithmetic +90\\.0 % .*performance, non-thinking +${good}`, 'm'));
});

it('gives a deployment that can be copied, and what measurement would change it', async () => {
  const { code, stdout } = await recommend('--gpu H100 --model qwen3_0_6b --json');
  expect(code).toBe(0);
  const { deployment } = JSON.parse(stdout) as Recommendation;
  expect(deployment.advice).toMatchObject({ model: 'qwen3_0_6b' });
  expect(deployment.advice?.command).toMatch(/Qwen3-0\.6B|qwen3_0_6b/);
  const text = await recommend('--gpu H100 --model qwen3_0_6b');
  expect(text.stdout).toContain('would change it');
});

it('does not give what was measured to miss the floor', async () => {
  const { code, stdout } = await recommend('--gpu H100 --model qwen3_0_6b --category math --quality-floor 0.95 --json');
  expect(code).toBe(0);
  const { deployment } = JSON.parse(stdout) as Recommendation;
  expect(deployment).toMatchObject({ confidence: expect.not.stringMatching(/^measured$/) as string });
});

it('refuses a card that nobody knows, with the way out', async () => {
  const { code, stderr } = await recommend('--gpu Voodoo2');
  expect(code).toBe(2);
  expect(stderr).toContain('nothing is known of a card called Voodoo2');
  expect(stderr).toContain('--gpu-memory');
});
