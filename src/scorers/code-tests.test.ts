import { describe, expect, it } from 'vitest';
import { sandboxVerdict as verdict, scriptedSandbox } from '../../test/support/scripted-sandbox.ts';
import { defaultSettings } from '../../test/support/task-settings.ts';
import type { Json } from '../core/json.ts';
import type { Sandbox, SandboxCall } from '../core/ports/sandbox.ts';
import type { Sample } from '../core/sample.ts';
import { textResponse } from '../text/assistant-turn.ts';
import codeTests from './code-tests.ts';
import type { CodeCases, CodeInput, CodeTarget } from './support/code/code-sample.ts';
import { judgeCode } from './support/code/judge-code.ts';

const stub = 'import math\n\n\ndef helper(x):\n    return x\n\n\ndef f(x):\n    """Doc."""\n';

const sample = (
  changes: { readonly stub?: string | null; readonly cases?: CodeCases } = {},
): Sample<CodeInput, CodeTarget> => ({
  id: 'x/1',
  category: null,
  cluster: null,
  input: { entryPoint: 'f', stub: changes.stub === undefined ? stub : changes.stub, ask: 'Write f.' },
  target: {
    solution: `${stub}    return helper(x)\n`,
    setup: 'import math',
    tests: 'assert f(1) == 1',
    cases: changes.cases ?? null,
    timeLimitMs: 3000,
  },
});

async function score(
  text: string | null,
  { sandbox }: { readonly sandbox: Sandbox | null },
  asked = sample(),
  raw: Parameters<typeof textResponse>[1] = {},
) {
  return codeTests.score(
    { sample: asked, response: textResponse(text, raw), settings: defaultSettings },
    { sandbox, judge: null },
  );
}

const answer = '```python\ndef f(x):\n    return x\n```';
const passed = verdict('passed');

const isFirst = (value: unknown, index: number, all: readonly unknown[]): boolean => all.indexOf(value) === index;

it('runs one program for answers that differ in blank lines or in repeating what was shown', async () => {
  const body = '    return helper(x)\n';
  const answers = [
    `\`\`\`python\n${stub}${body}\`\`\``,
    `\`\`\`python\n\n\n${stub}${body}\n\n\`\`\``,
    `\`\`\`python\ndef f(x):\n    """Doc."""\n${body}\`\`\``,
    body,
  ];
  const { sandbox, programs } = scriptedSandbox(answers.map(() => passed));
  for (const text of answers) expect(await score(text, { sandbox })).toMatchObject({ score: 1 });
  expect(programs.map(({ candidate }) => candidate).filter(isFirst)).toEqual([`${stub}${body}`]);
});

describe('verdicts', () => {
  it('are right when every test passes', async () => {
    const { sandbox, programs } = scriptedSandbox([passed]);
    expect(await score(answer, { sandbox })).toMatchObject({
      kind: 'scored',
      score: 1,
      codes: [],
      extraction: { method: 'fenced', value: 'def f(x):\n    return x' },
    });
    expect(programs).toEqual([
      {
        id: 'x/1',
        candidate: 'import math\n\n\ndef helper(x):\n    return x\n\n\ndef f(x):\n    return x\n',
        setup: 'import math',
        tests: 'assert f(1) == 1',
        entryPoint: 'f',
        values: {},
        timeLimitMs: 3000,
      },
    ]);
  });

  it.each([
    ['failed', 'code.assertion', 'A test does not hold (AssertionError: assert f(1) == 1; last call).'],
    ['syntax', 'code.syntax', 'The code is no Python (AssertionError: assert f(1) == 1; last call).'],
    ['runtime', 'code.runtime', expect.stringContaining('raises')],
    ['wrong_entry_point', 'code.wrong_entry_point', expect.stringContaining('not defined')],
    ['timeout', 'code.timeout', expect.stringContaining('longer than')],
    ['memory', 'code.oom', expect.stringContaining('memory')],
    ['denied', 'code.sandbox_denied', expect.stringContaining('forbids')],
  ] as const)('are misses with a code: %s', async (kind, code, explanation) => {
    const { sandbox } = scriptedSandbox([verdict(kind, 'AssertionError', 'assert f(1) == 1\nlast call')]);
    expect(await score(answer, { sandbox })).toMatchObject({ kind: 'scored', score: 0, codes: [code], explanation });
  });

  it('say nothing that they do not know', async () => {
    const { sandbox } = scriptedSandbox([verdict('timeout')]);
    expect(await score(answer, { sandbox })).toMatchObject({
      explanation: 'The code takes longer than its time limit.',
    });
  });

  it.each([
    ['SandboxProcess', true],
    ['MalformedVerdict', false],
    [null, false],
  ])('are none where the sandbox fails: %s', async (error, repeatable) => {
    const { sandbox } = scriptedSandbox([verdict('fault', error, 'why')]);
    expect(await score(answer, { sandbox })).toMatchObject({
      kind: 'unscored',
      code: 'scorer.fault',
      reason: expect.stringContaining('why'),
      repeatable,
    });
  });

  it('need a sandbox', async () => {
    await expect(score(answer, { sandbox: null })).rejects.toThrow('sandbox');
  });
});

