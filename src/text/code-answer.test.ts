import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headOffset, readCode } from './code-answer.ts';
import { coreOf } from './code-parts.ts';
import { splitPythonChunks } from './python-chunks.ts';

const stub = 'import math\n\n\ndef helper(x):\n    return x\n\n\ndef f(x):\n    """Doc."""\n';
const told = { entryPoint: 'f', stub: null };
const shown = { entryPoint: 'f', stub };

/** `method shape: code`, the lines of the code joined by `|`. */
const read = (answer: string, question: typeof told | typeof shown = told): string => {
  const { extraction, shape } = readCode(answer, question);
  return extraction.value === null
    ? 'nothing'
    : `${extraction.method} ${shape}: ${extraction.value.replaceAll('\n', '|')}`;
};
const core = (answer: string): string | null => readCode(answer, told).core?.replaceAll('\n', '|') ?? null;

describe('code in fences', () => {
  it.each<[string, string, string]>([
    ['a block', 'Sure:\n```python\ndef f(x):\n    return x\n```\nDone.', 'fenced program: def f(x):|    return x'],
    [
      'the last block that defines it',
      '```\ndef f(x):\n  return 1\n```\n```\ndef f(x):\n  return 2\n```\n```\nf(1)\n```',
      'fenced program: def f(x):|  return 2',
    ],
    [
      'a complete one before one left open',
      '```\ndef f(x):\n  return 1\n```\n```\ndef f(x):\n  ret',
      'fenced program: def f(x):|  return 1',
    ],
    ['one left open', '```\ndef f(x):\n  return 1\n', 'unclosed-fence program: def f(x):|  return 1|'],
    ['an assignment', '```\nf = lambda x: x\n```', 'fenced program: f = lambda x: x'],
    ['an import', '```\nfrom math import sqrt as f\n```', 'fenced program: from math import sqrt as f'],
    ['an indented program', '```\n\n   def f(x):\n     return x\n```', 'fenced program: |def f(x):|  return x'],
    ['unevenly indented text', '```\n  a\nb = 1\n```', 'other-code program:   a|b = 1'],
    [
      'helpers and imports from other blocks',
      '```\nimport re\nx = f(1)\n```\n```\ndef g(x):\n  return h(x)\n```\n```\ndef f(x):\n  return re.sub(g(x), "")\n```\n```\nh = len\n```',
      'fenced program: import re|def g(x):|  return h(x)|h = len|def f(x):|  return re.sub(g(x), "")',
    ],
    [
      'a method is no function',
      '```\nclass A:\n  def f(self):\n    return 1\n```',
      'other-code program: class A:|  def f(self):|    return 1',
    ],
    ['another function', '```\ndef g(x):\n  return 1\n```', 'other-code program: def g(x):|  return 1'],
    ['a call', 'So:\n```\nf(1)\n```', 'other-code program: f(1)'],
    [
      'a constant from another block',
      '```\nLIMIT = 3\nx = 4\n```\n```\ndef f(x):\n  return LIMIT\n```',
      'fenced program: LIMIT = 3|def f(x):|  return LIMIT',
    ],
    ['an empty block', '```\n```', 'nothing'],
  ])('%s', (_, answer, expected) => {
    expect(read(answer)).toBe(expected);
  });

  it('counts the complete blocks to choose from', () => {
    const block = '```\ndef f(x):\n  return 1\n```\n';
    expect(readCode(block.repeat(3), told).extraction.candidates).toBe(3);
    expect(readCode('```\ndef f(x):\n  return 1', told).extraction.candidates).toBe(1);
  });
});

