import { describe, expect, it } from 'vitest';
import { diagnosedRun } from '../../../test/support/diagnosed-run.ts';
import { runDocument, sampleRecord, taskPlan } from '../../../test/support/recorded-run.ts';
import { describeWithReference, referenceTable } from '../../../test/support/shared-data.ts';
import type { RunPlan } from '../../core/run-plan.ts';
import type { SampleRecord } from '../../core/sample-record.ts';
import { modelRegistry } from '../../presets/model-registry.ts';
import { diagnoseRun } from '../diagnose-run.ts';
import { diagnosedTasks } from '../diagnosed-run.ts';
import { findReference } from './find-reference.ts';
import { referenceVerdicts } from './reference-verdicts.ts';
import { parseReferenceScores, referenceScores, valueOf, type ReferenceScore } from './reference-scores.ts';
import { settingDifferences } from './setting-differences.ts';

const model = (registryId: string | null, name: string, facts: RunPlan['model']['facts'] = {}): RunPlan['model'] => ({
  requested: null,
  name,
  registryId,
  sha256: null,
  family: null,
  facts,
});

const instruct7 = model('qwen2_5_7b_instruct', 'Qwen2.5-7B-Instruct');

const planOf = (task: string, changes: Parameters<typeof taskPlan>[1] = {}) => taskPlan(task, changes);

/** A run of 100 samples of which the first `wrong` are missed as told. */
function run(
  task: string,
  wrong: number,
  parts: {
    readonly plan?: Partial<RunPlan>;
    readonly task?: Parameters<typeof taskPlan>[1];
    readonly miss?: Partial<SampleRecord>;
    readonly result?: Parameters<typeof diagnosedRun>[0]['task'];
  } = {},
) {
  const document = runDocument('r', [planOf(task, parts.task)], {
    model: instruct7,
    mode: 'non-thinking',
    ...parts.plan,
  });
  const records = Array.from({ length: 100 }, (_, index) =>
    sampleRecord(task, `${index}`, index < wrong ? { score: 0, code: 'answer.wrong', ...parts.miss } : {}),
  );
  return diagnosedRun({ document, records, ...(parts.result && { task: parts.result }) });
}

const referenceOf = (...args: Parameters<typeof run>) => diagnoseRun(run(...args)).references[0];

describe('data/reference-scores.json', () => {
  it('is checked by schema, and every model named by hub id is known or older than the registry', () => {
    const scores = referenceScores();
    expect(scores.length).toBeGreaterThan(1900);
    const known = new Set(modelRegistry().map(({ hubId }) => hubId));
    const unknown = new Set(scores.flatMap(({ hubId }) => (hubId === null || known.has(hubId) ? [] : [hubId])));
    expect([...unknown].filter((hubId) => !hubId.startsWith('Qwen/Qwen2-'))).toEqual([]);
    for (const row of scores.filter(({ task }) => task !== null)) {
      expect(valueOf(row)).toBeGreaterThan(0);
      expect(valueOf(row)).toBeLessThanOrEqual(row.metric === 'score/10' ? 10 : 1);
    }
  });

  it('names the row that is wrong', () => {
    const row = referenceScores()[0];
    expect(() => parseReferenceScores({ schemaVersion: 1, scores: [row, { ...row, score: '86' }] })).toThrow(
      expect.objectContaining({
        code: 'E_INPUT_INVALID',
        message: expect.stringContaining('scores.1.score') as string,
      }),
    );
  });
});

describeWithReference('the reference scores beside their source', 'qwen-reference-scores.json', () => {
  it('are all there, with the same value, setting and model', () => {
    const rows = referenceTable('qwen-reference-scores.json') as readonly Record<string, unknown>[];
    const key = (row: object): string => {
      const { model: name, benchmark, score, setting } = row as Record<string, unknown>;
      return JSON.stringify([name, benchmark, score, setting]);
    };
    expect(referenceScores().map(key).toSorted()).toEqual(rows.map(key).toSorted());
  });
});

