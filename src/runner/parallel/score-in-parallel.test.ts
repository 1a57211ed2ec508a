import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { loadTask } from '../load-plugin.ts';
import { completeOptions } from '../run.ts';
import { score } from '../score.ts';
import { loadScoreTarget } from '../score-target.ts';
import { systemDependencies } from '../system-dependencies.ts';
import { canScoreInParallel, readChunks, scoreInParallel } from './score-in-parallel.ts';

const folder = mkdtempSync(join(tmpdir(), 'qwen-eval-parallel-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'responses.jsonl');
const options = completeOptions({ limit: 60 });
const targetOf = async (id: string) => loadScoreTarget(await loadTask(id), options, systemDependencies(options));

describe('readChunks', () => {
  it('gives every byte once, cut behind line ends, with the number of the first line', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 12 })),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        (lines, ends, size) => {
          const text = lines.map((line) => line.replaceAll('\n', 'é')).join('\n') + (ends ? '\n' : '');
          writeFileSync(path, text);
          const chunks = [...readChunks(path, size)];
          expect(Buffer.concat(chunks.map(({ bytes }) => bytes)).toString()).toBe(Buffer.from(text).toString());
          let before = '';
          for (const { bytes, firstLine } of chunks) {
            expect(before === '' || before.endsWith('\n')).toBe(true);
            expect(firstLine).toBe(before.split('\n').length);
            before += Buffer.from(bytes).toString();
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('scoreInParallel', () => {
  const write = (rows: readonly unknown[]): void =>
    writeFileSync(path, rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'));
  const both = async (task: string) => {
    const target = await targetOf(task);
    const tally = await scoreInParallel(path, { target, options, chunkBytes: 700 });
    const alone = await score({ task, responses: path, options: { limit: 60 } });
    return { parallel: tally.certified(target.task), alone: { metrics: alone.metrics, counts: alone.counts } };
  };
  const answers = [
    'It is \\boxed{12}.',
    'The answer is 7.',
    '',
    null,
    '<think>\n12\n</think>\n\nThe answer is \\boxed{3}.',
    '{"answer": "B"}',
    'The answer is C.',
    'no idea',
  ];

  it.each(['synthetic_arithmetic', 'synthetic_choice'])(
    '%s: comes to what scoring line by line comes to',
    async (task) => {
      const { samples } = await targetOf(task);
      const ids = [...samples.keys()];
      write(
        Array.from({ length: 900 }, (_, index) => ({
          sampleId: ids[(index * 7) % ids.length],
          response: answers[(index * 5) % answers.length],
          finishReason: index % 9 === 0 ? 'length' : 'stop',
        })),
      );
      const { parallel, alone } = await both(task);
      expect(parallel).toEqual(alone);
      expect(alone.counts.planned).toBe(900);
      expect(Object.keys(alone.counts.byCode).length).toBeGreaterThan(2);
    },
  );

  it('names the line of what is wrong as scoring line by line does', async () => {
    const { samples } = await targetOf('synthetic_arithmetic');
    const [id = ''] = samples.keys();
    const row = { sampleId: id, response: '12' };
    const fails = async (rows: readonly unknown[], message: RegExp): Promise<void> => {
      write(rows);
      const target = await targetOf('synthetic_arithmetic');
      const parallel = scoreInParallel(path, { target, options, chunkBytes: 300 });
      await expect(parallel).rejects.toMatchObject({
        code: 'E_INPUT_INVALID',
        message: expect.stringMatching(message),
      });
      const alone = score({ task: 'synthetic_arithmetic', responses: path, options: { limit: 60 } });
      await expect(alone).rejects.toThrow(message);
    };
    const many = Array.from({ length: 40 }, () => row);
    await fails([...many, '', 'no JSON', ...many], /^line 42 of .*responses\.jsonl is not JSON$/);
    await fails([...many, { sampleId: 'nobody', response: '1' }, 'no JSON'], /^line 41 of .* answers nobody/);
    await fails([...many, { ...row, epoch: 3 }, ...many, { ...row, epoch: 3 }], /^line 82 of .* repeats epoch 3 of/);
  });

  it('is for large files of answers that need nothing but their text, and for totals alone', () => {
    write(['']);
    expect(canScoreInParallel({ responses: path }, { needs: [] })).toBe(false);
    expect(canScoreInParallel({ responses: join(folder, 'none.jsonl') }, { needs: [] })).toBe(false);
    writeFileSync(path, Buffer.alloc(50 * 1024 * 1024, '\n'));
    expect(canScoreInParallel({ responses: path }, { needs: [] })).toBe(availableParallelism() > 1);
    expect(canScoreInParallel({ responses: path }, { needs: ['sandbox'] })).toBe(false);
    expect(canScoreInParallel({ responses: path, onScored: () => undefined }, { needs: [] })).toBe(false);
  });
});
