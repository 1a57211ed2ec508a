import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import type { ToolDefinition } from '../../core/message.ts';
import { assistantTurn } from '../assistant-turn.ts';
import { formatHermesCalls, formatSpacedJson, formatXmlCalls, toNativeCalls } from './format-tool-calls.ts';
import { parseToolCalls, parseTurnToolCalls } from './parse-tool-calls.ts';
import type { ToolCallParse } from './parsed-call.ts';

const tools: readonly ToolDefinition[] = [
  {
    name: 'book_room',
    description: 'Books a room.',
    parameters: {
      type: 'object',
      properties: {
        room: { type: 'string' },
        seats: { type: 'integer' },
        price: { type: 'number' },
        quiet: { type: 'boolean' },
        tags: { type: 'array', items: { type: 'string' } },
        guest: { type: 'object' },
        note: { type: ['string', 'null'] },
        level: { enum: [1, 2, 'top'] },
      },
      required: ['room'],
    },
  },
  { name: 'list_rooms', description: 'Lists rooms.', parameters: { type: 'object', properties: {} } },
];
const hermes = (text: string, isTruncated = false): ToolCallParse =>
  parseToolCalls(text, { format: 'hermes', tools, isTruncated });
const xml = (text: string, isTruncated = false): ToolCallParse =>
  parseToolCalls(text, { format: 'xml', tools, isTruncated });
const native = (values: string, text = ''): ToolCallParse =>
  parseToolCalls(text, { format: 'native', tools, nativeCalls: [{ id: '1', name: 'list_rooms', arguments: values }] });
const brief = (parse: ToolCallParse): unknown => ({
  strict: parse.strict.map(({ name, arguments: values }) => [name, values]),
  lenient: parse.lenient.map(({ name, arguments: values, repairs }) => [name, values, ...repairs]),
  codes: parse.problems.map(({ code }) => code),
});
const call = '{"name": "book_room", "arguments": {"room": "A"}}';
const read = [['book_room', { room: 'A' }]];

