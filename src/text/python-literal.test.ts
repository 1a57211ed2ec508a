import { describe, expect, it } from 'vitest';
import { readPythonLiteral } from './python-literal.ts';

describe('Python literals', () => {
  it.each<[string, unknown]>([
    ['None', null],
    ['[True, False]', [true, false]],
    ['1', 1],
    ['-0', 0],
    ['+7', 7],
    ['9007199254740993', { i: '0x20000000000001' }],
    ['-36893488147419103232', { i: '-0x20000000000000000' }],
    ['0xff', 255],
    ['1.5', 1.5],
    ['1.0', { f: '1.0' }],
    ['-2.', { f: '-2.' }],
    ['.5', 0.5],
    ['1e400', { f: '1e400' }],
    ['1e20', { f: '1e20' }],
    ['1e-7', 1e-7],
    [`'a"b'`, 'a"b'],
    [`"a'b" 'c'`, "a'bc"],
    [String.raw`'\n\t\\\'\"\x41\u00e9\U0001f600\0\101\q\a'`, '\n\t\\\'"Aé😀\0A\\q\x07'],
    [`'a\\\nb'`, 'ab'],
    ['[]', []],
    ['[1, [2,], ]', [1, [2]]],
    ['()', { t: [] }],
    ['(1)', 1],
    ['(1,)', { t: [1] }],
    ['(1, 2)', { t: [1, 2] }],
    ['{}', { d: [] }],
    [
      "{'a': 1, 2: (3,),}",
      {
        d: [
          ['a', 1],
          [2, { t: [3] }],
        ],
      },
    ],
    ['{1, 2}', { s: [1, 2] }],
    ['set()', { s: [] }],
    [
      '{"a": [true, false, null, NaN, Infinity, -Infinity]}',
      { d: [['a', [true, false, null, { f: 'nan' }, { f: 'inf' }, { f: '-inf' }]]] },
    ],
  ])('%s', (text, value) => {
    expect(readPythonLiteral(text)).toEqual(value);
  });

  it.each([
    '',
    'x',
    '[1',
    '[1 2]',
    '(1 2)',
    '{1: }',
    '{1 2}',
    '{1: 2 3}',
    "'a",
    '1 2',
    'f(1)',
    'set(1)',
    "'\\xzz'",
    "'\\x4'",
    "'\\x4",
    "'\\u00e'",
    "'\\u 0e9'",
    "'\\U00110000'",
    "'a\\",
    'constructor',
    'toString',
    'set',
    '(',
    '+',
    '['.repeat(200),
  ])('refuses %j', (text) => {
    expect(() => readPythonLiteral(text)).toThrow(SyntaxError);
  });
});