describe('an official score beside ours', () => {
  it('agrees where the interval holds it', () => {
    expect(referenceOf('gsm8k', 8)).toMatchObject({
      task: 'gsm8k',
      official: { value: 0.916, benchmark: 'GSM8K', model: 'Qwen2.5-7B-Instruct', isCopy: false },
      reason: null,
      contains: true,
      causes: [],
    });
  });

  it('says how far apart the two are, and where the settings differ', () => {
    const found = referenceOf('gsm8k', 44, {
      task: { samples: { count: 100, digest: 'cd', limit: 100, sampleSeed: null } },
    });
    expect(found?.contains).toBe(false);
    expect(found?.difference).toMatchObject({ value: expect.closeTo(-0.356, 3) as number, n: 100 });
    expect(found?.settingDifferences).toEqual([
      { what: 'prompt', official: 'not published', ours: 'version 1' },
      { what: 'samples', official: 'the whole set', ours: '100, the first' },
    ]);
    // The interval allows for the choice of the samples, and the published score is outside of it.
    expect(found?.causes.map(({ cause }) => cause)).toEqual(['prompt']);
  });

  it('suspects the choice of samples where the first of a sorted set were taken', () => {
    const samples = { count: 100, digest: 'cd', limit: 100, sampleSeed: null };
    const warnings = ['gsm8k is sorted by source: its first 100 samples are not representative; use --sample-seed'];
    const causes = (sampleSeed: number | null) =>
      referenceOf('gsm8k', 44, { task: { samples: { ...samples, sampleSeed }, warnings } })?.causes;
    expect(causes(null)?.[0]?.explanation).toBe(
      'samples: the whole set there, 100, the first of a sorted set here (a part of the set is not the set)',
    );
    expect(causes(7)?.map(({ cause }) => cause)).toEqual(['prompt']);
  });

  it('puts what a score of nothing looks like before the settings', () => {
    expect(referenceOf('gsm8k', 100)?.causes).toMatchObject([
      { cause: 'zero', explanation: expect.stringMatching(/^gsm8k: 0 % because 100 of 100 answers/) as string },
      { cause: 'prompt' },
    ]);
  });

  it('puts a fault first that is large enough to explain the gap', () => {
    const cut = { code: 'gen.truncated', finishReason: 'length' } as const;
    const found = referenceOf('gsm8k', 44, { miss: cut });
    expect(found?.causes[0]).toEqual({
      cause: 'truncation',
      explanation: '44 of 100 are answers cut at the token limit: at most 44.0 points',
      upTo: 0.44,
    });
  });

  it('puts doubts about the run before all, and small faults behind the settings', () => {
    const marked = { response: 'x<|im_end|>', code: 'format_mismatch.template' } as const;
    expect(referenceOf('gsm8k', 44, { miss: marked })?.causes.map(({ cause }) => cause)).toEqual([
      'template_mismatch',
      'serving',
      'prompt',
    ]);
    const document = run('gsm8k', 44);
    const samples = document.samples.get('gsm8k') ?? [];
    const one = samples.map((sample, index) => (index === 0 ? { ...sample, code: 'extract.no_answer' } : sample));
    const { references } = diagnoseRun({ ...document, samples: new Map([['gsm8k', one]]) });
    expect(references[0]?.causes.map(({ cause }) => cause)).toEqual(['prompt', 'extraction']);
  });

  it('suspects easier marking and seen questions where ours is higher', () => {
    const higher = referenceOf('ifeval', 2);
    expect(higher?.causes.map(({ cause }) => cause)).toEqual(['prompt', 'easier marking']);
    const marked = { response: '48/2=<<48/2=24>>24 \\boxed{24}' };
    const document = runDocument('r', [planOf('ifeval')], { model: instruct7, mode: 'non-thinking' });
    const records = Array.from({ length: 100 }, (_, index) => sampleRecord('ifeval', `${index}`, marked));
    const { references } = diagnoseRun(diagnosedRun({ document, records }));
    expect(references[0]?.causes.map(({ cause }) => cause)).toEqual(['contamination', 'prompt', 'easier marking']);
  });

  it('is a rating in its own unit for MT-Bench', () => {
    const rating = { value: 6, low: 5.5, high: 6.5, level: 0.95, method: 'clustered-t', n: 80 };
    const result = { headline: 'rating', metrics: { rating } };
    const { diagnosis, references } = diagnoseRun(run('mt_bench', 0, { result }));
    expect(references[0]).toMatchObject({ official: { value: 8.75 }, contains: false });
    expect(diagnosis.find(({ id }) => id === 'reference_gap')?.summary).toMatch(
      /^mt_bench: 6\.00? ± 0\.50? here, 8\.75 published for Qwen2\.5-7B-Instruct \(judge not named in blog\)/,
    );
  });

  it('is told as a verdict with the likeliest cause, and not where there is no score of ours', () => {
    const { diagnosis } = diagnoseRun(run('gsm8k', 44));
    expect(diagnosis).toMatchObject([
      {
        id: 'reference_gap',
        severity: 'warning',
        summary:
          'gsm8k: 56 ± 10 here, 91.6 published for Qwen2.5-7B-Instruct (instruct, shots/decoding not stated in blog); likeliest: prompt: not published there, version 1 here (the wording asks for something else)',
        advice: 'qwen-eval diagnose r --tasks gsm8k',
      },
    ]);
    const without = referenceOf('gsm8k', 44, { result: { metrics: { accuracy: { unavailable: 'too few' } } } });
    expect(without).toMatchObject({ contains: null, difference: null, official: { benchmark: 'GSM8K' } });
    expect(diagnoseRun(run('gsm8k', 44, { result: { metrics: {} } })).references).toEqual([]);
  });
});