describe('Hermes calls', () => {
  it('reads one and several calls, tight and loose', () => {
    expect(brief(hermes(`Booking.\n<tool_call>\n${call}\n</tool_call>`))).toEqual({
      strict: read,
      lenient: read,
      codes: [],
    });
    const two = hermes(`<tool_call>${call}</tool_call><tool_call>${call}</tool_call>`);
    expect(two.strict).toHaveLength(2);
    expect(two.strict[1]?.raw).toBe(call);
    expect(hermes(`<tool_call>\n${call}`).strict).toHaveLength(1);
  });

  it.each<[string, string, unknown[], string[]]>([
    ['two objects in one tag', `<tool_call>${call}\n${call}</tool_call>`, ['several_in_one_tag'], ['json.extra_data']],
    ['a surplus brace', `<tool_call>${call}}</tool_call>`, ['surplus_bracket'], ['json.extra_data']],
    ['a missing brace', `<tool_call>${call.slice(0, -1)}</tool_call>`, ['missing_bracket'], ['json.unclosed_bracket']],
    ['single quotes', `<tool_call>${call.replaceAll('"', "'")}</tool_call>`, ['json_syntax'], ['json.single_quotes']],
    [
      'a double-encoded object',
      `<tool_call>${JSON.stringify({ name: 'book_room', arguments: '{"room": "A"}' })}</tool_call>`,
      ['double_encoded_arguments'],
      ['json.double_encoded'],
    ],
    [
      'a double-encoded object with faults of its own',
      `<tool_call>${JSON.stringify({ name: 'book_room', arguments: "{'room': 'A'}" })}</tool_call>`,
      ['double_encoded_arguments', 'json_syntax'],
      ['json.double_encoded', 'json.syntax'],
    ],
    [
      'single quotes and a missing brace',
      `<tool_call>${call.slice(0, -1).replaceAll('"', "'")}</tool_call>`,
      ['missing_bracket', 'json_syntax'],
      ['json.unclosed_bracket', 'json.single_quotes'],
    ],
    [
      'another key',
      `<tool_call>${call.replace('arguments', 'parameters')}</tool_call>`,
      ['arguments_key'],
      ['args.not_object'],
    ],
    [
      'no closing tag between',
      `<tool_call>${call}<tool_call>${call}</tool_call>`,
      ['missing_close_tag'],
      ['json.extra_data'],
    ],
  ])('mends %s leniently', (_, text, repairs, codes) => {
    const parse = hermes(text);
    expect(parse.strict).toEqual([]);
    expect(parse.lenient.every(({ name, arguments: values }) => name === 'book_room' && values?.room === 'A')).toBe(
      true,
    );
    expect(parse.lenient[0]?.repairs).toEqual(repairs);
    expect([...new Set(parse.problems.map(({ code }) => code))]).toEqual(codes);
  });

  it('fills nothing in, but for tools that need nothing', () => {
    expect(brief(hermes('<tool_call>{"name": "list_rooms"}</tool_call>'))).toEqual({
      strict: [],
      lenient: [['list_rooms', {}, 'empty_arguments']],
      codes: ['args.not_object'],
    });
    expect(hermes('<tool_call>{"name": "book_room"}</tool_call>').lenient[0]?.arguments).toBeNull();
    expect(hermes('<tool_call>{"name": "other"}</tool_call>').lenient[0]?.arguments).toBeNull();
    const untyped = [{ name: 'ping', description: 'Pings.', parameters: true }];
    const parse = parseToolCalls('<tool_call>{"name": "ping"}</tool_call>', { format: 'hermes', tools: untyped });
    expect(parse.lenient[0]?.arguments).toBeNull();
  });

  it('keeps good calls beside bad ones leniently, and none strictly', () => {
    const text = `<tool_call>${call}</tool_call>\n<tool_call>{"name": oops}</tool_call>\n<tool_call>${call}</tool_call>`;
    const parse = hermes(text);
    expect([parse.strict.length, parse.lenient.length]).toEqual([0, 2]);
    expect(parse.problems).toMatchObject([{ code: 'json.syntax' }]);
    expect(text.slice(...(parse.problems[0]?.span ?? [0, 0]))).toBe('oops}</tool_call>');
  });

  it.each<[string, string]>([
    ['<tool_call></tool_call>', 'json.syntax'],
    ['<tool_call>{"name": 1}</tool_call>', 'args.not_object'],
    ['<tool_call>{"name": </tool_call>', 'json.unclosed_bracket'],
    ['<tool_call>[1]</tool_call>', 'args.not_object'],
    [`<tool_call>${call} and so on</tool_call>`, 'json.extra_data'],
    ['<tool_call>{"name": "book_room", "arguments": {"room": "A</tool_call>', 'json.unterminated_string'],
    ['<tool_call>{"name": "book_room", "arguments": {"room": "A", "room": "B"}}</tool_call>', 'json.duplicate_key'],
  ])('names what is wrong with %s', (text, code) => {
    const parse = hermes(text);
    expect(parse).toMatchObject({ strict: [], attempted: true });
    expect(parse.problems.map((problem) => problem.code)).toEqual([code]);
  });

  it('repairs nothing that the token limit cut off', () => {
    for (const text of [`<tool_call>${call.slice(0, -1)}`, '<tool_call>{"name": "book', '<tool_call>']) {
      const parse = hermes(text, true);
      expect(brief(parse)).toEqual({ strict: [], lenient: [], codes: ['gen.truncated.in_call'] });
    }
    expect(hermes(`<tool_call>${call.slice(0, -1)}`).problems[0]?.code).toBe('json.unclosed_bracket');
  });
});