describe('answers without code', () => {
  const { sandbox, programs } = scriptedSandbox([]);
  it.each<[string, string | null, Parameters<typeof textResponse>[1], readonly string[]]>([
    ['prose', 'It returns x.', {}, ['extract.no_code_block']],
    ['a refusal', "I'm sorry, but I can't help with that.", {}, ['gen.refused']],
    ['nothing', '', {}, ['gen.empty']],
    ['null', null, {}, ['gen.empty']],
    ['a call alone', null, { toolCalls: [{ id: '1', name: 'f', arguments: '{}' }] }, ['extract.no_code_block']],
    ['thinking alone', '', { reasoning: 'x' }, ['gen.empty_after_think']],
    ['thinking cut off', '<think>\nx', { finishReason: 'length' }, ['gen.truncated.in_think', 'gen.empty_after_think']],
    ['prose cut off', 'It returns', { finishReason: 'length' }, ['gen.truncated', 'extract.no_code_block']],
  ])('%s', async (_, text, raw, codes) => {
    expect(await score(text, { sandbox }, sample(), raw)).toMatchObject({ kind: 'scored', score: 0, codes });
    expect(programs).toEqual([]);
  });

  it('end at the end-of-turn token', async () => {
    expect(await score(`It returns x.<|im_end|>\n${answer}`, { sandbox })).toMatchObject({
      codes: ['format_mismatch.template', 'extract.no_code_block'],
    });
  });
});

describe('programs', () => {
  const broken = `${answer.slice(0, -3)}print(f())\n\`\`\``;

  it('that break in a trial are run without it', async () => {
    const { sandbox, programs } = scriptedSandbox([verdict('runtime', 'TypeError'), passed]);
    expect(await score(broken, { sandbox })).toMatchObject({
      score: 1,
      extraction: { method: 'fenced-core', value: 'def f(x):\n    return x\n' },
    });
    expect(programs).toHaveLength(2);
  });

  it('keep their first verdict when that helps nothing', async () => {
    const { sandbox } = scriptedSandbox([verdict('runtime', 'TypeError'), verdict('failed')]);
    expect(await score(broken, { sandbox })).toMatchObject({
      codes: ['code.runtime'],
      extraction: { method: 'fenced' },
    });
  });

  it('that fail a test have no second try', async () => {
    const { sandbox, programs } = scriptedSandbox([verdict('failed'), passed]);
    expect(await score(broken, { sandbox })).toMatchObject({ score: 0, codes: ['code.assertion'] });
    expect(programs).toHaveLength(1);
  });

  it('that were cut off and still pass are right', async () => {
    const { sandbox } = scriptedSandbox([passed]);
    expect(
      await score('```\ndef f(x):\n    return x', { sandbox }, sample(), { finishReason: 'length' }),
    ).toMatchObject({ score: 1 });
  });

  it('that were cut off and fail say so first', async () => {
    const { sandbox } = scriptedSandbox([verdict('syntax', 'SyntaxError')]);
    const outcome = await score('```\ndef f(x):\n    return (', { sandbox }, sample(), { finishReason: 'length' });
    expect(outcome).toMatchObject({ codes: ['gen.truncated.in_code', 'code.syntax'] });
  });

  it('without code are empty', async () => {
    const { sandbox, programs } = scriptedSandbox([passed]);
    const extraction = { value: null, method: null, span: null, candidates: 0 };
    await judgeCode(sample({ stub: null }), { extraction, shape: 'program', core: null }, sandbox);
    await judgeCode(sample({ stub: null }), { extraction, shape: 'body', core: null }, sandbox);
    expect(programs.map(({ candidate }) => candidate)).toEqual(['\n', '\n']);
  });

  it.each<[string, string | null, string, string]>([
    ['a body behind the stub', stub, '    return x', `${stub}    return x\n`],
    ['a body behind a stub without a line end', 'def f(x):', 'return x', 'def f(x):\n    return x\n'],
    ['alone where nothing was shown', null, answer, 'def f(x):\n    return x\n'],
    ['alone where only the function was shown', 'def f(x):\n', answer, 'def f(x):\n    return x\n'],
    [
      'with imports of the future first',
      stub,
      '```\nfrom __future__ import annotations\ndef f(x):\n    return x\n```',
      'from __future__ import annotations\nimport math\n\n\ndef helper(x):\n    return x\n\n\ndef f(x):\n    return x\n',
    ],
  ])('run %s', async (_, shown, text, candidate) => {
    const { sandbox, programs } = scriptedSandbox([passed]);
    await score(text, { sandbox }, sample({ stub: shown }));
    expect(programs[0]?.candidate).toBe(candidate);
  });
});

