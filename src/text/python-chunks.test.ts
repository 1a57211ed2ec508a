import { describe, expect, it } from 'vitest';
import { splitPythonChunks } from './python-chunks.ts';
import { reindentPython } from './reindent-python.ts';

const kinds = (source: string) => splitPythonChunks(source).map(({ kind, names }) => [kind, ...names].join(' '));

describe('top-level chunks', () => {
  it.each<[string, readonly string[]]>([
    ['', []],
    ['\n\n  indented\n', []],
    [
      'import os, sys as system\nfrom a.b import (c,\n    d as e)\nfrom x import *',
      ['import os system', 'import c e', 'import'],
    ],
    [
      'def f(x):\n    return x\n\nclass A(B):\n    x = 1\nclass C:\n  pass',
      ['definition f', 'definition A', 'definition C'],
    ],
    ['async def f():\n    pass', ['definition f']],
    ['@cache\n# why\n@other(1)\ndef f(x):\n    return x', ['definition f']],
    ['@someone said so', ['definition']],
    ['@ home', ['prose']],
    [
      'x = 1\ny: int = 2\na, b = 1, 2\n(c, d) = z\nx += 1',
      ['assignment x', 'assignment y', 'assignment a b', 'assignment c d', 'assignment x'],
    ],
    ['x = [\n1,\n2]\ny = {\n}\n', ['assignment x', 'assignment y']],
    ['s = """\ndef f(): x\n"""\nt = 1', ['assignment s', 'assignment t']],
    ['if x:\n    a()\nelif y:\n    b()\nelse:\n    c()\nd()', ['statement', 'statement']],
    ['try:\n    a()\nexcept E:\n    pass', ['statement']],
    ['for i in x: print(i)\nwhile True:\n  pass\nwith a as b:\n  pass', ['statement', 'statement', 'statement']],
    ['a.b[0].c(1)\nx[0] = 1\npass\ndel x\nraise E\n"doc"', Array.from({ length: 6 }, () => 'statement')],
    [
      'print(1)\nassert f(1) == 2\nmain()\nunittest.main()\nif __name__ == "__main__":\n    f()',
      Array.from({ length: 5 }, () => 'trial'),
    ],
    ['n = int(input())\nfor line in sys.stdin:\n    f(line)', ['trial n', 'trial']],
    ['# note\n#! x', ['comment', 'comment']],
    ['def f(x):\n    y = x\n#y = 2\n# old\n    return y\nz = 1', ['definition f', 'assignment z']],
    ['if __name__ == "__main__":\n    f()\n# old\n    g()', ['trial']],
    ['def f(x):\n    return x\n# Use\n    >>> f(1)', ['definition f', 'comment']],
    ['def f(x):\n    return x\n# Use\n    - with care', ['definition f', 'comment']],
    ['def f(x):\n    return x\n# Use\n\n    f(1)', ['definition f', 'comment']],
    ['x = 1\n# Use\n    f(1)\n# more\n  # and more\n', ['assignment x', 'comment', 'comment']],
    ['# Use\n    f(1)', ['comment']],
    [
      'Here is the code:\nIf you want, for example, more.\nNone\nfrom the start',
      Array.from({ length: 4 }, () => 'prose'),
    ],
    ['It\'s (see below: """\nx = 1', ['prose', 'assignment x']],
    ['x = (1,\ndef f():\n    pass', ['assignment x', 'definition f']],
    ['x = "(" # (\ny = \'[\'\nz = "\\"("', ['assignment x', 'assignment y', 'assignment z']],
    ['else:\n  pass', ['prose']],
    ['if x:\n    a()\nfoo = 1\nelse:\n    b()', ['statement', 'assignment foo', 'prose']],
    ['if __name__ == "__main__":\n    f()\nelse:\n    g()', ['trial']],
    ['Print (this) now = please', ['statement']],
  ])('of %j', (source, expected) => {
    expect(kinds(source)).toEqual(expected);
  });

  it('cover the source from the first line at the margin on', () => {
    const source = '  x\na = 1\n\n# b\ndef f():\n  pass\n\nprose here\n';
    const chunks = splitPythonChunks(source);
    expect(chunks.map(({ text }) => text).join('')).toBe(source.slice(4));
    for (const { text, start, end } of chunks) expect(source.slice(start, end)).toBe(text);
  });
});

describe('another indentation', () => {
  it.each([
    [
      'def f():\n    if x:\n        return [\n      1]\n    return 2',
      'def f():\n\tif x:\n\t\treturn [\n      1]\n\treturn 2',
    ],
    ['def f():\n   """a\n  b"""\n   if x:\n         y\n   z', 'def f():\n\t"""a\n  b"""\n\tif x:\n\t\ty\n\tz'],
    ['a\n\n  b\n c', 'a\n\n\tb\n\tc'],
  ])('of %j', (source, expected) => {
    expect(reindentPython(source, '\t')).toBe(expected);
  });
});
