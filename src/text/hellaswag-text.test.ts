import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadTaskSamples, settingsOf } from '../../test/support/load-task-samples.ts';
import { describeWithData, sharedDataPath } from '../../test/support/shared-data.ts';
import hellaswag from '../tasks/hellaswag.ts';
import { capitalizeSecondContext, cleanHellaswag, hellaswagContext } from './hellaswag-text.ts';
import { pythonCapitalize } from './python-string.ts';

describe('pythonCapitalize', () => {
  it.each([
    ['', ''],
    ['he SAYS', 'He says'],
    ['HE', 'He'],
    ['ßa', 'Ssa'],
    ['ǆabc', 'ǅabc'],
    ['ﬁRST', 'First'],
    ['éCLAIR', 'Éclair'],
    ['aΣ', 'Aς'],
    ['ΣΑΣ', 'Σας'],
    ['1ST Place', '1st place'],
    [' he', ' he'],
    ['𐐨𐐀', '𐐀𐐨'],
  ])('%j gives %j', (text, expected) => {
    expect(pythonCapitalize(text)).toBe(expected);
  });
});

describe('cleanHellaswag', () => {
  it.each([
    ['  How to [title] cook [step] rice  ', 'How to. cook rice'],
    ['a  b    c', 'a b  c'],
    ['[header] Roofing [title] Begin.', ' Roofing. Begin.'],
    ['[unclosed bracket', '[unclosed bracket'],
    ['a [x [y] z] b', 'a z] b'],
    ['a [x\nb [y] c', 'a [x\nb c'],
  ])('%j gives %j', (text, expected) => {
    expect(cleanHellaswag(text)).toBe(expected);
  });

  it('is linear in unclosed brackets', () => {
    const start = performance.now();
    cleanHellaswag('['.repeat(200_000));
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('capitalizeSecondContext', () => {
  it.each([
    ['Roofing: A man sits. he', 'Roofing: A man sits. He'],
    ['Roofing: A man sits on a roof.', 'Roofing: A man sits on a roof.'],
    ['Roofing: it begins', 'Roofing: it begins'],
    ['A: B. C d. the OLD lady', 'A: B. C d. The old lady'],
  ])('%j gives %j', (text, expected) => {
    expect(capitalizeSecondContext(text)).toBe(expected);
  });
});

describeWithData('HellaSwag texts on the real files', () => {
  it('equal the cleaned originals on all 1,000 records known uncleaned', async () => {
    const samples = await loadTaskSamples(hellaswag, settingsOf(hellaswag, { choiceMode: 'loglikelihood' }));
    const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
    const byEndings = new Map(
      samples.map((sample) => [sample.input.options.map(({ text }) => plain(text)).join('\n'), sample]),
    );
    const raw = readFileSync(sharedDataPath('hellaswag', 'hellaswag_val_raw_1000.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as Record<'activity_label' | 'ctx_a' | 'ctx_b', string> & {
            label: number;
            endings: string[];
          },
      );
    expect(raw).toHaveLength(1000);
    for (const record of raw) {
      const endings = record.endings.map((ending) => plain(cleanHellaswag(ending)));
      const sample = byEndings.get(endings.join('\n'));
      const context = hellaswagContext({
        activityLabel: record.activity_label,
        contextA: record.ctx_a,
        contextB: record.ctx_b,
      });
      if (sample === undefined) throw new Error(`no sample has the endings of ${context}`);
      const prompt = hellaswag.render(sample, settingsOf(hellaswag, { choiceMode: 'loglikelihood' }));
      if (prompt.kind !== 'continuations') throw new Error('not by log-likelihood');
      expect(plain(prompt.context)).toBe(plain(context));
      expect(prompt.continuations.map(plain)).toEqual(endings);
      expect(sample.target.label).toBe('ABCD'[record.label]);
    }
  });
});