describe('values to compare with', () => {
  const returned = (value: Json): SandboxCall => ({ kind: 'returned', value, wallMs: 1 });

  it.each<[string, CodeCases, unknown]>([
    [
      'literals',
      { kind: 'literal', inputs: '[[1.0]]', expected: '[(1,)]' },
      { inputs: [[{ f: '1.0' }]], expected: [{ t: [1] }] },
    ],
    ['inputs alone', { kind: 'literal', inputs: '[[1]]', expected: null }, { inputs: [[1]] }],
    [
      'results of the solution',
      { kind: 'computed', inputs: [[1], [2], [3]], results: 'value' },
      { inputs: [[1], [2], [3]], expected: [null, { o: 'Match' }, false] },
    ],
    [
      'whether it gives one',
      { kind: 'computed', inputs: [[1], [2], [3]], results: 'not_none' },
      { inputs: [[1], [2], [3]], expected: [false, true, false] },
    ],
  ])('are %s', async (_, cases, values) => {
    const { sandbox, programs } = scriptedSandbox(
      [passed, passed],
      [returned(null), returned({ o: 'Match' }), returned(false)],
    );
    const asked = sample({ cases });
    await score(answer, { sandbox }, asked);
    await score(answer, { sandbox }, asked);
    expect(programs.map((program) => program.values)).toEqual([values, values]);
  });

  it('are not to be had from a solution that fails', async () => {
    const cases: CodeCases = { kind: 'computed', inputs: [[1]], results: 'value' };
    const raising = scriptedSandbox([], [{ kind: 'raised', error: 'ValueError', detail: 'no', wallMs: 1 }]);
    await expect(score(answer, raising, sample({ cases }))).rejects.toThrow(
      'the solution of x/1 raises ValueError: no',
    );
    const late = scriptedSandbox([], [], verdict('timeout'));
    await expect(score(answer, late, sample({ cases }))).rejects.toThrow('the solution of x/1 ended with timeout');
  });
});

it('gives the solution with its tests to measure the machine with', async () => {
  const { sandbox } = scriptedSandbox([]);
  expect(await codeTests.solution?.({ sample: sample(), sandbox })).toMatchObject({
    candidate: `${stub}    return helper(x)\n`,
    tests: 'assert f(1) == 1',
    timeLimitMs: 3000,
  });
});

describe('certificates', () => {
  const cases = [sample(), sample({ stub: null })];
  it.each(cases)('have at least twelve renderings and twelve mistakes, of distinct kinds', (asked) => {
    for (const made of [codeTests.gold(asked, defaultSettings), codeTests.wrong(asked, defaultSettings)]) {
      expect(new Set(made.map(({ kind }) => kind)).size).toBe(made.length);
      expect(made.length).toBeGreaterThan(24);
    }
  });

  it('show imports and helpers apart only where there are some', () => {
    const kinds = (shown: string) => {
      const asked = sample({ stub: shown });
      const solved = { ...asked, target: { ...asked.target, solution: `${shown}    return x\n` } };
      return codeTests.gold(solved, defaultSettings).map(({ kind }) => kind);
    };
    expect(kinds(stub)).toContain('helpers-apart');
    expect(kinds('def f(x):\n')).not.toContain('helpers-apart');
    expect(kinds('def f(x):\n')).toContain('without-imports-and-helpers');
  });

  it('puts the indentation of a statement wrong, not that of a comment', () => {
    const plain = sample({ stub: null });
    const solution = 'def f(x):\n    # so\n\n    return x\n';
    const commented = { ...plain, target: { ...plain.target, solution } };
    const texts = codeTests
      .wrong(commented, defaultSettings)
      .filter(({ kind }) => kind === 'wrong-indentation')
      .map(({ response }) => response.text);
    expect(texts).toEqual(['```python\ndef f(x):\n    # so\n\nreturn x\n```']);
  });

  it('leave out what would be right: a function on one line has no indentation to get wrong', () => {
    const short = { ...sample({ stub: null }), target: { ...sample().target, solution: 'def f(x): return x\n' } };
    const kinds = codeTests.wrong(short, defaultSettings).map(({ kind }) => kind);
    expect(kinds).not.toContain('wrong-indentation');
    expect(kinds).not.toContain('cut-at-head');
    expect(kinds).toContain('unbalanced');
  });
});