describe('code without fences', () => {
  it.each<[string, string, string]>([
    ['alone', 'def f(x):\n    return x', 'unfenced program: def f(x):|    return x'],
    [
      'in prose',
      'Here it is:\n\nimport re\n\ndef f(x):\n    return x\n\nIt returns x.\nx = 1',
      'unfenced program: import re||def f(x):|    return x',
    ],
    [
      'apart from its helpers',
      'First:\ndef g(x):\n  return 1\nThen we have:\ndef f(x):\n  return g(x)',
      'unfenced program: def g(x):|  return 1|def f(x):|  return g(x)',
    ],
    ['indented as a whole', '  def f(x):\n    return x', 'unfenced program: def f(x):|  return x'],
    [
      'behind a fence that was never opened',
      'def f(x):\n  return x\n```\nDone.',
      'unfenced program: def f(x):|  return x',
    ],
    ['of another function', 'def g(x):\n  return 1', 'other-code program: def g(x):|  return 1'],
    ['not there', 'I would return x.', 'nothing'],
    ['in prose that names an import', 'Use it.\nimport re\nand done with it', 'nothing'],
    ['empty', '', 'nothing'],
  ])('%s', (_, answer, expected) => {
    expect(read(answer)).toBe(expected);
  });
});

describe('a body', () => {
  const body = '    y = x\n    return y';
  it.each<[string, string, string]>([
    ['as it stands', body, 'body body:     y = x|    return y'],
    ['with two spaces', '  if x:\n    return 1\n  return 2', 'body body:     if x:|      return 1|    return 2'],
    ['with tabs', '\tif x:\n\t\treturn 1', 'body body:     if x:|    \treturn 1'],
    ['with its first indentation lost', 'y = x\n    return y', 'body body:     y = x|    return y'],
    [
      'so, with a block first',
      'for i in x:\n        y\n    return 1',
      'body body:     for i in x:|        y|    return 1',
    ],
    [
      'so, with a function first',
      'def g(y):\n        return y\n    return g(x)',
      'body body:     def g(y):|        return y|    return g(x)',
    ],
    ['at the margin', 'if x:\n    return 1\nreturn 2', 'body body:     if x:|        return 1|    return 2'],
    ['at the margin, one block', 'for i in x:\n    return i', 'body body:     for i in x:|        return i'],
    ['at the margin with brackets', 'y = g(\n    x)\nreturn y', 'body body:     y = g(|        x)|    return y'],
    ['of one line', 'return x', 'body body:     return x'],
    ['and prose behind it', `${body}\n\nThis works.`, 'body body:     y = x|    return y'],
    ['at the margin and prose behind it', 'return x\n\nThis works.', 'body body:     return x'],
    ['in a fence', `It is:\n\`\`\`\n${body}\n\`\`\``, 'fenced-body body:     y = x|    return y'],
    ['in a fence left open', `\`\`\`\n${body}`, 'fenced-body body:     y = x|    return y'],
    [
      'with strings over lines',
      '  s = """a\nb\n  c"""\n\n  return s',
      'body body:     s = """a|b|  c"""||    return s',
    ],
    [
      'with a helper behind it',
      '    return g(x)\n\ndef g(x):\n    return h\n\nh = 1\n',
      'body body:     return g(x)|def g(x):|    return h|h = 1',
    ],
    [
      'in a fence, with a helper in another',
      '```\ndef g(x):\n    return 1\n```\n```\n    return g(x)\n```',
      'fenced-body body:     return g(x)|def g(x):|    return 1',
    ],
    ['with a comment at the margin, which ends it', '  y = x\n# so\n  return y', 'body body:     y = x'],
    [
      'with a line less deep than its first',
      '    if x:\n      y = 1\n   return y',
      'body body:     if x:|      y = 1|    return y',
    ],
    ['that is none: a closing bracket', ')\n  return x', 'nothing'],
    ['that is none: prose', '  Here is a thought\n  return it', 'nothing'],
    ['that is none: code without a return', 'y = x\nz = y', 'nothing'],
    [
      'that is none: a function that stands alone',
      'def g(x):\n    return x\n',
      'other-code program: def g(x):|    return x|',
    ],
  ])('%s', (_, answer, expected) => {
    expect(read(answer, shown)).toBe(expected);
  });

  it('takes the indentation of the stub', () => {
    const value = (own: string) => readCode('return 1', { entryPoint: 'f', stub: own }).extraction.value;
    expect(value('def f(x):\n  """Doc."""\n')).toBe('  return 1');
    expect(value('def f(x):\n')).toBe('    return 1');
    expect(value('def g(x):\n  pass\n')).toBe('    return 1');
  });

  it('is not looked for without a stub', () => {
    expect(read(body)).toBe('nothing');
    expect(read(`\`\`\`\n${body}\n\`\`\``)).toBe('other-code program: y = x|return y');
  });
});