describe('a gap to an official score', () => {
  const gap = diagnoseRun(run('gsm8k', 44)).references;

  it('that nothing explains is said to be so', () => {
    const [verdict] = referenceVerdicts(
      gap.map((one) => ({ ...one, causes: [] })),
      'r',
    );
    expect(verdict?.summary).toMatch(/; nothing in the settings explains it$/);
    expect(verdict?.evidence).toMatchObject({ causes: [] });
  });

  it('is no verdict where the interval holds the score or one of the two is not known', () => {
    expect(referenceVerdicts(gap, 'r')).toHaveLength(1);
    const changes = [{ official: null }, { contains: true }, { contains: null }, { difference: null }] as const;
    for (const change of [...changes, { ours: { unavailable: 'too few' } }])
      expect(
        referenceVerdicts(
          gap.map((one) => ({ ...one, ...change })),
          'r',
        ),
      ).toEqual([]);
  });
});

describe('no official score', () => {
  const reason = (task: string, plan: Partial<RunPlan>) => referenceOf(task, 0, { plan })?.reason;

  it('is said with the reason', () => {
    expect(reason('gsm8k', { model: model(null, 'mine') })).toBe('the model is in no registry');
    expect(reason('synthetic_arithmetic', {})).toBe('nothing official is known of synthetic_arithmetic');
    expect(reason('hellaswag', {})).toBe(
      'no official value; there is one of Qwen2.5-7B, and a base model’s score is not lent',
    );
    expect(reason('gsm8k', { model: model('qwen3_8b', 'Qwen3-8B') })).toBe(
      'no official value; there is one of Qwen3-8B-Base, and a base model’s score is not lent',
    );
    expect(reason('mt_bench', { model: model('qwen2_5_0_5b_instruct', 'Qwen2.5-0.5B-Instruct') })).toBe(
      'no official value',
    );
    expect(reason('gsm8k', { mode: 'thinking' })).toBe('no official value in thinking mode, only in non-thinking mode');
  });

  it('never lends the score of an instruct model to its base', () => {
    expect(reason('ifeval', { model: model('qwen2_5_7b', 'Qwen2.5-7B') })).toBe('no official value');
  });
});

