import { describe, expect, it } from 'vitest';
import { findFencedBlocks, openQuoteAfter } from './fenced-blocks.ts';

const found = (text: string) =>
  findFencedBlocks(text).map(({ tag, content, isClosed }) => `${tag}|${content}|${isClosed ? 'closed' : 'open'}`);

describe('fenced blocks', () => {
  it.each<[string, string, readonly string[]]>([
    ['none', 'no code, no `fence`', []],
    ['a tag', 'x\n```Python\na\n\nb\n```\ny', ['python|a\n\nb|closed']],
    ['no tag', '```\na\n```', ['|a|closed']],
    ['a tag with attributes', '```{.python3 .x}\na\n```', ['python3|a|closed']],
    ['two blocks', '```\na\n```\n```js\nb\n```', ['|a|closed', 'js|b|closed']],
    ['tildes', '~~~py\n```\n~~~', ['py|```|closed']],
    ['more marks', '````md\n```py\n````', ['md||open', 'py||closed']],
    ['more marks around fences without tag', '````\na\n```\n````', ['|a\n```|closed']],
    ['never closed', 'x\n```py\na', ['py|a|open']],
    ['nothing behind it', '```', ['||open']],
    ['in a list', '1. Do:\n   ```py\n   a\n     b\n   ```\n2. x', ['py|a\n  b|closed']],
    ['on the line of a list', '- ```py\na\n```', ['py|a|closed']],
    ['behind a sentence', 'Here: ```py\na\n```', ['py|a|closed']],
    ['closed behind the code', '```py\na```\nb', ['py|a|closed']],
    ['on one line', 'x\n```py a = 1```\ny', ['|a = 1|closed']],
    ['a closed pair in a sentence', 'Use ```a``` or ```b\nx', []],
    ['opened twice', '```markdown\n```python\na\n```', ['markdown||open', 'python|a|closed']],
    ['a marked stretch', '[BEGIN]\na\n[DONE]\nb', ['|a|closed']],
    ['another', '[PYTHON]\na\n[/PYTHON]', ['|a|closed']],
    ['in a docstring', '```py\n"""\n```\nx\n```\n"""\na\n```', ['py|"""\n```\nx\n```\n"""\na|closed']],
    ['behind a string that never ends', '```py\n"""\na\n```\nb', ['py|"""\na|closed']],
    ['a long line before it', `${'x'.repeat(300)}: \`\`\`py\na\n\`\`\``, ['py|a|closed']],
    ['a long line without one', `${'x'.repeat(300)}\n\`\`\`py\na\n\`\`\``, ['py|a|closed']],
    [
      'a line that is the name of a member of every object',
      'constructor\n```py\na\n```\n__proto__\nb',
      ['py|a|closed'],
    ],
    ['a long line with it', `\`\`\`py ${'x'.repeat(300)}\na\n\`\`\``, ['py|a|closed']],
    ['a long line of code closed at its end', `\`\`\`\n${'x'.repeat(300)}\`\`\`\nb`, [`|${'x'.repeat(300)}|closed`]],
  ])('%s', (_, text, blocks) => {
    expect(found(text)).toEqual(blocks);
  });

  it('says where the lines stand', () => {
    const text = 'x\n```py\na\nb\n```\ny\n```\nc';
    for (const { content, start, end } of findFencedBlocks(text)) {
      expect(text.slice(start, end).replace(/\n$/, '')).toBe(content);
    }
  });
});

it.each([
  ["a = '''", null, "'''"],
  ["'''a", "'''", null],
  ['a """b""" \'', null, null],
  ["\"'''\"", null, null],
  ['\'a\\\'"""\'', null, null],
  ['# """', null, null],
  ["x ''' y", '"""', '"""'],
  ['x \\""" y', '"""', '"""'],
])('the quote that is open behind %j after %j is %j', (line, before, after) => {
  expect(openQuoteAfter(line, before)).toBe(after);
});
