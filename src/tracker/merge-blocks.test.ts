import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isQwenEvalError } from '../core/errors.ts';
import { mergeBlocks, type GeneratedBlock } from './merge-blocks.ts';

const block = (name: string, ...lines: readonly string[]): GeneratedBlock => ({
  name,
  heading: `## ${name}`,
  lines,
});
const first = [block('alpha', 'a1', '', 'a2'), block('beta', 'b1')];
const second = [block('alpha', 'a1', '', 'a3'), block('beta', 'b1', 'b2')];
const fresh = mergeBlocks(null, first).text;

const failureOf = (document: string): string => {
  try {
    mergeBlocks(document, first);
  } catch (error) {
    if (isQwenEvalError(error)) return `${error.code}: ${error.message}`;
  }
  return 'no error';
};

describe('mergeBlocks', () => {
  it('makes a document and brings it up to date in place', () => {
    expect(fresh).toMatchInlineSnapshot(`
      "## alpha

      <!-- qwen-eval:begin alpha -->
      a1

      a2
      <!-- qwen-eval:end alpha -->

      ## beta

      <!-- qwen-eval:begin beta -->
      b1
      <!-- qwen-eval:end beta -->

      <!-- qwen-eval:begin sums -->
      <!-- alpha 2dc2e875, beta 7dc96f77 -->
      <!-- lines alpha 9V_xbLDpCS -->
      <!-- lines beta fclvd -->
      <!-- qwen-eval:end sums -->
      "
    `);
    const { text, moved } = mergeBlocks(fresh, second);
    const withoutSums = (document: string) => document.replaceAll(/<!-- (?:lines|alpha) .*/g, '');
    expect(withoutSums(text)).toBe(withoutSums(fresh.replace('a2', 'a3').replace('b1\n', 'b1\nb2\n')));
    expect(moved).toEqual([]);
  });

  it('changes nothing the second time, whatever the reader wrote around the blocks', () => {
    fc.assert(
      fc.property(documentWithHandText(), ({ document, hand }) => {
        const once = mergeBlocks(document, second).text;
        expect(mergeBlocks(once, second)).toEqual({ text: once, moved: [], ticked: [] });
        expect(handTextOf(once, document)).toBe(hand);
      }),
      { numRuns: 300 },
    );
  });

  it('puts blocks that are missing after the one before them, and into a document of the reader’s', () => {
    const hand = 'My notes\r\nend without a line feed';
    expect(mergeBlocks(hand, [block('alpha', 'a1')]).text).toMatch(
      /^My notes\r\nend without a line feed\r\n\r\n## alpha\r\n\r\n<!-- qwen-eval:begin alpha -->\r\na1\r\n/,
    );
    const [, alpha = '', rest = ''] = /^([^]*end alpha -->\n)([^]*)$/.exec(fresh) ?? [];
    const without = alpha + rest.slice(rest.indexOf('<!-- qwen-eval:begin sums'));
    const { text } = mergeBlocks(without, first);
    expect(text.indexOf('begin beta')).toBeGreaterThan(text.indexOf('end alpha'));
    expect(text.indexOf('begin sums')).toBeGreaterThan(text.indexOf('end beta'));
    expect(text.match(/begin sums/g)).toHaveLength(1);
  });

  it('puts a block that was deleted back under its heading', () => {
    const deleted = fresh.replace(/<!-- qwen-eval:begin alpha[^]*end alpha -->\n/, 'my words\n');
    const { text } = mergeBlocks(deleted, first);
    expect(text.match(/^## alpha$/gm)).toHaveLength(1);
    expect(text).toMatch(
      /^## alpha\n\n<!-- qwen-eval:begin alpha -->\na1\n\na2\n<!-- qwen-eval:end alpha -->\n\nmy words\n/,
    );
    expect(mergeBlocks(text, first)).toEqual({ text, moved: [], ticked: [] });
    const bare = mergeBlocks('## beta', first).text;
    expect(bare).toMatch(/^## beta\n\n<!-- qwen-eval:begin beta -->\nb1\n<!-- qwen-eval:end beta -->\n+## alpha\n/);
    expect(mergeBlocks(bare, first)).toEqual({ text: bare, moved: [], ticked: [] });
  });

  it('keeps the line endings of the document', () => {
    const windows = fresh.replaceAll('\n', '\r\n');
    expect(mergeBlocks(windows, first).text).toBe(windows);
    expect(mergeBlocks(windows, second).text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('moves hand-written lines out of a block and names them', () => {
    const edited = fresh.replace('a1\n', 'a1\nremember this\n');
    const { text, moved } = mergeBlocks(edited, second);
    expect(moved).toEqual([{ block: 'alpha', line: 5, text: 'remember this' }]);
    // What was generated before is nobody's words, although the block was edited since.
    expect(text).toContain('a1\n\na3\n<!-- qwen-eval:end alpha -->\n\nremember this\n\n## beta');
    expect(mergeBlocks(text, second)).toEqual({ text, moved: [], ticked: [] });
  });

  it('puts boxes back that were ticked by hand, and names them', () => {
    const list = [block('alpha', '- [ ] one', '- [x] two')];
    const before = mergeBlocks(null, list).text;
    const edited = before.replace('- [ ] one', '- [X] one').replace('- [x] two', '- [ ] two');
    expect(mergeBlocks(edited, list)).toEqual({
      text: before,
      moved: [],
      ticked: [
        { block: 'alpha', line: 4, text: '- [X] one' },
        { block: 'alpha', line: 5, text: '- [ ] two' },
      ],
    });
    expect(mergeBlocks(before.replace('one', 'other'), list).moved).toEqual([
      { block: 'alpha', line: 4, text: '- [ ] other' },
    ]);
  });

  it('knows a box that was ticked by hand although its line has changed since', () => {
    const before = mergeBlocks(null, [block('alpha', '- [ ] one: 1 of 3')]).text;
    const { text, moved, ticked } = mergeBlocks(before.replace('[ ]', '[x]'), [block('alpha', '- [ ] one: 2 of 3')]);
    expect({ moved, ticked }).toEqual({ moved: [], ticked: [{ block: 'alpha', line: 4, text: '- [x] one: 1 of 3' }] });
    expect(text).toContain('- [ ] one: 2 of 3\n<!-- qwen-eval:end alpha -->');
    expect(text).not.toContain('1 of 3');
  });

  it('without digests of the lines rather keeps too much than too little', () => {
    const edited = fresh.replace('a1\n', 'a1\nremember this\n').replaceAll(/<!-- lines .*\n/g, '');
    expect(mergeBlocks(edited, second).moved.map(({ text }) => text)).toEqual(['remember this', 'a2']);
  });

  it('takes an outdated block for what it is', () => {
    expect(mergeBlocks(fresh, [block('alpha', 'x'), block('beta', 'y')]).moved).toEqual([]);
  });

  it('loses no line that is put anywhere between the markers', () => {
    const lines = fresh.split('\n');
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.stringMatching(/^note [a-z ]{1,20}$/), (at, note) => {
        const { text } = mergeBlocks(lines.toSpliced(at, 0, note).join('\n'), second);
        expect(text.split('\n')).toContain(note);
      }),
    );
  });

  it.each([
    [
      'an end is gone',
      fresh.replace('<!-- qwen-eval:end alpha -->\n', ''),
      'line 10 of the tracker: block beta begins before block alpha of line 3 has ended',
    ],
    [
      'a begin is gone',
      fresh.replace('<!-- qwen-eval:begin beta -->\n', ''),
      'line 12 of the tracker: block beta ends here and has not begun',
    ],
    [
      'the last end is gone',
      fresh.replace('<!-- qwen-eval:end sums -->\n', ''),
      'line 15 of the tracker: block sums begins here and never ends',
    ],
    ['a block stands twice', `${fresh}${fresh}`, 'line 22 of the tracker: block alpha stands already in line 3'],
    [
      'ends are swapped',
      fresh.replace('end alpha', 'end beta'),
      'line 7 of the tracker: block beta ends here, but block alpha of line 3 is open',
    ],
    [
      'a name is mistyped',
      fresh.replaceAll(' beta -->', ' betta -->'),
      'line 11 of the tracker: there is no generated block betta, did you mean beta?',
    ],
    [
      'a marker is mistyped',
      fresh.replace('<!-- qwen-eval:begin beta', '<!-- qwen-eval:start beta'),
      'line 11 of the tracker: this is no marker of a generated block: <!-- qwen-eval:start beta -->',
    ],
    [
      'text was joined to a marker',
      fresh.replace('\n<!-- qwen-eval:end beta', ' <!-- qwen-eval:end beta'),
      'line 14 of the tracker: block sums begins before block beta of line 11 has ended',
    ],
  ])('names the line when %s', (_, document, message) => {
    expect(failureOf(document)).toBe(`E_TRACKER_MARKERS: ${message}`);
  });

  it('either succeeds without losing hand text or names a line, whatever lines are deleted or doubled', () => {
    const lines = fresh.replace('## beta', 'my words').split('\n');
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.boolean(), (at, isDoubled) => {
        const line = lines[at] ?? '';
        const edited = lines.toSpliced(at, isDoubled ? 0 : 1, ...(isDoubled ? [line] : []));
        const failure = failureOf(edited.join('\n'));
        if (failure !== 'no error') expect(failure).toMatch(/^E_TRACKER_MARKERS: line \d+ of the tracker: /);
        else if (edited.includes('my words')) expect(mergeBlocks(edited.join('\n'), first).text).toContain('my words');
      }),
    );
  });
});

const handText = () =>
  fc
    .string({
      unit: fc.constantFrom('a', 'é', ' ', '\n', '\r\n', '|', '#', '<!--', '-->', 'qwen-eval', '`', '\uFEFF', '\r'),
    })
    .filter((text) => !/^\s*<!--\s*qwen-eval\s*:/im.test(text));

/** A document with the blocks in any order, some missing, and hand text around them. */
const documentWithHandText = () =>
  fc
    .record({
      parts: fc.shuffledSubarray([...first, block('sums', '<!-- alpha 00000000 -->')].slice(0, 2), { minLength: 1 }),
      texts: fc.tuple(handText(), handText(), handText()),
    })
    .map(({ parts, texts }) => {
      let document = texts[0] === '' ? '' : `${texts[0]}\n`;
      let hand = document;
      for (const [index, part] of parts.entries()) {
        const after = index === parts.length - 1 ? `${texts[2]}\n` : `${texts[1]}\n`;
        document += `<!-- qwen-eval:begin ${part.name} -->\n${part.lines.join('\n')}\n<!-- qwen-eval:end ${part.name} -->\n${after}`;
        hand += after;
      }
      return { document, hand };
    });

/** What stands outside the blocks, without the headings and gaps of blocks that were put in. */
function handTextOf(text: string, before: string): string {
  let rest = text;
  for (const name of ['alpha', 'beta', 'sums']) {
    const own = `<!-- qwen-eval:begin ${name} -->[^]*?<!-- qwen-eval:end ${name} -->\\r?\\n`;
    const heading = name === 'sums' ? '' : `## ${name}(?:\\r?\\n){2}`;
    const isNew = !before.includes(`begin ${name} -->`);
    rest = rest.replace(new RegExp(isNew ? `\\r?\\n${heading}${own}` : own), '');
  }
  return rest;
}
