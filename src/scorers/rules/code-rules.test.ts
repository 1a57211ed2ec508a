import { describe, expect, it } from 'vitest';
import { sandboxVerdict, scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import { defaultSettings } from '../../../test/support/task-settings.ts';
import type { RuleSet } from '../../core/ports/rule-set.ts';
import type { SandboxCall, SandboxVerdict } from '../../core/ports/sandbox.ts';
import type { Sample } from '../../core/sample.ts';
import { textResponse } from '../../text/assistant-turn.ts';
import type { CodeInput, CodeTarget } from '../support/code/code-sample.ts';
import { firstBlock, judgePeerProgram } from '../support/code/peer-program.ts';
import evalplus from './evalplus.ts';
import humanEval from './human-eval.ts';
import inspect from './inspect.ts';
import createTest from './lm-eval-create-test.ts';

const stub = 'def f(x):\n    """Doc."""\n';

const sample = (input: Partial<CodeInput> = {}): Sample<CodeInput, CodeTarget> => ({
  id: 'x/1',
  category: null,
  cluster: null,
  input: { entryPoint: 'f', stub, ask: 'Write f.', ...input },
  target: {
    solution: `${stub}    return x\n`,
    setup: 'import math',
    tests: 'assert f(1) == 1',
    cases: null,
    timeLimitMs: 7000,
  },
});

const passed = sandboxVerdict('passed');

interface Asked {
  readonly rules: RuleSet;
  readonly task: string;
  readonly text: string | null;
  readonly sample?: Sample<CodeInput, CodeTarget>;
  readonly scripted?: ReturnType<typeof scriptedSandbox>;
}

async function judged({ rules, task, text, sample: asked = sample(), scripted = scriptedSandbox([passed]) }: Asked) {
  const input = { sample: asked, response: textResponse(text), settings: defaultSettings };
  const verdict = await rules.tasks[task]?.apply(input, { sandbox: scripted.sandbox, judge: null });
  return { verdict, program: scripted.programs[0], evaluation: scripted.evaluations[0] };
}

describe('programs that other tools run', () => {
  it.each<[name: string, rules: RuleSet, task: string, text: string | null, candidate: string]>([
    ['the response behind the stub', humanEval, 'humaneval', '    return x', `${stub}    return x\n`],
    ['the same of HumanEval+', humanEval, 'humaneval_plus', '    return x', `${stub}    return x\n`],
    ['a fence as it came', humanEval, 'humaneval', '```\nx\n```', `${stub}\`\`\`\nx\n\`\`\`\n`],
    ['the stub alone for no text', humanEval, 'humaneval', null, `${stub}\n`],
    ['the response behind the stub', createTest, 'humaneval', '    return x\n', `${stub}    return x\n\n`],
    ['no text', createTest, 'humaneval', null, `${stub}\n`],
    [
      'the first of two stops',
      createTest,
      'humaneval_plus',
      '    return x\nprint(f(1))\nclass A:',
      `${stub}    return x\n`,
    ],
    [
      'the body in a block of Python',
      inspect,
      'humaneval',
      'See:\n```python\ndef f(x):\n    return x\n```',
      `${stub}    return x\n\n`,
    ],
    [
      'the body in a block of no tag',
      inspect,
      'humaneval',
      '```\ndef f(x):\n    return 2\n```',
      `${stub}    return 2\n\n`,
    ],
    [
      'a block without a head, less a character',
      inspect,
      'humaneval',
      '```python\nreturn x\n```',
      `${stub}eturn x\n\n`,
    ],
    ['the whole response without a block', inspect, 'humaneval', '    return x', `${stub}    return x\n`],
    [
      'what follows the thinking, without the white space in front',
      inspect,
      'humaneval',
      '<think>```python\n1\n```</think>\n    return x',
      `${stub}return x\n`,
    ],
    ['no text', inspect, 'humaneval', null, `${stub}\n`],
    [
      'the first block of Python',
      inspect,
      'mbpp_sanitized',
      'So:\n```python\nx = 1\n```\n```python\ny\n```',
      'x = 1\n\n',
    ],
    ['the whole response without one', inspect, 'mbpp_sanitized', '```py\nx\n```', '```py\nx\n```\n'],
    ['no text', inspect, 'mbpp_sanitized', null, '\n'],
  ])('are %s ($1.id)', async (_, rules, task, text, candidate) => {
    const { program, verdict } = await judged({ rules, task, text });
    expect(program?.candidate).toBe(candidate);
    expect(program?.tests).toBe('assert f(1) == 1');
    expect(verdict).toMatchObject({ correct: true, extracted: candidate });
  });

  it.each([
    ['human-eval', humanEval, 'humaneval'],
    ['create_test', createTest, 'humaneval'],
    ['inspect', inspect, 'humaneval'],
  ])('stand alone where no stub was shown: %s', async (_, rules, task) => {
    const { program } = await judged({ rules, task, text: '    return x', sample: sample({ stub: null }) });
    expect(program?.candidate).toBe('    return x\n');
  });

  it.each<[string, RuleSet, string, number, string]>([
    ['human-eval', humanEval, 'humaneval', 3000, 'import math'],
    ['create_test', createTest, 'humaneval', 3000, 'import math'],
    ['inspect', inspect, 'humaneval', 30_000, 'import math'],
    ['inspect on MBPP, without the imports', inspect, 'mbpp_sanitized', 30_000, ''],
  ])('have the time and imports of the tool: %s', async (_, rules, task, timeLimitMs, setup) => {
    const { program } = await judged({ rules, task, text: 'x' });
    expect(program).toMatchObject({ id: 'x/1', entryPoint: 'f', timeLimitMs, setup });
  });

  it('are said to be cut only where they are', async () => {
    const whole = await judged({ rules: createTest, task: 'humaneval', text: '    return x' });
    expect(whole.verdict?.why).toBe('It runs the response behind the prompt. It runs to its end.');
    const cut = await judged({ rules: createTest, task: 'humaneval', text: '    return x\n# so' });
    expect(cut.verdict?.why).toContain('cut at the first line that begins with class, def, #, if or print,');
  });

  it.each<[string, RuleSet, string]>([
    ['human-eval', humanEval, 'humaneval'],
    ['create_test', createTest, 'humaneval'],
    ['inspect', inspect, 'humaneval'],
    ['inspect on MBPP', inspect, 'mbpp_sanitized'],
    ['evalplus', evalplus, 'mbpp_plus'],
  ])('need a sandbox: %s', async (_, rules, task) => {
    const input = { sample: sample(), response: textResponse('x'), settings: defaultSettings };
    await expect(async () => rules.tasks[task]?.apply(input, { sandbox: null, judge: null })).rejects.toThrow(
      'code needs a sandbox',
    );
  });
});

describe('the code that EvalPlus takes', () => {
  const returned = (value: SandboxCall & { readonly kind: 'returned' }): readonly SandboxCall[] => [value];
  const sanitized = returned({ kind: 'returned', value: 'def f(x):\n    return x', wallMs: 1 });

  it('is what its search returns', async () => {
    const scripted = scriptedSandbox([passed], sanitized);
    const { program, evaluation, verdict } = await judged({
      rules: evalplus,
      task: 'humaneval',
      text: 'abc',
      scripted,
    });
    expect(evaluation).toMatchObject({ entryPoint: 'take', inputs: [['abc', 'f']], timeLimitMs: 60_000 });
    expect(program).toMatchObject({
      candidate: 'def f(x):\n    return x\n',
      tests: 'assert f(1) == 1',
      timeLimitMs: 60_000,
    });
    expect(verdict).toMatchObject({ correct: true, extracted: 'def f(x):\n    return x\n' });
  });

  it('is searched for in an empty text where there is none', async () => {
    const scripted = scriptedSandbox([passed], sanitized);
    const { evaluation } = await judged({ rules: evalplus, task: 'mbpp', text: null, scripted });
    expect(evaluation?.inputs).toEqual([['', 'f']]);
  });

  it.each([
    ['are_equivalent', 'for arguments in inputs:\n    are_equivalent(*arguments)\n'],
    ['sum_div', expect.stringContaining('if got != 0')],
  ])('is let off by its special verdict for %s', async (entryPoint, tests) => {
    const scripted = scriptedSandbox([passed], sanitized);
    const asked = { rules: evalplus, task: 'mbpp_plus', text: 'x', sample: sample({ entryPoint }), scripted };
    expect((await judged(asked)).program?.tests).toEqual(tests);
  });

  it('is none where the search takes too long', async () => {
    const scripted = scriptedSandbox([passed], [], sandboxVerdict('timeout'));
    const { verdict, program } = await judged({ rules: evalplus, task: 'humaneval', text: 'x', scripted });
    expect(program).toBeUndefined();
    expect(verdict).toEqual({
      correct: false,
      extracted: null,
      why: 'Its search over all stretches of lines takes more than 60 s on this response.',
    });
  });

  it.each<[string, readonly SandboxCall[], SandboxVerdict]>([
    ['no call was made', [], sandboxVerdict('fault')],
    ['the search raises', [{ kind: 'raised', error: 'E', detail: '', wallMs: 1 }], passed],
    ['it returns no text', returned({ kind: 'returned', value: 3, wallMs: 1 }), passed],
  ])('is no verdict where %s', async (_, calls, ended) => {
    const scripted = scriptedSandbox([passed], calls, ended);
    await expect(judged({ rules: evalplus, task: 'humaneval', text: 'x', scripted })).rejects.toThrow(
      `the sandbox failed to take code out of the response: ${ended.kind}`,
    );
  });
});

describe('verdicts on a program of another tool', () => {
  const program = { id: 'x', candidate: 'c', tests: 't', entryPoint: null, timeLimitMs: 1000, how: 'It runs it.' };
  const judge = (verdict: SandboxVerdict, trustsExit?: boolean) => {
    const { sandbox } = scriptedSandbox([verdict]);
    return judgePeerProgram({ sandbox, judge: null }, trustsExit === undefined ? program : { ...program, trustsExit });
  };

  it.each<[error: string, detail: string | null, isZero: boolean]>([
    ['SystemExit', '0', true],
    ['SystemExit', '0\nsecond line', true],
    ['SystemExit', 'None', true],
    ['SystemExit', '', true],
    ['SystemExit', null, true],
    ['SystemExit', 'the process ended with status 0', true],
    ['SystemExit', '1', false],
    ['SystemExit', '01', false],
    ['SystemExit', 'the process ended with status 01', false],
    ['AssertionError', '0', false],
  ])('count %s: %s as the exit status says', async (error, detail, isZero) => {
    const verdict = sandboxVerdict('runtime', error, detail);
    expect((await judge(verdict, true)).correct).toBe(isZero);
    expect((await judge(verdict, false)).correct).toBe(false);
    expect((await judge(verdict)).correct).toBe(false);
  });

  it('say how a program ended', async () => {
    expect(await judge(passed)).toEqual({ correct: true, extracted: 'c', why: 'It runs it. It runs to its end.' });
    expect((await judge(sandboxVerdict('runtime', 'SystemExit', '0'), true)).why).toBe(
      'It runs it. It exits with status 0, which counts as a pass.',
    );
    expect((await judge(sandboxVerdict('wrong_entry_point', 'NameError', 'f\nmore'))).why).toBe(
      'It runs it. It ends with wrong entry point: NameError: f.',
    );
    expect((await judge(sandboxVerdict('timeout'))).why).toBe('It runs it. It ends with timeout.');
  });

  it('are none where the sandbox fails or is not there', async () => {
    await expect(judge(sandboxVerdict('fault', 'Died', 'at once\nmore'))).rejects.toThrow(
      /^the sandbox failed: Died at once$/,
    );
    await expect(judgePeerProgram({ sandbox: null, judge: null }, program)).rejects.toThrow('code needs a sandbox');
  });
});

describe('first block', () => {
  it.each([
    ['```python\na\n```\n```python\nb\n```', 'python', 'a\n'],
    ['```py\na\n```', 'python', null],
    ['x\n```\na\n```', '', 'a\n'],
    ['```python\na', 'python', null],
    ['a', '', null],
  ])('of %j with tag "%s" is %j', (text, tag, block) => {
    expect(firstBlock(text, tag)).toBe(block);
  });
});