describe('the core of a program', () => {
  it.each<[string, string, string | null]>([
    ['none where nothing only tries it out', 'import re\n# note\ndef f(x):\n  return g\ng = 1\n', null],
    [
      'without trials',
      'import re\ndef f(x):\n  return x\nprint(f(1))\nassert f(1) == 2',
      'import re|def f(x):|  return x|',
    ],
    ['without reads of the input', 'def f(n):\n  return n\nn = int(input())\nprint(f(n))', 'def f(n):|  return n|'],
    [
      'without what uses other definitions, which stay',
      'def f(x):\n  return x\ndef g(x):\n  return f(x)\ng(1)',
      'def f(x):|  return x|def g(x):|  return f(x)|',
    ],
    [
      'with what a class needs',
      'SIZE = 2\nclass Node(Base):\n  size = SIZE\ndef f(x):\n  return x\nOTHER = 3\nprint(f(1))',
      'SIZE = 2|class Node(Base):|  size = SIZE|def f(x):|  return x|',
    ],
    ['without calls under a name', 'def f(x):\n  y = x\n  return y\ny = f(1)', 'def f(x):|  y = x|  return y|'],
    [
      'with constants and what works on them',
      'import sys\nsys.setrecursionlimit(9)\nmemo = {}\nmemo[0] = 1\ndef f(x):\n  return memo[x]\nother.go()\nf(3)',
      'import sys|sys.setrecursionlimit(9)|memo = {}|memo[0] = 1|def f(x):|  return memo[x]|',
    ],
    ['with what rebinds it', 'def f(x):\n  return x\nf = g(f)\nprint(1)', 'def f(x):|  return x|f = g(f)|'],
    ['without a line that was cut', 'def f(x):\n  return x\n\nprint(f(', 'def f(x):|  return x||'],
  ])('%s', (_, code, expected) => {
    expect(core(`\`\`\`\n${code}\n\`\`\``)).toBe(expected);
  });
});

it('has no core without the entry point but what every program keeps', () => {
  const chunks = splitPythonChunks('import re\nx = 1\nprint(x)\n');
  expect(coreOf(chunks, 'f')).toBe('import re\n');
  expect(coreOf(splitPythonChunks('print(1)\n'), 'f')).toBeNull();
  expect(coreOf([], 'f')).toBeNull();
});

it('finds the head of a function', () => {
  expect(stub.slice(headOffset(stub, 'f'))).toBe('def f(x):\n    """Doc."""\n');
  expect(headOffset(stub, 'g')).toBe(stub.length);
  expect(headOffset('async def g(): pass', 'g')).toBe(0);
});

describe('spans', () => {
  it.each([
    ['```\ndef f(x):\n  return x\n```', 'def f(x):\n  return x\n'],
    ['Hm.\r\n```\r\ndef f(x):\r\n  return x\r\n```\r\n', 'def f(x):\r\n  return x\r\n'],
    ['Hm.\n\ndef f(x):\n  return x\n\nSo there.', 'def f(x):\n  return x\n\n'],
    ['    return\u00a0x\n\nSo there.', '    return\u00a0x\n'],
  ])('of %j', (answer, expected) => {
    const { span, value } = readCode(answer, shown).extraction;
    expect(answer.slice(span?.[0], span?.[1])).toBe(expected);
    expect(value).not.toMatch(/[\r\u00a0]/);
  });

  it('is the whole text where its indentation was taken off', () => {
    expect(readCode('  def f(x):\n    return x', told).extraction.span).toEqual([0, 24]);
  });

  it('is none where nothing was found', () => {
    expect(readCode('Hm.\r\n', told).extraction).toMatchObject({ value: null, span: null, candidates: 0 });
  });
});

