import { describe, expect, it } from 'vitest';
import type { JudgePlan, RunPlan } from '../core/run-plan.ts';
import { greedySampling } from '../core/sampling.ts';
import { runDocument, taskPlan } from '../../test/support/recorded-run.ts';
import {
  cellIdentity,
  deploymentIdentity,
  formatComparability,
  formatDifferences,
  identityDifferences,
  knownSince,
  type CellIdentity,
} from './cell-identity.ts';

const { plan } = runDocument('r', []);
const values = (identity: CellIdentity) =>
  Object.fromEntries(Object.entries(identity).map(([part, { value }]) => [part, value]));

const judge: JudgePlan = {
  model: 'Qwen3-32B',
  sha256: null,
  family: 'qwen3',
  engine: 'vllm',
  engineVersion: null,
  mode: 'non-thinking',
  sampling: greedySampling,
  maxTokens: 1024,
  prompts: { source: 'fastchat', sha256: 'ee'.repeat(32) },
  isSameFamily: true,
};

const identity = (
  changes: { readonly task?: Parameters<typeof taskPlan>[1]; readonly plan?: Partial<RunPlan> } = {},
): CellIdentity => {
  const task = taskPlan('gsm8k', changes.task);
  return cellIdentity(runDocument('r', [task], changes.plan), task);
};

describe('who answers', () => {
  it('is said by hash where there is one, and by name where there is none', () => {
    expect(values(deploymentIdentity(runDocument('r', [])))).toEqual({
      model: 'Qwen3-0.6B',
      server: 'not fingerprinted',
      template: 'not known',
      engine: 'openai-compatible',
    });
    const document = runDocument('r', [], {
      model: { ...plan.model, sha256: '12'.repeat(32) },
      engine: { ...plan.engine, version: '0.9.1', templateSha256: '34'.repeat(32) },
    });
    const fingerprint = {
      schemaVersion: 1,
      takenAt: document.createdAt,
      requests: 20,
      probes: {},
      identity: '56'.repeat(32),
    } as const;
    expect(values(deploymentIdentity({ ...document, fingerprint }))).toEqual({
      model: 'sha256 12121212',
      server: 'fingerprint 56565656',
      template: 'sha256 34343434',
      engine: 'openai-compatible 0.9.1',
    });
  });
});

describe('what a result stands on', () => {
  it('names every part of a plain task', () => {
    expect(values(identity())).toMatchObject({
      'task version': '1',
      'scorer version': 'numeric-answer 1',
      'dataset test': 'sha256 abababab',
      samples: '100 (cdcdcdcd)',
      epochs: '1',
      shots: '0',
      'choice mode': 'none',
      'tool format': 'none',
      'output tokens': '512',
      'task settings': '{"split":"pinned"}',
      prompt: 'plain',
      workflow: 'none',
      mode: 'unspecified',
    });
    expect(Object.keys(identity())).not.toContain('judge');
  });

  it('has no workflow where only the prompt is worded otherwise', () => {
    const workflow = { promptVariant: 'brief', selfCheck: false, answerRetries: 0 } as const;
    expect(values(identity({ task: { workflow } }))).toMatchObject({ prompt: 'brief', workflow: 'none' });
  });

  it('has the seed that draws the examples, and the workflow', () => {
    const settings = {
      ...taskPlan('x').settings,
      fewShot: 4,
      seed: 7,
      choiceMode: 'generative',
      toolFormat: 'xml',
    } as const;
    const workflow = { promptVariant: 'careful', selfCheck: true, answerRetries: 2 } as const;
    expect(values(identity({ task: { settings, workflow } }))).toMatchObject({
      shots: '4 (seed 7)',
      'choice mode': 'generative',
      'tool format': 'xml',
      prompt: 'careful',
      workflow: '{"answerRetries":2,"selfCheck":true}',
    });
  });

  it('shows long settings by their hash', () => {
    const extra = { list: Array.from({ length: 80 }, (_, index) => index) };
    const settings = { ...taskPlan('x').settings, extra };
    const shown = identity({ task: { settings } })['task settings']?.value;
    expect(shown).toMatch(/^[0-9a-f]{8}$/);
    const other = { ...settings, extra: { list: [...extra.list, 80] } };
    expect(identity({ task: { settings: other } })['task settings']?.value).not.toBe(shown);
  });

  it('has the judge, by weights and version where they are known', () => {
    expect(values(identity({ task: { judge } }))).toMatchObject({
      judge: 'Qwen3-32B on vllm',
      'judge settings': '{"maxTokens":1024,"mode":"non-thinking","seed":null,"temperature":0}',
      'judge engine version': 'not known',
      'judge prompts': 'fastchat (sha256 eeeeeeee)',
    });
    const known = { ...judge, sha256: '78'.repeat(32), engineVersion: '0.9.1' };
    expect(values(identity({ task: { judge: known } }))).toMatchObject({
      judge: 'Qwen3-32B (sha256 78787878) on vllm',
      'judge engine version': 'vllm 0.9.1',
    });
  });
});

