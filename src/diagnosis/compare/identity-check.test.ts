import { describe, expect, it } from 'vitest';
import type { RunPlan } from '../../core/run-plan.ts';
import { runDocument, taskPlan } from '../../../test/support/recorded-run.ts';
import { cellIdentity } from '../cell-identity.ts';
import { differingIdentity, requireComparable, requireIdentityNames } from './identity-check.ts';

const { plan } = runDocument('r', []);
const tasks = [taskPlan('gsm8k'), taskPlan('mmlu')];
const differences = (changes: Partial<RunPlan>) =>
  differingIdentity(
    { a: runDocument('a', tasks), b: runDocument('b', tasks, changes) },
    tasks.map((task) => ({ a: task, b: task })),
  ).map(({ identity, a, b, tasks: named }) => [identity, a, b, ...named]);

describe('who answered', () => {
  it('is told by the names people use, once for the run', () => {
    const model = { ...plan.model, registryId: null, sha256: '12'.repeat(32), facts: { quantization: 'awq' } };
    expect(differences({ model, engine: { ...plan.engine, id: 'vllm', version: '0.9.1' } })).toEqual([
      ['model', 'qwen3_0_6b', 'Qwen3-0.6B'],
      ['weights', 'not known', 'sha256 12121212'],
      ['quantization', 'not known', 'awq'],
      ['engine', 'openai-compatible', 'vllm 0.9.1'],
    ]);
  });

  it('takes only text for a quantisation', () => {
    expect(differences({ model: { ...plan.model, facts: { quantization: 4 } } })).toEqual([]);
  });

  it('has the chat template for each task that it may matter to', () => {
    const withTemplate = (templateSha256: string | null) =>
      runDocument('a', tasks, { engine: { ...plan.engine, templateSha256 } });
    const found = (before: string | null) =>
      differingIdentity(
        { a: withTemplate(before), b: withTemplate('34'.repeat(32)) },
        tasks.map((task) => ({ a: task, b: task })),
      );
    expect(found('12'.repeat(32))).toEqual([
      {
        identity: 'template',
        a: 'sha256 12121212',
        b: 'sha256 34343434',
        mustBeEqual: false,
        tasks: ['gsm8k', 'mmlu'],
      },
    ]);
    // What nobody knows is no difference.
    expect(found(null)).toEqual([]);
  });
});

describe('what must be equal', () => {
  const entry = { identity: 'choice mode', a: 'none', b: 'generative', mustBeEqual: true, tasks: ['mmlu', 'arc'] };

  it('is named with both values, its tasks and the option that allows it', () => {
    const also = { ...entry, identity: 'dataset test', tasks: ['mmlu'] };
    expect(() => requireComparable([entry, also], [])).toThrow(
      expect.objectContaining({
        code: 'E_NOT_COMPARABLE',
        message:
          'the runs are not comparable, they differ in choice mode (mmlu, arc): none against generative; dataset test (mmlu): none against generative',
        hint: expect.stringContaining('--allow-different choice-mode,dataset-test') as string,
      }),
    );
  });

  it.each([
    ['choice mode', true],
    ['Choice_Mode', true],
    ['choice', true],
    ['mode', false],
    ['choice mod', false],
  ])('is allowed by %j: %s', (name, isAllowed) => {
    const check = () => requireComparable([entry], [name]);
    if (isAllowed) expect(check).not.toThrow();
    else expect(check).toThrow('not comparable');
  });

  it('is no matter of what may differ', () => {
    expect(() => requireComparable([{ ...entry, mustBeEqual: false }], [])).not.toThrow();
  });
});

describe('a name of --allow-different', () => {
  const judge = {
    model: 'a-judge',
    sha256: null,
    family: null,
    engine: 'openai-compatible',
    engineVersion: null,
    mode: 'unspecified',
    sampling: taskPlan('x').sampling,
    maxTokens: 512,
    prompts: { source: 'own', sha256: 'ab'.repeat(32) },
    isSameFamily: false,
  } as const;
  const parts = [
    ...Object.keys(cellIdentity(runDocument('a', []), taskPlan('mt_bench', { judge }))),
    'weights',
    'quantization',
    'preset',
  ];

  it.each(parts)('may be %s, as messages write it or as options do', (part) => {
    expect(() => requireIdentityNames([part, part.replaceAll(' ', '-')])).not.toThrow();
  });

  it.each([
    ['shot', 'did you mean shots?'],
    ['choise-mode', 'did you mean choice-mode?'],
    ['datasets', 'did you mean dataset?'],
    ['everything', 'it takes dataset, samples, task-version'],
    ['', 'it takes dataset, samples, task-version'],
  ])('is refused where it means nothing: %j', (name, hint) => {
    expect(() => requireIdentityNames(['samples', name])).toThrow(
      expect.objectContaining({ code: 'E_OPTION_INVALID', hint: expect.stringContaining(hint) as string }),
    );
  });
});
