import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../core/json.ts';
import { formatJavaLiteral, parseJavaLiteral } from './java-literal.ts';
import { formatJavascriptLiteral, parseJavascriptLiteral } from './javascript-literal.ts';
import {
  formatPythonJson,
  parsePythonJson,
  plainJson,
  pythonEquals,
  pythonFloat,
  pythonType,
  type PythonValue,
} from './python-value.ts';

describe('Java literals', () => {
  it.each<[string, string, Json]>([
    ['3', 'integer', 3],
    ['3L', 'integer', '3L'],
    ['ResultSet.TYPE_FORWARD_ONLY', 'integer', 'ResultSet.TYPE_FORWARD_ONLY'],
    ['120L', 'long', 120],
    ['120', 'long', '120'],
    ['true', 'boolean', true],
    ['True', 'boolean', 'True'],
    ['new int[]{2, 7,11}', 'Array', [2, 7, 11]],
    ['{ "a", "b" }', 'Array', ['a', 'b']],
    ['new String[]{"-v", "x,y"}', 'Array', ['-v', 'x,y']],
    ['new int[]{2', 'Array', 'new int[]{2'],
    ['names', 'Array', 'names'],
    ['Arrays.asList(101L, 202L)', 'ArrayList', [101, 202]],
    ['List.of("x", y, true)', 'ArrayList', ['x', 'y', true]],
    ['new ArrayList<>(Arrays.asList("a"))', 'ArrayList', ['a']],
    ['new ArrayList<String>() {{ add("a"); add("b"); }}', 'ArrayList', ['a', 'b']],
    ['new ArrayList<>()', 'ArrayList', []],
    [
      'new HashMap<String, Object>() {{ put("limit", 50); put("s", "public"); }}',
      'HashMap',
      { limit: 50, s: 'public' },
    ],
    ['new HashMap<>()', 'HashMap', {}],
    ['Map.of("a", 1, "b", f(x, y))', 'HashMap', { a: 1, b: 'f(x, y)' }],
    ['new HashMap<String, Object>() {{ put("a", 1) }}', 'HashMap', 'new HashMap<String, Object>() {{ put("a", 1) }}'],
    ['anything', 'String', 'anything'],
  ])('%s as %s', (text, type, value) => {
    expect(plainJson(parseJavaLiteral(text, type))).toEqual(value);
  });

  it('keeps floats and doubles apart from other text', () => {
    expect(parseJavaLiteral('0.5', 'double')).toEqual(pythonFloat(0.5));
    expect(parseJavaLiteral('0.5f', 'float')).toEqual(pythonFloat(0.5));
    expect(parseJavaLiteral('0.5', 'float')).toBe('0.5');
  });

  it('reads back what it writes', () => {
    const item = fc.oneof(fc.integer(), fc.boolean(), fc.stringMatching(/^[a-z "\\,]{0,8}$/));
    fc.assert(
      fc.property(fc.array(item), fc.dictionary(fc.stringMatching(/^[a-z"]{1,5}$/), item), (list, map) => {
        expect(parseJavaLiteral(formatJavaLiteral(list, 'ArrayList', 'String'), 'ArrayList')).toEqual(list);
        expect(parseJavaLiteral(formatJavaLiteral(map, 'HashMap'), 'HashMap')).toEqual(map);
      }),
    );
    const plain = fc.array(fc.oneof(fc.integer(), fc.boolean(), fc.stringMatching(/^[a-z]{3}[A-Z]{1,4}$/)));
    fc.assert(
      fc.property(plain, (list) => {
        expect(parseJavaLiteral(formatJavaLiteral(list, 'Array', 'any'), 'Array')).toEqual(list);
        expect(parseJavaLiteral(formatJavaLiteral(list, 'ArrayList', 'any'), 'ArrayList')).toEqual(list);
      }),
    );
    expect(formatJavaLiteral(5, 'long')).toBe('5L');
    expect(formatJavaLiteral(pythonFloat(0.5), 'float')).toBe('0.5f');
    expect(formatJavaLiteral(null, 'any')).toBe('null');
  });
});

describe('JavaScript literals', () => {
  it.each<[string, string, Json]>([
    ['3', 'integer', 3],
    ['x', 'integer', 'x'],
    ['12n', 'Bigint', 12],
    ['12', 'Bigint', '12'],
    ['false', 'Boolean', false],
    ['"yes"', 'Boolean', '"yes"'],
    ['[\'completed\', "failed", `x`]', 'array', ['completed', 'failed', 'x']],
    ['[1, [2, true], null, ]', 'array', [1, [2, true], null]],
    ['items', 'array', 'items'],
    ['[1', 'array', '[1'],
    ['{a: 1, "b-c": [x], d}', 'dict', { a: 1, 'b-c': ['x'], d: 'd' }],
    ["{f: applyMiddleware('m', 1)}", 'dict', { f: "applyMiddleware('m', 1)" }],
    ['{}', 'dict', {}],
    ['[1]', 'dict', '[1]'],
    ['submit', 'String', 'submit'],
  ])('%s as %s', (text, type, value) => {
    expect(plainJson(parseJavascriptLiteral(text, type))).toEqual(value);
  });

  it('reads numbers of a list of floats as floats', () => {
    expect(parseJavascriptLiteral('[60, 3.5]', 'array', 'float')).toEqual([pythonFloat(60), pythonFloat(3.5)]);
    expect(parseJavascriptLiteral('5', 'float')).toEqual(pythonFloat(5));
    expect(parseJavascriptLiteral('five', 'float')).toBe('five');
  });

  it('reads back what it writes, and is not deep', () => {
    const value = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.stringMatching(/^[a-z "'\\]{0,6}$/),
        fc.array(tie('value')),
        fc.dictionary(fc.stringMatching(/^[a-z -]{1,4}$/), tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(fc.array(value, { maxLength: 4 }), (list) => {
        expect(parseJavascriptLiteral(formatJavascriptLiteral(list), 'array')).toEqual(list);
      }),
    );
    const deep = '['.repeat(200_000);
    expect(parseJavascriptLiteral(deep, 'array')).toBe(deep);
  });
});

describe('Python values', () => {
  const parsed = (text: string): PythonValue => {
    const value = parsePythonJson(text);
    if (value === undefined) throw new Error(`not JSON: ${text}`);
    return value;
  };

  it('keep ints and floats apart', () => {
    expect(
      ['5', '5.0', '5e0', '"5"', 'true', 'null', '[5]', '{"a": 5}'].map((text) => pythonType(parsed(text))),
    ).toEqual(['int', 'float', 'float', 'str', 'bool', 'NoneType', 'list', 'dict']);
    expect(formatPythonJson(parsed('{"a": [5, 5.0, 0.25, "x", null, true]}'))).toBe(
      '{"a": [5, 5.0, 0.25, "x", null, true]}',
    );
    expect(parsePythonJson('{"a": 1} x')).toBeUndefined();
  });

  it.each<[string, string, boolean]>([
    ['5', '5.0', true],
    ['1', 'true', true],
    ['0', 'false', true],
    ['"5"', '5', false],
    ['[1, 2.0]', '[1.0, 2]', true],
    ['[1]', '[1, 2]', false],
    ['{"a": 1}', '{"a": 1.0}', true],
    ['{"a": 1}', '{"b": 1}', false],
    ['{"a": 1}', '[1]', false],
    ['null', 'null', true],
    ['null', '0', false],
  ])('%s == %s is %s', (a, b, expected) => {
    expect(pythonEquals(parsed(a), parsed(b))).toBe(expected);
  });
});

describe('odd literals', () => {
  it.each([
    ['new int[2]', 'Array'],
    ['new ArrayList<>(', 'ArrayList'],
    ['new ArrayList<>(other)', 'ArrayList'],
    ['new ArrayList<>() {', 'ArrayList'],
    ['new ArrayList<>() {{ remove(1); }}', 'ArrayList'],
    ['new ArrayList<>() {{ add(1); }', 'ArrayList'],
    ['Arrays.asList(1', 'ArrayList'],
    ['Map.of(1', 'HashMap'],
    ['new ArrayList[3]', 'ArrayList'],
    ['new ArrayList<>() x', 'ArrayList'],
    ['new HashMap<>() x', 'HashMap'],
    ['new HashMap<>', 'HashMap'],
    ['new int[]{1, ', 'Array'],
    ['3.5', 'byte'],
    ['3L', 'short'],
    ['x', 'double'],
    ['new HashMap<>(3)', 'HashMap'],
    ['new HashMap<>() {', 'HashMap'],
    ['new ', 'HashMap'],
    ['["a", "b]', 'ArrayList'],
  ])('%s stays text', (text, type) => {
    expect(parseJavaLiteral(text, type)).toBe(text);
  });

  it('give what they lack as null', () => {
    expect(parseJavaLiteral('new ArrayList<>() {{ add(); add(1); }}', 'ArrayList')).toEqual([null, 1]);
    expect(parseJavaLiteral('new HashMap<>() {{ put("a"); }}', 'HashMap')).toEqual({ a: null });
    expect(parseJavaLiteral('Map.of("a", 1, "b")', 'HashMap')).toEqual({ a: 1, b: null });
  });

  it('of bytes and shorts are whole numbers', () => {
    expect(parseJavaLiteral('-3', 'byte')).toBe(-3);
    expect(parseJavaLiteral(' 300 ', 'short')).toBe(300);
  });

  it('name the type of items where Java has a word for it', () => {
    expect(formatJavaLiteral([1, 2], 'Array', 'integer')).toBe('new int[]{1, 2}');
    expect(formatJavaLiteral([pythonFloat(1.5)], 'Array', 'double')).toBe('new Object[]{1.5}');
  });

  it.each([
    ['{a: 1', 'dict'],
    ['{(1)}', 'dict'],
    ['["a\\', 'array'],
    ['[{a: [1}]', 'array'],
  ])('%s stays text in JavaScript', (text, type) => {
    expect(parseJavascriptLiteral(text, type)).toBe(text);
    expect(parseJavascriptLiteral(text, type, 'float')).toBe(text);
  });

  it('keep escapes, suffixes and separators apart', () => {
    expect(parseJavaLiteral('{"a\\n\\t\\"b", 1.5f, 2L, null, x}', 'Array')).toEqual([
      'a\n\t"b',
      pythonFloat(1.5),
      2,
      null,
      'x',
    ]);
    expect(parseJavascriptLiteral("['un, [1]", 'array')).toBe("['un, [1]");
    expect(parseJavascriptLiteral('[,]', 'array')).toBe('[,]');
    expect(parseJavascriptLiteral('[1 2]', 'array')).toBe('[1 2]');
    expect(formatJavascriptLiteral('top')).toBe('top');
    expect(formatJavascriptLiteral({ 'a b': null })).toBe('{"a b": null}');
  });
});
