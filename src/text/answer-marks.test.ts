import { describe, expect, it } from 'vitest';
import { answerMarkers, choiceMarkers } from './answer-marker.ts';
import { extractAnswerText } from './answer-text.ts';
import { findBoxed } from './boxed.ts';
import { closingNoteStart } from './closing-note.ts';
import { findJsonAnswers } from './json-answer.ts';
import { plainCharacters } from './plain-characters.ts';

describe('findBoxed', () => {
  it.each<[string, readonly string[]]>([
    ['\\boxed{18} and \\fbox{B}', ['18', 'B']],
    ['\\boxed 18 eggs', ['18']],
    ['\\boxed -$1,234.50 eggs', ['-$1,234.50']],
    ['\\boxed $x$', []],
    ['\\boxed', []],
    ['\\boxed{ }', []],
    ['\\boxed{a \\} b}', ['a \\} b']],
    ['\\boxed{\\text{B}} and {\\boxed{\\boxed{1}}}', ['\\text{B}', '1', '\\boxed{1}']],
    ['} \\boxed{1} }', ['1']],
    ['\\boxed{1', []],
    ['{1} \\boxed{2}', ['2']],
  ])('of %j are %j', (text, contents) => {
    const found = findBoxed(text);
    expect(found.map(({ content }) => content)).toEqual(contents);
    for (const { content, start, end } of found) expect(text.slice(start, end)).toBe(content);
  });

  it('copies no more than 2,000 characters of a box', () => {
    const [box] = findBoxed(`\\boxed{${'1'.repeat(3000)}}`);
    expect([box?.content.length, box?.end]).toEqual([2000, 3007]);
  });
});

describe('closingNoteStart', () => {
  const note = (text: string): string => text.slice(closingNoteStart(text));

  it.each([
    ['It is 18.\n\nNote: others say 17.', '\n\nNote: others say 17.'],
    ['It is 18. P.S. 17 is wrong.', '. P.S. 17 is wrong.'],
    ['It is 18.\n\nAlternatively, count to 17.', '\n\nAlternatively, count to 17.'],
    ['It is 18.\n\nOthers might say 17. So it is 18.', ''],
    ['It is 18 (it would be 17 without the last).', '(it would be 17 without the last).'],
    ['It is 18.\n\nNote that each costs 2. So it is 18.', ''],
    ['It is 18.\n\nNote that each costs 2.', '\n\nNote that each costs 2.'],
    ['It is 18, as noted.', ''],
    ['It is 18.', ''],
    ['', ''],
  ])('of %j is %j', (text, expected) => {
    expect(note(text)).toBe(expected);
  });
});

describe('answerMarkers', () => {
  const ends = (text: string) => answerMarkers(text).map(({ start, end, kind }) => [text.slice(start, end), kind]);

  it.each<[string, readonly (readonly [string, string])[]]>([
    ['The answer is 18', [['answer is ', 'statement']]],
    ['**Answer:** 18', [['Answer:** ', 'label']]],
    ['## Final Answer\n18', [['Answer\n', 'label']]],
    ['No answer\n18', []],
    ['the answer (in metres) to this question = \\(18\\)', []],
    [
      'the answer to this question (in metres) = \\(18\\)',
      [['answer to this question (in metres) = \\(', 'statement']],
    ],
    ['答案是18', [['答案是', 'statement']]],
    ['nothing', []],
  ])('of %j are %j', (text, expected) => {
    expect(ends(text)).toEqual(expected);
  });

  it('for choices also take what says that one is made', () => {
    const text = 'I go with (B); the correct option is **C**';
    expect(choiceMarkers(text).map(({ start, end }) => text.slice(start, end))).toEqual(['go with ', 'option is **']);
    expect(choiceMarkers('nothing')).toEqual([]);
  });
});

describe('findJsonAnswers', () => {
  it.each<[string, readonly string[]]>([
    ['{"answer": "B"}', ['B']],
    ["{'final_answer': 'B'}", ['B']],
    ['{"answer": 18.5, "Choice": C}', ['18.5', 'C']],
    ['{"answer": " "}', []],
    ['{"answer": [1]}', []],
    ['my answer', []],
  ])('of %j are %j', (text, contents) => {
    const found = findJsonAnswers(text);
    expect(found.map(({ content }) => content)).toEqual(contents);
    for (const { content, start, end } of found) expect(text.slice(start, end)).toBe(content);
  });
});

describe('plainCharacters', () => {
  it('makes plain what has a plain form and leaves the rest, of the same length', () => {
    expect(plainCharacters('１８ＡＺａｚ：（）；＃ “x”\u00a0−')).toBe('18AZaz:()；＃ "x" -');
    expect(plainCharacters('plain')).toBe('plain');
  });
});

describe('extractAnswerText', () => {
  const read = (stretch: string): string | null => {
    const word = /^\W*(?:red|blue)\W*$/i.exec(stretch);
    return word === null ? null : stretch.replaceAll(/\W/g, '').toLowerCase();
  };

  it.each<[string, string | null, string | null]>([
    ['{"answer": "red"}', 'red', 'json_answer'],
    ['\\boxed{Blue}', 'blue', 'boxed'],
    ['The answer is: red', 'red', 'answer_phrase'],
    ['Answer:\n- red', 'red', 'answer_phrase'],
    ['Answer: blue\nbecause of the sky', 'blue', 'answer_phrase'],
    ['Well, it is **red** here', 'red', 'bold'],
    ['Some thought.\n\nred', 'red', 'last_line'],
    ['Some thought.\nred.', 'red', 'last_line'],
    ['The answer is red.\n\nNote: **blue** is what others say.', 'red', 'answer_phrase'],
    ['green', null, null],
    ['', null, null],
  ])('%j gives %j by %j', (text, value, method) => {
    const { extraction } = extractAnswerText(text, read);
    expect([extraction.value, extraction.method]).toEqual([value, method]);
  });

  it.each<[string, string | null]>([
    ['The answer is: red', null],
    ['The answer is: red\n\nThat is', 'red'],
    ['\\boxed{red} as', 'red'],
    ['Well, it is **red** here', null],
    ['Some thought.\n\nred', null],
  ])('%j, cut off, gives %j', (text, value) => {
    expect(extractAnswerText(text, read, { isTruncated: true }).extraction.value).toBe(value);
  });
});
