import { describe, expect, it } from 'vitest';
import type { SampleRecord } from '../core/sample-record.ts';
import { sampleRecord } from '../../test/support/recorded-run.ts';
import { sampleFacts } from './sample-facts.ts';

const facts = (changes: Partial<SampleRecord>) => sampleFacts(sampleRecord('gsm8k', 'a', changes));

describe('the facts of a sample', () => {
  it('hold the answer taken where it is as short as a label', () => {
    const choice = (value: string | null) =>
      facts({ extraction: { value, method: 'letter', span: null, candidates: 1 } }).choice;
    expect([choice('B'), choice('12345678'), choice('123456789'), choice(null)]).toEqual(['B', '12345678', null, null]);
    expect(facts({ extraction: null }).choice).toBeNull();
  });

  it('tell thinking tags and calculator marks that the question had not shown', () => {
    expect(facts({ response: '<think>a</think>42' }).hasThinkingTags).toBe(true);
    expect(facts({ response: '48/2=<<48/2=24>>24' }).recitesMarks).toBe(true);
    const request = { kind: 'continuations', context: 'as <<1+1=2>>', continuations: [] } as const;
    expect(facts({ response: '48/2=<<48/2=24>>24', request }).recitesMarks).toBe(false);
  });
});
