import { describe, expect, it } from 'vitest';
import { formatPythonJson } from './python-value.ts';
import { javaValueUpstream } from './upstream-java-literal.ts';
import { javascriptValueUpstream } from './upstream-javascript-literal.ts';
import { readPythonNumber } from './upstream-number.ts';

// The last column is what the converters of bfcl-eval 2026.3.23 gave for these literals.
describe('Java literals as the leaderboard reads them', () => {
  it.each<[string, string, string, string]>([
    ['7', 'byte', '', '7'],
    ['7L', 'integer', '', '"7L"'],
    ['7\n', 'short', '', '7'],
    ['7l', 'long', '', '7'],
    ['7', 'long', '', '"7"'],
    ['1.5F', 'float', '', '1.5'],
    ['1.5', 'float', '', '"1.5"'],
    ['2e3f', 'float', '', '2000.0'],
    ['1.5', 'double', '', '1.5'],
    ['1.', 'double', '', '"1."'],
    ['true', 'boolean', '', 'true'],
    ['True', 'boolean', '', '"True"'],
    ["'q'", 'char', '', '"\'q\'"'],
    ['"q"', 'String', '', '"\\"q\\""'],
    ['new int[]{4, -5}', 'Array', 'integer', '[4, -5]'],
    ['new int [] { }', 'Array', 'integer', '"new int [] { }"'],
    ['new String[]{"oak", "elm"}', 'Array', 'String', '["\\"oak\\"", "\\"elm\\""]'],
    ['new String[]{oak, elm}', 'Array', 'String', '["oak", "elm"]'],
    ['{4, 5}', 'Array', 'integer', '"{4, 5}"'],
    ['new Object[]{4, "x", true, 2L}', 'Array', '', '[4, "x", true, 2]'],
    ['new long[]{4L, 5}', 'Array', 'long', '[4, "5"]'],
    ['new ArrayList<>(Arrays.asList("oak", "elm"))', 'ArrayList', 'String', '["oak", "elm"]'],
    ['new ArrayList<>(Arrays.asList("oak, elm"))', 'ArrayList', 'String', '["oa", "lm"]'],
    ['new ArrayList<>(Arrays.asList(oak))', 'ArrayList', 'String', '["a"]'],
    ["new ArrayList<>(Arrays.asList('a', 'b'))", 'ArrayList', 'char', '["a", "b"]'],
    ['Arrays.asList("oak")', 'ArrayList', 'String', '"Arrays.asList(\\"oak\\")"'],
    ['List.of("oak")', 'ArrayList', 'String', '"List.of(\\"oak\\")"'],
    ['new ArrayList<Integer>() {{ add(4); add(5); }}', 'ArrayList', 'integer', '[4, 5]'],
    ['new ArrayList<String>() {{ add("oak"); }}', 'ArrayList', 'String', '["oak"]'],
    ['new ArrayList<>() {{ }}', 'ArrayList', 'String', '[]'],
    ['new ArrayList<>()', 'ArrayList', 'String', '[]'],
    ['new ArrayList<>(Arrays.asList(4, "x"))', 'ArrayList', 'any', '["4", "\\"x\\""]'],
    ['new ArrayList<>(Arrays.asList(4, "x", 1f, .5))', 'ArrayList', '', '[4, "x", 1.0, 0.5]'],
    ['new HashMap<>()', 'HashMap', '', '{}'],
    ['new HashMap<String, Integer>() {{ put("oak", 4); put("elm", 5L); }}', 'HashMap', '', '{"oak": 4, "elm": 5}'],
    ['new HashMap<String, List<String>>() { { put("oak", "4"); } }', 'HashMap', '', '{"oak": "4"}'],
    ['new HashMap<>() {{ put("oak", f(4, 5)); }}', 'HashMap', '', '{"oak": "f(4, 5"}'],
    ["new HashMap<>() {{ put('oak', 4); }}", 'HashMap', '', '{}'],
    ['new HashMap<>() {{ put("oak", "}");', 'HashMap', '', '{}'],
    ['Map.of("oak", 4)', 'HashMap', '', '"Map.of(\\"oak\\", 4)"'],
    ['4', 'any', '', '"4"'],
  ])('%j as %s of %j is %s', (text, type, itemType, value) => {
    expect(formatPythonJson(javaValueUpstream(text, type, itemType))).toBe(value);
  });
});

