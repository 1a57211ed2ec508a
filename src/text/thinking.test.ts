import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitThinking } from './thinking.ts';

const cases: readonly (readonly [text: string | null, expected: ReturnType<typeof splitThinking>])[] = [
  ['18', { answer: '18', thinking: null, state: 'none' }],
  [null, { answer: '', thinking: null, state: 'none' }],
  ['', { answer: '', thinking: null, state: 'none' }],
  ['I think it is 18', { answer: 'I think it is 18', thinking: null, state: 'none' }],
  ['<think>\n17?\n</think>\n\n18', { answer: '18', thinking: '17?', state: 'paired' }],
  ['<thinking>17?</thinking>18', { answer: '18', thinking: '17?', state: 'paired' }],
  ['<think>\n\n</think>\n\n18', { answer: '18', thinking: null, state: 'empty' }],
  ['17?\n</think>\n\n18', { answer: '18', thinking: '17?', state: 'close_only' }],
  ['<think>17? 18', { answer: '', thinking: '17? 18', state: 'unclosed' }],
  ['It is 18. <think>or 17', { answer: '', thinking: 'It is 18. or 17', state: 'unclosed' }],
  ['<think>a</think>17<think>b</think>18', { answer: '18', thinking: 'a\n\n17b', state: 'paired' }],
  ['<think>a</think>17<think>b', { answer: '', thinking: 'a\n\nb', state: 'unclosed' }],
  ['<think>only</think>', { answer: '', thinking: 'only', state: 'paired' }],
];

describe('splitThinking', () => {
  it.each(cases)('%j', (text, expected) => {
    expect(splitThinking(text)).toEqual(expected);
  });

  it('knows of a tag that the template opened', () => {
    const split = (text: string) => splitThinking(text, { templateOpened: true });
    expect(split('17? 18')).toEqual({ answer: '', thinking: '17? 18', state: 'unclosed' });
    expect(split('17?\n</think>\n18')).toEqual({ answer: '18', thinking: '17?', state: 'paired' });
    expect(split('\n</think>\n18')).toEqual({ answer: '18', thinking: null, state: 'empty' });
  });

  it('takes a field of its own for the thinking', () => {
    const split = (text: string | null, templateOpened = false) =>
      splitThinking(text, { reasoning: '17?', templateOpened });
    expect(split('18')).toEqual({ answer: '18', thinking: '17?', state: 'field' });
    expect(split(null)).toEqual({ answer: '', thinking: '17?', state: 'field_only' });
    expect(split('18', true)).toEqual({ answer: '18', thinking: '17?', state: 'field' });
    expect(split('<think>more</think>18')).toEqual({ answer: '18', thinking: '17?\n\nmore', state: 'field' });
    expect(split('<think>more')).toEqual({ answer: '', thinking: '17?\n\nmore', state: 'unclosed' });
    expect(splitThinking('18', { reasoning: '  ' }).state).toBe('none');
  });

  const plain = fc.string().filter((text) => !text.includes('<') && text.trim() === text && text !== '');

  it('gives back what was put together, whatever the texts', () => {
    fc.assert(
      fc.property(plain, plain, (thought, answer) => {
        const paired = splitThinking(`<think>${thought}</think>${answer}`);
        expect(paired).toEqual({ answer, thinking: thought, state: 'paired' });
        expect(splitThinking(`${thought}</think>${answer}`)).toEqual({
          answer,
          thinking: thought,
          state: 'close_only',
        });
        expect(splitThinking(`<think>${thought}`).answer).toBe('');
        expect(splitThinking(answer, { reasoning: thought })).toEqual({ answer, thinking: thought, state: 'field' });
      }),
    );
  });

  it('is total, and never leaves a tag in the answer', () => {
    const piece = fc.oneof(
      fc.constantFrom('<think>', '</think>', '<thinking>', '</thinking>', '\n', 'think'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.boolean(), fc.option(fc.string()), (pieces, templateOpened, reasoning) => {
        const { answer, state } = splitThinking(pieces.join(''), { templateOpened, reasoning });
        expect(/<\/?think(?:ing)?>/.test(answer)).toBe(false);
        if (state === 'unclosed') expect(answer).toBe('');
      }),
    );
  });

  it('is linear: ten megabytes of tags', () => {
    const start = performance.now();
    splitThinking('<think>'.repeat(700_000) + '</think>'.repeat(600_000));
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