describe('XML calls', () => {
  const body = '<function=book_room>\n<parameter=room>\nA\n</parameter>\n</function>';

  it('types values by the schema, and leaves strings alone', () => {
    const values: JsonObject = {
      room: '02134',
      seats: 3,
      price: 12.5,
      quiet: true,
      tags: ['1', 'x'],
      guest: { name: 'O"Neil' },
      note: null,
      level: 2,
    };
    expect(xml(formatXmlCalls([{ name: 'book_room', arguments: values }])).strict[0]?.arguments).toEqual(values);
    const rendered = body.replace(
      '</function>',
      '<parameter=quiet>\nTrue\n</parameter>\n<parameter=seats>\nmany\n</parameter>\n</function>',
    );
    expect(xml(`<tool_call>\n${rendered}\n</tool_call>`).strict[0]?.arguments).toEqual({
      room: 'A',
      quiet: true,
      seats: 'many',
    });
  });

  it('keeps line breaks inside a value', () => {
    const text =
      '<tool_call>\n<function=book_room>\n<parameter=room>\n\n  a\n<b>\n\n</parameter>\n</function>\n</tool_call>';
    expect(xml(text).strict[0]?.arguments).toEqual({ room: '\n  a\n<b>\n' });
  });

  it.each<[string, string, string[]]>([
    ['no opening tag', `${body}\n</tool_call>`, ['missing_open_tag']],
    ['no closing tags', '<tool_call>\n<function=book_room>\n<parameter=room>\nA\n', ['missing_close_tag']],
    [
      'an unclosed parameter',
      '<tool_call>\n<function=book_room>\n<parameter=room>\nA\n</function>\n</tool_call>',
      ['missing_close_tag'],
    ],
    [
      'an unclosed name',
      `<tool_call>\n${body.replace('room>\nA', 'room\nA')}\n</tool_call>`,
      ['unclosed_parameter_name'],
    ],
  ])('mends %s leniently', (_, text, repairs) => {
    const parse = xml(text);
    expect(parse.strict).toEqual([]);
    expect(parse.lenient).toMatchObject([{ name: 'book_room', arguments: { room: 'A' }, repairs }]);
    expect(parse.problems[0]?.code).toBe('format_mismatch.xml_malformed');
  });

  it('cuts one line break of either kind at each end', () => {
    const value = (text: string): unknown =>
      xml(`<tool_call>\n<function=book_room>\n<parameter=room>${text}</parameter>\n</function>\n</tool_call>`).strict[0]
        ?.arguments?.room;
    expect(['\r\nA\r\n', '\nA\n', 'A', '\n', '\r\n', '\n\n', ''].map(value)).toEqual(['A', 'A', 'A', '', '', '', '']);
  });

  it('takes values of tools and parameters without a schema as they stand', () => {
    const loose = [
      { name: 'ping', description: 'Pings.', parameters: true },
      { name: 'pong', description: 'Pongs.', parameters: { type: 'object' } },
    ];
    for (const name of ['ping', 'pong', 'other']) {
      const text = formatXmlCalls([{ name, arguments: { count: 3 } }]);
      expect(parseToolCalls(text, { format: 'xml', tools: loose }).strict[0]?.arguments).toEqual({ count: '3' });
    }
  });

  it('mends a Python list, by name', () => {
    const text =
      "<tool_call>\n<function=book_room>\n<parameter=tags>\n['a', 'b']\n</parameter>\n</function>\n</tool_call>";
    expect(brief(xml(text))).toEqual({
      strict: [],
      lenient: [['book_room', { tags: ['a', 'b'] }, 'value_syntax']],
      codes: ['json.syntax'],
    });
  });

  it('guesses neither names nor stray text, and mends no truncation', () => {
    expect(brief(xml('<tool_call>\n<function=>\n</function>\n</tool_call>'))).toMatchObject({
      lenient: [],
      codes: ['json.syntax'],
    });
    expect(xml('<tool_call>\n<function=book_room>\nroom: A\n</function>\n</tool_call>').problems[0]?.code).toBe(
      'json.syntax',
    );
    expect(brief(xml('<tool_call>\n<function=book_room>\n<parameter=room>\nA', true))).toEqual({
      strict: [],
      lenient: [],
      codes: ['gen.truncated.in_call'],
    });
  });
});

