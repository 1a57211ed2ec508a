import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { unknownUsage } from '../core/generation.ts';
import type { SampleRecord } from '../core/sample-record.ts';
import { Journal, readJournal } from './journal.ts';

const folder = mkdtempSync(join(tmpdir(), 'journal-'));
afterAll(() => rmSync(folder, { recursive: true }));

const record = (sampleId: string, response = 'é 4\n'): SampleRecord => ({
  task: 'gsm8k',
  sampleId,
  epoch: 0,
  category: null,
  cluster: null,
  request: { kind: 'chat', messages: [{ role: 'user', content: '2+2?' }] },
  response,
  reasoning: null,
  thinking: 'none',
  toolCalls: [],
  finishReason: 'stop',
  usage: unknownUsage,
  timings: {
    startedAt: '2026-01-01T00:00:00.000Z',
    latencyMs: 1,
    timeToFirstChunkMs: null,
    timeToFirstTokenMs: null,
    timeToFirstContentMs: null,
    meanGapMs: null,
    maxGapMs: null,
    chunks: 0,
  },
  turns: null,
  transcript: null,
  continuations: null,
  extraction: { value: '4', method: 'last-number', span: [2, 3], candidates: 1 },
  score: 1,
  measures: {},
  unscored: null,
  code: null,
  codes: [],
  explanation: null,
  attempts: 1,
  seed: null,
});

describe('journal', () => {
  it('gives back what was appended, across openings', () => {
    const path = join(folder, 'a.jsonl');
    for (const ids of [['1', '2'], ['3']]) {
      const journal = Journal.open(path);
      for (const id of ids) journal.append(record(id));
      journal.close();
    }
    expect([...readJournal(path)]).toEqual(['1', '2', '3'].map((id) => record(id)));
  });

  it('cut at any byte it loses at most the torn line and takes new records', () => {
    const path = join(folder, 'b.jsonl');
    const journal = Journal.open(path);
    for (const id of ['1', '2', '3']) journal.append(record(id, 'ж'.repeat(40)));
    journal.close();
    const whole = readFileSync(path);
    const ends = [...whole.entries()].filter(([, byte]) => byte === 0x0a).map(([index]) => index + 1);
    for (let cut = 0; cut <= whole.length; cut++) {
      writeFileSync(path, whole);
      truncateSync(path, cut);
      const complete = ends.filter((end) => end <= cut).length;
      const again = Journal.open(path);
      again.append(record('new'));
      again.close();
      expect([...readJournal(path)].map((entry) => entry.sampleId)).toEqual([
        ...['1', '2', '3'].slice(0, complete),
        'new',
      ]);
    }
  });

  it('reads lines of any length the same as splitting the text', () => {
    const path = join(folder, 'c.jsonl');
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 3000 }), { maxLength: 20 }), (texts) => {
        writeFileSync(path, '');
        const journal = Journal.open(path);
        texts.forEach((text, index) => journal.append(record(String(index), text)));
        journal.close();
        expect([...readJournal(path)].map((entry) => entry.response)).toEqual(texts);
      }),
      { numRuns: 50 },
    );
  });

  it('crosses its own buffer limits', () => {
    const path = join(folder, 'd.jsonl');
    const journal = Journal.open(path);
    const long = 'x'.repeat(3_000_000);
    journal.append(record('long', long));
    journal.append(record('short'));
    journal.close();
    expect([...readJournal(path)].map((entry) => entry.response?.length)).toEqual([3_000_000, 4]);
  });

  it('names the line that is no record', () => {
    const path = join(folder, 'e.jsonl');
    writeFileSync(path, `${JSON.stringify(record('1'))}\n{"task":1}\n`);
    expect(() => [...readJournal(path)]).toThrow(/line 2 of .*e\.jsonl is not a sample record: task/);
    writeFileSync(path, 'nonsense\n');
    expect(() => [...readJournal(path)]).toThrow(/line 1 of .*e\.jsonl is not JSON/);
  });

  it('says what to do when the folder cannot be written', () => {
    expect(() => Journal.open(join(folder, 'missing', 'f.jsonl'))).toThrow(
      expect.objectContaining({ code: 'E_OUTPUT_UNWRITABLE' }),
    );
  });

  it('fails with E_DISK_FULL and keeps complete lines when the disk is full', () => {
    const journal = Journal.open('/dev/full');
    journal.append(record('1'));
    expect(() => journal.close()).toThrow(expect.objectContaining({ code: 'E_DISK_FULL' }));
  });
});
