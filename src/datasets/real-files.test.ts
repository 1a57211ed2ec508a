import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { describeWithData, sharedData } from '../../test/support/shared-data.ts';
import type { Artefact } from '../core/ports/dataset.ts';
import { requireUniqueIds } from '../core/require-unique-ids.ts';
import { decodeUtf8 } from '../text/decode-utf8.ts';
import { parseCsv } from '../text/parse-csv.ts';
import { openDatasets } from './open-datasets.ts';

const artefact = (fileName: string, sha256: string): Artefact => ({
  name: 'data',
  sha256: [sha256],
  fileName,
  licence: 'test',
  hub: null,
});

describeWithData('the real benchmark files', () => {
  const cacheDir = mkdtempSync(join(tmpdir(), 'qe-real-'));
  afterAll(() => rmSync(cacheDir, { recursive: true }));
  const load = (fileName: string, sha256: string) =>
    openDatasets({
      dataDir: sharedData,
      cacheDir,
      allowUnverified: false,
      offline: true,
      hfCacheDir: null,
      hfEndpoint: null,
      hfToken: null,
    }).load([artefact(fileName, sha256)]);

  it.each([
    ['gsm8k test', 'test.jsonl', '3730d312f6e3440559ace48831e51066acaca737f6eabec99bccb9e4b3c39d14', 1319],
    ['gsm8k train', 'train.jsonl', '17f347dc51477c50d4efb83959dbb7c56297aba886e5544ee2aaed3024813465', 7473],
    ['arc', 'ARC-Challenge-Test.jsonl', '0f135655e88624a211e31c9edd91d7dc9ad122ae6f356f6a1a85e057d5a438fb', 1172],
    ['humaneval', 'HumanEval.jsonl.gz', 'b796127e635a67f93fb35c04f4cb03cf06f38c8072ee7cee8833d7bee06979ef', 164],
    ['humaneval+', 'another-name', 'daa7661c8189924068069b0872a440b491edb60f8bdf431d5957adc88d18bae5', 164],
    ['mbpp', 'mbpp.jsonl', 'ccf64ceae9c5403bf50a044cb6d505bfd2a2963ee58338ba268fd65beab92a9f', 974],
    ['mbpp+', 'MbppPlus-v0.1.0.jsonl', 'a855b9de667baea8e2f8aa61f898767a7336872208a85222b35622545e819fe9', 399],
    ['ifeval', 'input_data.jsonl', '67ffeee0fcb87c317c5b08a2de85557b4a7e96ada6178aa645b4954fe4b53d49', 541],
  ])('reads %s as JSON Lines', async (_title, fileName, sha256, count) => {
    const reader = await load(fileName, sha256);
    expect(await reader.jsonLines('data')).toHaveLength(count);
    expect(reader.files.get('data')).toMatchObject({ sha256, verified: true, origin: 'data-dir' });
  });

  it('reads sanitized MBPP as one JSON document', async () => {
    const reader = await load('s.json', 'ca95deaa9a01ef0a6f439f88bcf0dd3db3563d22f22aad6cae04ebb9a8d8c8e9');
    expect(await reader.json('data')).toHaveLength(427);
  });

  it('unpacks the bzip2 copy of HellaSwag', async () => {
    const reader = await load('x.bz2', '50b637899e4263c2bc456c2dc726c95d2c8cd8e2a552ea5bd7719ce3cb03fe5b');
    const text = await reader.text('data');
    expect(text.trimEnd().split('\n')).toHaveLength(60_252);
  });

  it('reads every CSV of the MMLU archive', async () => {
    const reader = await load('mmlu.zip', '9e2b2d78bf59d80baf271a13005568ef0aca17bd663f2e5ebfecdc07a68f0edc');
    const members = [...(await reader.zip('data'))].filter(([path]) => path.endsWith('.csv'));
    expect(members).toHaveLength(171);
    const counts = { dev: 0, val: 0, test: 0 };
    for (const [path, bytes] of members) {
      const rows = parseCsv(decodeUtf8(bytes, path), path);
      expect(rows.every((row) => row.length === 6)).toBe(true);
      const split = /\/(dev|val|test)\//.exec(path)?.[1] as keyof typeof counts;
      counts[split] += rows.length;
    }
    expect(counts).toEqual({ dev: 285, val: 1531, test: 14_042 });
  });

  it('finds no id twice', async () => {
    const reader = await load('q', '119565adbab82227089cefdb44c8d7e2cf04dc0a0ec233634c82e7d4e2a944f7');
    const questions = (await reader.jsonLines('data')) as readonly { readonly question_id: number }[];
    expect(questions).toHaveLength(80);
    expect(() =>
      requireUniqueIds(
        questions.map((question) => String(question.question_id)),
        'q',
      ),
    ).not.toThrow();
  });
});