const megabytes = (piece: string): string => piece.repeat(Math.ceil(10_000_000 / piece.length));

/** Texts that make careless patterns go back and forth. */
const hostile: Readonly<Record<string, string>> = {
  'one letter': megabytes('a'),
  spaces: megabytes(' '),
  'blank lines': megabytes(' \n'),
  'indented lines': megabytes('    return x\n'),
  fences: '```python\ndef f(x):\n    return x\n```\n'.repeat(5_000),
  'open fences': '```python\n'.repeat(5_000),
  'fences with helpers': Array.from(
    { length: 5_000 },
    (_, n) => `\`\`\`\ndef f(x):\n  return g${n}(x)\ndef g${n}(x):\n  return g${n + 1}(x)\n\`\`\`\n`,
  ).join(''),
  backticks: megabytes('`'),
  'open brackets': `def f(x):\n    return ${'['.repeat(200_000)}`,
  'nested brackets': `def f(x):\n    return ${'['.repeat(200_000)}1${']'.repeat(200_000)}`,
  quotes: megabytes('"'),
  'triple quotes': megabytes('"""\n'),
  'quotes in a fence': `\`\`\`\n${megabytes('"')}\n\`\`\``,
  backslashes: megabytes('\\'),
  definitions: megabytes('def f(x):\n  return x\n'),
  decorators: megabytes('@a\n'),
  assignments: megabytes('f = 1\n'),
  'one long assignment': `f: ${megabytes('a:')}`,
  unpacking: megabytes('a, b, '),
  attributes: megabytes('a.b.c'),
  subscripts: megabytes('a[b]'),
  'lines of attributes': `${'a.'.repeat(900)}!\n`.repeat(5_000),
  'lines of subscripts': `${'a[0]'.repeat(450)}!\n`.repeat(5_000),
  'lines of colons': `if ${': '.repeat(900)}\n`.repeat(5_000),
  'lines of commas': `${'a,'.repeat(900)}!\n`.repeat(5_000),
  'lines of words': `${'Word word, '.repeat(180)}!\n`.repeat(5_000),
  imports: megabytes('import a, b as c, d\n'),
  'one long import': `import ${megabytes('a as b, ')}`,
  'mutual names': Array.from({ length: 100_000 }, (_, n) => `g${n} = g${n + 1}\n`).join(''),
  'loops over one name': megabytes('for x '),
  'one long list of parameters': `def f(${megabytes('a, ')}`,
  'names of one thing': megabytes('f = g\ng = f\n'),
  binary: Array.from({ length: 256 }, (_, code) => String.fromCharCode(code))
    .join('')
    .repeat(20_000),
};

describe.each([told, shown])('extraction of code, %j', (question) => {
  it.each(Object.keys(hostile))(
    'is linear on ten megabytes of %s',
    (kind) => {
      const text = hostile[kind] ?? '';
      const start = process.cpuUsage();
      readCode(text, question);
      // A tenth of this is usual; what goes back and forth takes minutes.
      const { user, system } = process.cpuUsage(start);
      expect((user + system) / 1e6).toBeLessThan(20);
    },
    600_000,
  );

  it('is total, deterministic, and its span lies in the text', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'def f(x):',
        'return x',
        '```',
        '```python\n',
        '~~~',
        '\n',
        '\n\n',
        '    ',
        '  ',
        '\t',
        '"""',
        "'",
        '(',
        ']',
        'import re',
        'x = 1',
        'f',
        '@a',
        'class A:',
        'if x:',
        'print(f(1))',
        'Prose here.',
        '# c',
        '\r\n',
        '\\',
        '[DONE]',
      ),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const text = pieces.join('');
        const first = readCode(text, question);
        expect(readCode(text, question)).toEqual(first);
        const { span, value } = first.extraction;
        expect(value === null).toBe(span === null);
        if (span === null) return;
        expect(span[0]).toBeGreaterThanOrEqual(0);
        expect(span[0]).toBeLessThanOrEqual(span[1]);
        expect(span[1]).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 500 },
    );
  });
});