describe('JavaScript literals as the leaderboard reads them', () => {
  it.each<[string, string, string, string]>([
    ['7', 'integer', '', '7'],
    ['7.0', 'integer', '', '"7.0"'],
    ['7', 'float', '', '7.0'],
    ['7e2', 'float', '', '"7e2"'],
    ['7n', 'Bigint', '', '7'],
    ['7', 'Bigint', '', '"7"'],
    ['true', 'Boolean', '', 'true'],
    ['TRUE', 'Boolean', '', '"TRUE"'],
    ['"oak"', 'String', '', '"oak"'],
    ["'oak'", 'String', '', '"oak"'],
    ['oak', 'String', '', '"oak"'],
    ['oak', 'any', '', '"oak"'],
    ['[4, 5]', 'array', 'integer', '[4, 5]'],
    ['[4, 5]', 'array', 'float', '[4.0, 5.0]'],
    ['["oak", \'elm\']', 'array', 'String', '["oak", "elm"]'],
    ['["oak, elm"]', 'array', 'String', '["\\"oak", "elm\\""]'],
    ['[4, "oak", true, x]', 'array', '', '[4, "oak", true, "x"]'],
    ['[]', 'array', 'String', '[]'],
    ['new Array(4, 5)', 'array', 'integer', '[4, 5]'],
    ['[4, 5].map(f)', 'array', '', '[4, 5]'],
    ['items', 'array', '', '"items"'],
    ['[[4, 5], [6]]', 'array', 'array', '[[4, 5], [6]]'],
    ['[ [4],\n[5] ]', 'array', '', '[[4], [5]]'],
    ['new Array([4], [5, 6])', 'array', '', '[[4], [5, 6]]'],
    ['[[4, 5], [6]', 'array', '', '["[4", 5]'],
    ['[[]]', 'array', '', '[[""]]'],
    ['[{"oak": 4}, {"elm": 5}]', 'array', 'dict', '[{"oak": 4}, {"elm": 5}]'],
    ['[4, null]', 'array', '', '[4, "null"]'],
    ['[1_0, +2, .5]', 'array', '', '[10, 2, 0.5]'],
    ['{}', 'dict', '', '{}'],
    ['{ }', 'dict', '', '{}'],
    ['{oak: 4, "elm": "x"}', 'dict', '', '{"oak": 4, "elm": "x"}'],
    ['{"oak": "4", "elm": "true"}', 'dict', '', '{"oak": 4, "elm": true}'],
    ['{oak: [4, "x"], elm: 5}', 'dict', '', '{"oak": [4, "x"], "elm": 5}'],
    ['{oak: {elm: 4}, ash: 5}', 'dict', '', '{"oak": "{elm: 4"}'],
    ['{oak: f(4, 5)}', 'dict', '', '{"oak": "f(4, 5)"}'],
    ['{oak}', 'dict', '', '{}'],
    ['oak: 4', 'dict', '', '"oak: 4"'],
    ['{oak: 4,\nelm: 5}', 'dict', '', '"{oak: 4,\\nelm: 5}"'],
  ])('%j as %s of %j is %s', (text, type, itemType, value) => {
    expect(formatPythonJson(javascriptValueUpstream(text, type, itemType))).toBe(value);
  });
});

describe('text that is no literal', () => {
  it('is given back at once, however long', () => {
    for (const part of ['[[],', '[[', '{a:', 'new ArrayList<>() {{ ', 'new HashMap<> () { {', ' ']) {
      const text = part.repeat(2_500_000 / part.length);
      expect(javaValueUpstream(text, 'ArrayList')).toBe(text);
      expect(javaValueUpstream(text, 'HashMap')).toBe(text);
      expect(javascriptValueUpstream(text, 'array')).toBe(text);
      expect(javascriptValueUpstream(text, 'dict')).toBe(text);
    }
  });

  it('may still read as a number in Python', () => {
    expect(
      ['-inf', 'Infinity', 'nan', '1_0', ' +4 ', '5.', '1e', '٣']
        .map(readPythonNumber)
        .map((value) => (value === undefined ? null : formatPythonJson(value))),
    ).toEqual(['-Infinity', 'Infinity', 'NaN', '10', '4', '5.0', null, null]);
  });
});
