import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bracketSpelling, wordListSpelling } from './answer-spelling.ts';
import { extractAnswerText } from './answer-text.ts';
import { extractChoice } from './choice-answer.ts';
import { extractNumber } from './number-answer.ts';

const options = ['A', 'B', 'C', 'D'].map((label) => ({ label, text: `the ${label.toLowerCase()} one` }));
const words = new Set(['one', 'two', 'three']);

const extractors: Readonly<
  Record<string, (text: string) => { readonly extraction: { readonly span: readonly [number, number] | null } }>
> = {
  number: (text) => extractNumber(text, { question: 'How many [ { are there?' }),
  'number, cut off': (text) => extractNumber(text, { isTruncated: true }),
  choice: (text) => extractChoice(text, options, { question: 'Which one?' }),
  'choice, cut off': (text) => extractChoice(text, options, { isTruncated: true }),
  words: (text) => extractAnswerText(text, (stretch) => wordListSpelling(stretch, words)),
  brackets: (text) => extractAnswerText(text, bracketSpelling),
};

const megabytes = (piece: string): string => piece.repeat(Math.ceil(10_000_000 / piece.length));

/** Texts that make careless patterns go back and forth. */
const hostile: Readonly<Record<string, string>> = {
  'one letter': megabytes('a'),
  digits: megabytes('7'),
  'digits and commas': megabytes('1,'),
  'digit groups': megabytes('123,'),
  'spaced groups': megabytes('123 '),
  'full stops': megabytes('.'),
  'blank lines': megabytes('\n'),
  spaces: megabytes(' '),
  'open brackets': '['.repeat(200_000),
  'open braces': '{'.repeat(200_000),
  'nested brackets': `${'('.repeat(200_000)}18${')'.repeat(200_000)}`,
  'nested boxes': `${'\\boxed{'.repeat(200_000)}18${'}'.repeat(200_000)}`,
  'open boxes': '\\boxed{'.repeat(200_000),
  boxes: megabytes('\\boxed{18} '),
  fences: '```\n18\n```\n'.repeat(5_000),
  'open fences': '```json\n'.repeat(5_000),
  markers: megabytes('the answer is '),
  labels: megabytes('Answer: '),
  'marked numbers': megabytes('The answer is 18.\n'),
  'json starts': megabytes('{"answer": "'),
  'json escapes': `{"answer": "${'\\"'.repeat(2_000_000)}`,
  emphasis: megabytes('**18'),
  stars: megabytes('*'),
  hashes: megabytes('#### '),
  notes: megabytes('Note: '),
  parentheses: megabytes('(if '),
  fractions: megabytes('\\frac{1'),
  options: megabytes('A. the a one\n'),
  'option letters': megabytes('A or '),
  'or numbers': megabytes('17 or '),
  minus: megabytes('-'),
  equals: megabytes('=1'),
  'is correct': megabytes('option A is '),
  quotes: megabytes('"'),
  backslashes: megabytes('\\'),
  binary: Array.from({ length: 256 }, (_, code) => String.fromCharCode(code))
    .join('')
    .repeat(20_000),
};

describe.each(Object.keys(extractors))('extraction of a %s', (name) => {
  const extract = extractors[name] ?? (() => ({ extraction: { span: null } }));

  it.each(Object.keys(hostile))('is linear on ten megabytes of %s', (kind) => {
    const text = hostile[kind] ?? '';
    const start = performance.now();
    extract(text);
    // A hundredth of this is usual; what goes back and forth takes minutes.
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('is total, deterministic, and its span lies in the text', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '18',
        'B',
        '\\boxed{',
        '}',
        'The answer is ',
        'ANSWER:',
        '**',
        '\n',
        '####',
        '"answer": "',
        '"',
        ' or ',
        'Note: ',
        '$',
        '-',
        ',',
        '.',
        '(',
        ')',
        'one two three',
        '] )',
      ),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const text = pieces.join('');
        const first = extract(text);
        expect(extract(text)).toEqual(first);
        const { span } = first.extraction;
        if (span === null) return;
        expect(span[0]).toBeGreaterThanOrEqual(0);
        expect(span[0]).toBeLessThanOrEqual(span[1]);
        expect(span[1]).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 300 },
    );
  });
});
