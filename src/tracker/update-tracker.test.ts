import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isQwenEvalError } from '../core/errors.ts';
import { fixtureCatalogue, fixtureRunCount, writeFixtureRuns } from '../../test/support/tracker-fixture.ts';
import { temporaryFolder } from '../../test/support/run-cli.ts';
import { buildTracker } from './build-tracker.ts';
import { readTrackedRuns } from './read-tracked-runs.ts';
import { updateTracker } from './update-tracker.ts';

const folder = temporaryFolder('tracker');
const out = join(folder, 'runs');
const path = join(folder, 'TRACKER.md');
const update = () => updateTracker({ path, out, catalogue: fixtureCatalogue });
let golden = '';

beforeAll(() => {
  mkdirSync(out);
  writeFixtureRuns(out);
  mkdirSync(join(out, 'damaged'));
  writeFileSync(join(out, 'damaged', 'run.json'), '{');
  update();
  golden = readFileSync(path, 'utf8');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Lines between the markers of a block. */
const blockOf = (text: string, name: string): readonly string[] => {
  const lines = text.split('\n');
  return lines.slice(
    lines.indexOf(`<!-- qwen-eval:begin ${name} -->`) + 1,
    lines.indexOf(`<!-- qwen-eval:end ${name} -->`),
  );
};

/** Puts a document in the place of the tracker, updates it, and puts the golden one back. */
function updated(document: string): {
  readonly text: string;
  readonly moved: readonly string[];
  readonly error: string | null;
} {
  writeFileSync(path, document);
  try {
    const { findings } = update();
    const moved = findings.filter(({ id }) => id === 'tracker.moved_text').map(({ quote }) => quote);
    return { text: readFileSync(path, 'utf8'), moved, error: null };
  } catch (error) {
    if (!isQwenEvalError(error)) throw error;
    return { text: readFileSync(path, 'utf8'), moved: [], error: `${error.code}: ${error.message}` };
  } finally {
    writeFileSync(path, golden);
  }
}

describe('the tracker of forty runs', () => {
  it('reads as the golden document', async () => {
    expect(fixtureRunCount).toBe(40);
    await expect(golden).toMatchFileSnapshot('../../test/golden/tracker.md');
  });

  it('is not touched when nothing changed', () => {
    const { changed, tracker } = update();
    expect(changed).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe(golden);
    expect(tracker.findings.filter(({ id }) => id === 'run.unreadable')).toMatchObject([{ quote: 'damaged' }]);
  });

  it('is the same in whatever order the runs come', () => {
    const read = readTrackedRuns(out);
    const build = (runs: typeof read.runs) => buildTracker({ ...fixtureCatalogue, ...read, runs, legacy: [] });
    const expected = JSON.stringify(build(read.runs));
    fc.assert(
      fc.property(fc.shuffledSubarray([...read.runs], { minLength: read.runs.length }), (runs) => {
        expect(JSON.stringify(build(runs))).toBe(expected);
      }),
      { numRuns: 8 },
    );
  });

  it('changes only what a run changes', () => {
    const other = join(folder, 'fewer');
    mkdirSync(other);
    writeFixtureRuns(
      other,
      Array.from({ length: 39 }, (_, index) => index),
    );
    const file = join(folder, 'FEWER.md');
    updateTracker({ path: file, out: other, catalogue: fixtureCatalogue });
    const before = readFileSync(file, 'utf8');
    writeFixtureRuns(other, [39]);
    // A note in the wrong place goes below its block; what was generated before is not taken for the reader's.
    writeFileSync(file, before.replace('### qwen3_8b', 'my note\n### qwen3_8b'));
    const { findings } = updateTracker({ path: file, out: other, catalogue: fixtureCatalogue });
    expect(findings.filter(({ id }) => id === 'tracker.moved_text').map(({ quote }) => quote)).toEqual(['my note']);
    const after = readFileSync(file, 'utf8');
    expect(after).toContain('<!-- qwen-eval:end results -->\n\nmy note\n');
    for (const name of ['presets', 'reported', 'known-issues'])
      expect(blockOf(after, name)).toEqual(blockOf(before, name));
    const changed = blockOf(after, 'results').filter((line) => !blockOf(before, 'results').includes(line));
    expect(changed.length).toBeGreaterThan(0);
    // Nothing of another model, and of this one only what the new run is about.
    const resultsOf = (text: string, title: string): string =>
      blockOf(text, 'results')
        .join('\n')
        .split(/^### /m)
        .find((part) => part.startsWith(title)) ?? '';
    for (const title of ['qwen3_4b', 'qwen3_8b', 'qwen3_0_6b_base', 'house-model']) {
      expect(resultsOf(after, title)).not.toBe('');
      expect(resultsOf(after, title)).toBe(resultsOf(before, title));
    }
    const changelog = blockOf(after, 'changelog');
    expect(changelog.slice(1)).toEqual(blockOf(before, 'changelog'));
  });

  it('links only to runs that are there, from wherever it stands, and makes the folder it is to stand in', () => {
    const file = join(folder, 'docs (new)', 'deep', 'T.md');
    updateTracker({ path: file, out, catalogue: fixtureCatalogue });
    for (const [at, text] of [
      [path, golden],
      [file, readFileSync(file, 'utf8')],
    ] as const) {
      const targets = [...text.matchAll(/\]\(([^)]*)\)/g)].map(([, target = '']) => target);
      expect(targets.length).toBeGreaterThan(100);
      const missing = targets.filter((target) => !existsSync(join(dirname(at), decodeURIComponent(target))));
      expect(missing).toEqual([]);
    }
  });

  it('is the same when it is reached by a symbolic link', () => {
    const link = join(folder, 'link');
    symlinkSync(folder, link);
    const file = join(link, 'LINKED.md');
    const linked = () => updateTracker({ path: file, out: join(link, 'runs'), catalogue: fixtureCatalogue }).changed;
    expect(linked()).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe(golden);
    expect(linked()).toBe(false);
  });

  it('says that a folder is no tracker, and which file to name', () => {
    expect(() => updateTracker({ path: out, out, catalogue: fixtureCatalogue })).toThrow(
      expect.objectContaining({
        message: `tracker ${realpathSync(out)} is a folder`,
        hint: `name a file in it: --tracker ${join(realpathSync(out), 'TRACKER.md')}`,
      }) as Error,
    );
  });

  it('keeps every line that is written outside the blocks, byte for byte and in order', () => {
    const lines = golden.split('\n');
    const outside = lines.flatMap((_, index) => (isOutside(lines, index) ? [index] : []));
    const note = fc.stringMatching(/^[A-Za-zäß|#>*` -]{0,30}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...outside), note), { minLength: 1, maxLength: 6 }), (notes) => {
        const edited = [...lines];
        for (const [at, text] of notes.toSorted(([a], [b]) => b - a)) edited.splice(at, 0, text);
        const document = edited.join('\n');
        expect(updated(document)).toEqual({ text: document, moved: [], error: null });
      }),
      { numRuns: 25 },
    );
  });

  it('brings out a line that is written inside a block, and names it', () => {
    const lines = golden.split('\n');
    const inside = lines.flatMap((_, index) => (isOutside(lines, index) ? [] : [index]));
    fc.assert(
      fc.property(fc.constantFrom(...inside), fc.stringMatching(/^my note [a-z]{1,12}$/), (at, note) => {
        const { text, moved, error } = updated(lines.toSpliced(at, 0, note).join('\n'));
        expect(error).toBeNull();
        expect(moved).toEqual([note]);
        expect(text.split('\n')).toContain(note);
        expect(updated(text).text).toBe(text);
      }),
      { numRuns: 25 },
    );
  });

  it('puts a box back that was ticked by hand, and says that it follows the runs', () => {
    const box = golden.split('\n').find((line) => line.startsWith('- [ ] ')) ?? '';
    const { text, moved, error } = updated(golden.replace(box, box.replace('[ ]', '[x]')));
    expect({ text, error }).toEqual({ text: golden, error: null });
    expect(moved).toEqual([]);
    writeFileSync(path, golden.replace(box, box.replace('[ ]', '[x]')));
    expect(update().findings.filter(({ id }) => id === 'tracker.ticked_box')).toMatchObject([
      { quote: box.replace('[ ]', '[x]') },
    ]);
  });

  it('survives any line deleted or doubled: it mends itself, or says which line of the markers is wrong and leaves the file alone', () => {
    const lines = golden.split('\n');
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.boolean(), (at, isDoubled) => {
        const line = lines[at] ?? '';
        const document = lines.toSpliced(at, isDoubled ? 0 : 1, ...(isDoubled ? [line] : [])).join('\n');
        const { text, error } = updated(document);
        if (error === null) {
          for (const name of ['header', 'results', 'upcoming', 'changelog'])
            expect(blockOf(text, name)).toEqual(blockOf(golden, name));
        } else {
          expect(line).toContain('qwen-eval:');
          expect(error).toMatch(/^E_TRACKER_MARKERS: line \d+ of the tracker: /);
          expect(text).toBe(document);
        }
      }),
      { numRuns: 40 },
    );
  });
});

/** True for a line that stands before, after or between blocks, where a new line would be the reader's. */
function isOutside(lines: readonly string[], at: number): boolean {
  const before = lines.slice(0, at);
  const last = before.findLastIndex((line) => line.startsWith('<!-- qwen-eval:'));
  return last < 0 || (before[last] ?? '').startsWith('<!-- qwen-eval:end');
}