describe('differences', () => {
  it('are none between equal results', () => {
    const found = identityDifferences(identity(), identity());
    expect(found).toEqual([]);
    expect(formatComparability(found)).toBe('same identity');
    expect(formatDifferences(found)).toBe('');
  });

  it('are none where one side is not known', () => {
    const document = runDocument('r', []);
    const fingerprint = (digit: string) => ({
      schemaVersion: 1 as const,
      takenAt: document.createdAt,
      requests: 20,
      probes: {},
      identity: digit.repeat(64),
    });
    const unknown = deploymentIdentity(document);
    const [five, six] = ['5', '6'].map((digit) => deploymentIdentity({ ...document, fingerprint: fingerprint(digit) }));
    if (!five || !six) throw new Error('no identity');
    expect(identityDifferences(unknown, five)).toEqual([]);
    expect(identityDifferences(five, unknown)).toEqual([]);
    expect(identityDifferences(five, six).map(({ part }) => part)).toEqual(['server']);
    // What was known before stays known.
    expect(knownSince(five, unknown)).toEqual(five);
    expect(knownSince(five, six)).toEqual(six);
    expect(knownSince({}, unknown)).toEqual(unknown);
  });

  it('may be stated and compared over', () => {
    const found = identityDifferences(identity(), identity({ plan: { mode: 'thinking' }, task: { epochs: 3 } }));
    expect(found).toEqual([
      { part: 'epochs', kind: 'setting', before: '1', after: '3', comparable: true },
      { part: 'mode', kind: 'setting', before: 'unspecified', after: 'thinking', comparable: true },
    ]);
    expect(formatComparability(found)).toBe('comparable with the difference stated: epochs, mode');
    expect(formatDifferences(found)).toBe('epochs 1 → 3; mode unspecified → thinking');
  });

  it('name only the members that differ, and none where one side lacks them', () => {
    const { sampling } = taskPlan('gsm8k');
    const preset = { ...runDocument('x', []).plan.preset, resolved: { sequences: 8, kv: 'q8_0' } };
    const before = { ...preset, resolved: { sequences: 4, kv: 'q8_0', batch: 512 } };
    const found = identityDifferences(
      identity({ plan: { preset: before } }),
      identity({ plan: { preset }, task: { sampling: { ...sampling, temperature: 0.7 } } }),
    );
    expect(found.map(({ part, before: old, after }) => [part, old, after])).toEqual([
      ['sampling', 'temperature 0', 'temperature 0.7'],
      ['preset flags', 'batch 512, sequences 4', 'batch none, sequences 8'],
    ]);
  });

  it('stand in the way of a comparison where questions or marking changed, also by parts that one side lacks', () => {
    const datasets = [{ name: 'train', sha256: '99'.repeat(32), verified: true }];
    const found = identityDifferences(identity(), identity({ task: { judge, datasets, epochs: 3 } }));
    expect(found.filter(({ part }) => /^(?:dataset|judge$)/.test(part))).toEqual([
      { part: 'dataset train', kind: 'data', before: 'none', after: 'sha256 99999999', comparable: false },
      { part: 'judge', kind: 'setting', before: 'none', after: 'Qwen3-32B on vllm', comparable: false },
      { part: 'dataset test', kind: 'data', before: 'sha256 abababab', after: 'none', comparable: false },
    ]);
    expect(formatComparability(found)).toBe(
      'not comparable: dataset train, judge, judge settings, judge prompts, dataset test differ',
    );
  });
});