describe('native calls', () => {
  it.each<[string, unknown]>([
    ['{}', { strict: [['list_rooms', {}]], lenient: [['list_rooms', {}]], codes: [] }],
    ['', { strict: [], lenient: [['list_rooms', {}, 'empty_arguments']], codes: ['args.not_object'] }],
    ['"{}"', { strict: [], lenient: [['list_rooms', {}, 'double_encoded_arguments']], codes: ['json.double_encoded'] }],
    ['{a: 1}', { strict: [], lenient: [['list_rooms', { a: 1 }, 'json_syntax']], codes: ['json.unquoted_key'] }],
    ['3', { strict: [], lenient: [['list_rooms', null]], codes: ['args.not_object'] }],
    ['"{} x"', { strict: [], lenient: [['list_rooms', null]], codes: ['args.not_object'] }],
    ['"[1]"', { strict: [], lenient: [['list_rooms', null]], codes: ['args.not_object'] }],
    [
      '"{a: 1}"',
      {
        strict: [],
        lenient: [['list_rooms', { a: 1 }, 'double_encoded_arguments', 'json_syntax']],
        codes: ['json.double_encoded'],
      },
    ],
    ['{"a": "', { strict: [], lenient: [], codes: ['json.unterminated_string'] }],
    ['{} {}', { strict: [], lenient: [], codes: ['json.extra_data'] }],
  ])('reads arguments %j', (values, expected) => {
    expect(brief(native(values))).toEqual(expected);
  });

  it('counts a call that the limit cut off as cut off', () => {
    const nativeCalls = [{ id: null, name: 'book_room', arguments: '{"room": "A' }];
    const parse = parseToolCalls('', { format: 'native', tools, nativeCalls, isTruncated: true });
    expect(brief(parse)).toEqual({ strict: [], lenient: [], codes: ['gen.truncated.in_call'] });
  });

  it('takes calls that the server parsed out of a prompt format', () => {
    const nativeCalls = toNativeCalls([{ name: 'book_room', arguments: { room: 'A' } }]);
    expect(parseToolCalls('', { format: 'hermes', tools, nativeCalls }).strict).toHaveLength(1);
  });
});

describe('calls in another format', () => {
  const xmlText = formatXmlCalls([{ name: 'book_room', arguments: { room: 'A' } }]);
  it.each<['native' | 'hermes' | 'xml', string, string]>([
    ['native', `<tool_call>\n${call}\n</tool_call>`, 'format_mismatch.hermes_text'],
    ['xml', `<tool_call>\n${call}\n</tool_call>`, 'format_mismatch.hermes_text'],
    ['native', xmlText, 'format_mismatch.xml_text'],
    ['hermes', xmlText, 'format_mismatch.xml_text'],
    ['hermes', `<tools>\n${call}\n</tools>`, 'format_mismatch.tools_tag'],
    ['native', `<function>${call}</function>`, 'format_mismatch.tools_tag'],
    ['hermes', `Sure:\n\`\`\`json\n${call}\n\`\`\``, 'format_mismatch.fenced'],
    ['hermes', call, 'format_mismatch.bare_json'],
    ['xml', `[${call}]`, 'format_mismatch.bare_json'],
    ['hermes', call.replaceAll('"', "'"), 'format_mismatch.bare_json'],
  ])('%s: %j is read leniently and named', (format, text, code) => {
    const parse = parseToolCalls(text, { format, tools });
    expect(parse.strict).toEqual([]);
    expect(parse.lenient).toMatchObject([{ name: 'book_room', arguments: { room: 'A' } }]);
    expect(parse.lenient[0]?.repairs).toContain('other_format');
    expect(parse.problems[0]?.code).toBe(code);
  });

  it.each([
    ['[book_room(room="A")]', 'format_mismatch.pythonic'],
    ['book_room(room="A")', 'format_mismatch.pythonic'],
    ['print(book_room(room="A"))', 'format_mismatch.pythonic'],
    ['Thought: book.\nAction: book_room\nAction Input: {"room": "A"}', 'format_mismatch.react'],
  ])('names %j without reading it', (text, code) => {
    expect(brief(hermes(text))).toEqual({ strict: [], lenient: [], codes: [code] });
    expect(hermes(text).attempted).toBe(true);
  });

  it('leaves text alone that names no tool on offer', () => {
    const texts = [
      '{"name": "other", "arguments": {}}',
      'other(1)',
      'Action: rest',
      '{"name": "book_room"}',
      'Use book_room (room).',
    ];
    for (const text of texts) expect(hermes(text)).toEqual({ strict: [], lenient: [], problems: [], attempted: false });
  });
});