describe('the official score that is nearest', () => {
  const nearest = (task: string, plan: Partial<RunPlan>, changes: Parameters<typeof taskPlan>[1] = {}) => {
    const [first] = diagnosedTasks(run(task, 0, { plan, task: changes }));
    const found = first === undefined ? null : findReference(first);
    return found?.kind === 'found' ? found : null;
  };

  it('has the quantisation of the run before anything else', () => {
    const coder = (quantization: string | null) =>
      model('qwen2_5_coder_32b_instruct', 'Qwen2.5-Coder-32B-Instruct', { quantization });
    expect(nearest('humaneval', { model: coder('awq') })?.score.quantization).toBe('awq');
    expect(nearest('humaneval', { model: coder('Q4_K_M') })?.score.quantization).toBe('q4_k_m');
    const unquantised = [null, 'bf16'];
    expect(unquantised).toContain(nearest('humaneval', { model: coder('q3_k_xl') })?.score.quantization);
    expect(unquantised).toContain(nearest('humaneval', { model: coder(null) })?.score.quantization);
  });

  it('has the shots of the run, and the mode', () => {
    const base = { model: model('qwen2_5_7b', 'Qwen2.5-7B') };
    const shots = nearest('mbpp', base, { settings: { ...planOf('mbpp').settings, fewShot: 3 } });
    expect(shots?.score.fewShot).toBe(3);
    expect(nearest('mbpp', base)?.score.fewShot).toBe(0);
    const hybrid = { model: model('qwen3_8b', 'Qwen3-8B') };
    expect(nearest('ifeval', { ...hybrid, mode: 'thinking' })?.score).toMatchObject({ mode: 'thinking', score: 85 });
    expect(nearest('ifeval', { ...hybrid, mode: 'non-thinking' })?.score).toMatchObject({ score: 83 });
  });
});

describe('setting differences', () => {
  const row: ReferenceScore = {
    model: 'M',
    hubId: 'Qwen/M',
    variant: 'base',
    quantization: null,
    mode: 'thinking',
    benchmark: 'GSM8K',
    task: 'gsm8k',
    metric: 'accuracy',
    score: 80,
    fewShot: 4,
    setting: '4-shot CoT, temp 0.6, max output 32,768',
    source: 'paper',
    tier: 'official',
    reviewed: '2026-11-23',
  };
  const differences = (score: Partial<ReferenceScore>, changes: Parameters<typeof taskPlan>[1] = {}) => {
    const [task] = diagnosedTasks(
      run('gsm8k', 0, {
        task: changes,
        plan: { mode: 'unspecified', model: model('x', 'x', { quantization: 'awq' }) },
      }),
    );
    if (!task) throw new Error('no task');
    return settingDifferences(task, { ...row, ...score }).map(
      ({ what, official, ours }) => `${what}: ${official} → ${ours}`,
    );
  };

  it('are everything known to differ, in the order in which it usually matters', () => {
    const settings = { ...planOf('gsm8k').settings, choiceMode: 'generative' } as const;
    expect(
      differences(
        {},
        {
          settings,
          samples: { count: 50, digest: 'cd', limit: 50, sampleSeed: 1 },
          datasets: [{ name: 'test', sha256: 'x', verified: false }],
        },
      ),
    ).toEqual([
      'data: the published files → other files',
      'mode: thinking → unspecified',
      'choice mode: log-likelihood → generative',
      'shots: 4 → 0',
      'prompt: chain of thought → version 1',
      'output tokens: 32768 → 512',
      'temperature: 0.6 → 0',
      'quantization: none → awq',
      'samples: the whole set → 50, drawn',
    ]);
  });

  it('are not what the source does not say', () => {
    expect(
      differences({ variant: 'instruct', mode: null, fewShot: null, setting: 'greedy', quantization: 'awq' }),
    ).toEqual(['prompt: not published → version 1']);
  });

  it('tell from what the weights were made, and put a prompt that nobody published last', () => {
    const facts = { name: 'Qwen2.5 Coder 0.5B Instruct AWQ', quantization: 'q4_k_m' };
    const [task] = diagnosedTasks(run('gsm8k', 0, { plan: { mode: 'unspecified', model: model('x', 'x', facts) } }));
    if (!task) throw new Error('no task');
    const found = settingDifferences(task, {
      ...row,
      variant: 'instruct',
      mode: null,
      fewShot: null,
      setting: 'greedy',
    });
    expect(found.map(({ what, ours }) => `${what}: ${ours}`)).toEqual([
      'quantization: q4_k_m made from AWQ weights',
      'prompt: version 1',
    ]);
  });
});