describe('thinking', () => {
  const block = `<tool_call>\n${call}\n</tool_call>`;
  const turn = (text: string): ToolCallParse =>
    parseTurnToolCalls(assistantTurn({ text }), { format: 'hermes', tools });

  it('never counts a call inside thinking', () => {
    expect(turn(`<think>${block}</think>${block}`).strict).toHaveLength(1);
    for (const text of [`<think>I will ${block}`, `<think>${block}</think>\nDone.`]) {
      expect(brief(turn(text))).toEqual({ strict: [], lenient: [], codes: ['format_mismatch.call_in_think'] });
      expect(turn(text).attempted).toBe(false);
    }
  });

  it('takes a draft of a tool that is not on offer for a thought', () => {
    const draft = '<tool_call>{"name": "other", "arguments": {}}</tool_call>';
    expect(turn(`<think>${draft}</think>\nDone.`).problems).toEqual([]);
  });

  it('does not trust a call with a thinking tag in it', () => {
    const nativeCalls = [{ id: null, name: 'book_room', arguments: '{"room": "A</think>"}' }];
    const parse = parseToolCalls('', { format: 'native', tools, nativeCalls });
    expect([parse.strict.length, parse.lenient.length, parse.problems[0]?.code]).toEqual([
      0,
      1,
      'format_mismatch.think_leak',
    ]);
  });
});

describe('any text', () => {
  const values = fc.dictionary(
    fc.stringMatching(/^[a-z_]{1,8}$/),
    fc.oneof(fc.stringMatching(/^[^<>\r\n]{0,12}$/), fc.integer(), fc.boolean(), fc.array(fc.string())),
    { maxKeys: 4 },
  );

  it('gives back what was written, in Hermes and in the tools field', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), (list) => {
        const calls = list.map((item) => ({
          name: 'book_room',
          arguments: JSON.parse(JSON.stringify(item)) as JsonObject,
        }));
        const expected = calls.map(({ arguments: item }) => item);
        const text = formatHermesCalls(calls);
        if (!list.some((item) => JSON.stringify(item).includes('tool_call>'))) {
          expect(hermes(text).strict.map((item) => item.arguments)).toEqual(expected);
        }
        const parse = parseToolCalls('', { format: 'native', tools, nativeCalls: toNativeCalls(calls) });
        expect(parse.strict.map((item) => item.arguments)).toEqual(expected);
        for (const item of expected) expect(JSON.parse(formatSpacedJson(item))).toEqual(item);
      }),
    );
  });

  it('is total: never throws, and what is strict is lenient too', () => {
    const piece = fc.constantFrom(
      '<tool_call>',
      '</tool_call>',
      '<function=',
      'book_room',
      '>',
      '<parameter=',
      'room',
      '</parameter>',
      '</function>',
      '{',
      '}',
      '"',
      ':',
      '"name"',
      '"arguments"',
      '[',
      ',',
      '\n',
      ' ',
      '```',
      'x',
      "'",
      '<tools>',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.constantFrom('native', 'hermes', 'xml'),
        fc.boolean(),
        (parts, format, isTruncated) => {
          const text = parts.join('');
          const parse = parseToolCalls(text, { format, tools, isTruncated });
          for (const item of parse.strict) expect(parse.lenient).toContain(item);
          for (const { span } of [...parse.lenient, ...parse.problems]) {
            expect(span[0] >= 0 && span[0] <= span[1] && span[1] <= text.length).toBe(true);
          }
          for (const item of parse.lenient) expect(text.slice(...item.span)).toBe(item.raw);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is linear on hostile text', () => {
    const pieces = [
      '<tool_call>',
      '<tool_call>{"',
      '<tool_call>{/*',
      '<tool_call>{"a":',
      '<function=',
      '<function=a>\n',
      '<parameter=x>',
      '```json\n',
      '{"name":"book_room","arguments":{}}',
      '[',
      "{'",
      ' ',
      'book_room(',
      '<think>',
    ];
    const hostile = pieces.map((piece) => piece.repeat(Math.ceil(300_000 / piece.length)));
    hostile.push(
      `<tool_call><function=book_room>${'\n<parameter=x>'.repeat(20_000)}`,
      `<tool_call>{"name":"${'x'.repeat(10_000_000)}`,
    );
    hostile.push(`<tool_call>${`${call}\n`.repeat(20_000)}</tool_call>`);
    for (const text of hostile) {
      for (const format of ['native', 'hermes', 'xml'] as const) {
        const started = process.hrtime.bigint();
        parseToolCalls(text, { format, tools });
        expect(Number(process.hrtime.bigint() - started) / 1e6, `${format} ${text.slice(0, 40)}`).toBeLessThan(5000);
      }
    }
  }, 120_000);
});
