import { describe, expect, it } from 'vitest';
import { seededRng } from '../../stats/rng.ts';
import {
  checkConstraint,
  conflict,
  constraintOf,
  constraints,
  satisfyingText,
  violatingText,
  type ConstraintUse,
} from './constraint-table.ts';
import { looseVariants } from './loose-variants.ts';
import { scripts } from './scripts.ts';

const draw = (id: string, take: number): ConstraintUse => {
  const constraint = constraintOf(id);
  return { id, parameters: constraint.draw(seededRng(`${id}/${take}`), Math.max(constraint.level, take % 4)) };
};

describe('constraints', () => {
  it('are about thirty-six, with ids of their own and several wordings each', () => {
    expect(constraints.length).toBeGreaterThanOrEqual(36);
    expect(new Set(constraints.map(({ id }) => id)).size).toBe(constraints.length);
    for (const constraint of constraints) {
      const wordings = constraint.describe(draw(constraint.id, 3).parameters);
      expect(new Set(wordings).size, constraint.id).toBeGreaterThanOrEqual(2);
    }
  });

  for (const { id } of constraints) {
    it(`${id}: a built text keeps it, a broken one does not, and neither does an empty one`, () => {
      for (let take = 0; take < 60; take++) {
        const use = draw(id, take);
        const text = satisfyingText([use]);
        if (text === null) throw new Error(`cannot satisfy ${JSON.stringify(use)}`);
        expect(checkConstraint(text, use).passed).toBe(true);
        const broken = violatingText(text, use);
        expect(checkConstraint(broken, use), JSON.stringify({ use, text, broken })).toMatchObject({ passed: false });
        expect(checkConstraint('', use).passed).toBe(false);
      }
    });
  }

  it('conflict symmetrically, and pairs that do not conflict can be kept together', () => {
    let pairs = 0;
    for (const a of constraints) {
      expect(conflict(a, a)).toBe(true);
      for (const b of constraints) {
        expect(conflict(a, b)).toBe(conflict(b, a));
        if (a.id >= b.id || conflict(a, b)) continue;
        pairs += 1;
        const kept = Array.from({ length: 10 }, (_, take) =>
          satisfyingText([draw(a.id, take), draw(b.id, take)]),
        ).filter((text) => text !== null);
        // Parameters may clash (three sentences in four paragraphs); the kinds may not.
        expect(kept.length, `${a.id} with ${b.id}`).toBeGreaterThan(2);
      }
    }
    expect(pairs).toBeGreaterThan(450);
  });

  it.each([
    ['words_exact', { count: 4 }, 'It is well-known here.', true],
    ['words_exact', { count: 4 }, "Don't count marks — please", true],
    ['words_exact', { count: 4 }, 'one two three', false],
    ['sentences_exact', { count: 2 }, 'One point five is 1.5 here. And two!', true],
    ['sentences_exact', { count: 2 }, 'Really?! Yes.', true],
    ['sentences_exact', { count: 2 }, 'यह एक है। वह दो है।', true],
    ['sentences_exact', { count: 2 }, 'هل أنت هنا؟ نعم أنا هنا.', true],
    ['sentences_exact', { count: 2 }, 'Είσαι εδώ; Ναι.', true],
    ['sentences_exact', { count: 1 }, 'One; two.', true],
    ['sentences_exact', { count: 2 }, '```markdown\nOne. Two.\n```', true],
    ['words_exact', { count: 2 }, '```text\none two\n```', true],
    ['avoid_letter', { letter: 'p' }, '```python\nno such letter\n```', true],
    ['paragraphs_exact', { count: 2 }, 'a\n \t\nb\n\n\n', true],
    ['lines_exact', { count: 2 }, '\na\n\n b \n', true],
    ['include_words', { words: ['cat'] }, 'A category is no animal.', false],
    ['include_words', { words: ['cat'] }, 'CAT!', true],
    ['word_times', { word: 'red', count: 2 }, 'Red, redder, red.', true],
    ['avoid_words', { words: ['is'] }, 'This island exists.', true],
    ['avoid_words', { words: ['is'] }, 'Is it?', false],
    ['bullets_exact', { count: 2 }, '* a\n* b\n**not a bullet**', true],
    ['numbered_exact', { count: 2 }, '1) a\n2) b', true],
    ['numbered_exact', { count: 2 }, '1. a\n3. b', false],
    ['title', {}, '<<A title>>\ntext', true],
    ['title', {}, 'text <<A title>>', false],
    ['sections', { count: 2, label: 'Part' }, '## Part 1\na\n**Part 2**\nb', true],
    ['sections', { count: 2, label: 'Part' }, 'Part 1 is here.\nPart 2', false],
    ['highlights_exact', { count: 1 }, 'a **b c** d', true],
    ['highlights_exact', { count: 1 }, 'a *b* c', false],
    ['json_keys', { keys: ['a', 'b'] }, '{"b":"x","a":"y"}', true],
    ['json_keys', { keys: ['a', 'b'] }, '```json\n{"b":"x","a":"y"}\n```', false],
    ['json_keys', { keys: ['a', 'b'] }, '{"b":1,"a":"y"}', false],
    ['json_keys', { keys: ['a'] }, '["a"]', false],
    ['table', { rows: 1, columns: 2 }, '| a | b |\n| --- | :-: |\n| c | d |', true],
    ['table', { rows: 1, columns: 2 }, '|a|b|\n|-|:-|\n|c|d|', true],
    ['table', { rows: 1, columns: 2 }, '| a | b |\n| c | d |\n| e | f |', false],
    ['code_fence', {}, '```text\nhello\n```', true],
    ['code_fence', {}, 'Sure:\n```\nhello\n```', false],
    ['parts', { count: 2, separator: '---' }, 'a\n---\nb', true],
    ['parts', { count: 2, separator: '---' }, 'a\n---\n\n---\nb', true],
    ['parts', { count: 2, separator: '---' }, 'a\n --- \nb\n---', true],
    ['parts', { count: 2, separator: '---' }, 'a --- b', false],
    ['quoted', {}, '“Hello there.”', true],
    ['quoted', {}, '«Привет.»', true],
    ['quoted', {}, '"Hello" there', false],
    ['lowercase', {}, 'all small 123', true],
    ['lowercase', {}, '123', false],
    ['uppercase', {}, 'ALL BIG', true],
    ['uppercase', {}, 'ALL BIg', false],
    ['capital_words', { count: 1 }, 'A big DOG and I', true],
    ['no_commas', {}, 'one，two', false],
    ['ends_with_question', {}, 'Is it? ', true],
    ['ends_with_question', {}, 'هل أنت هنا؟', true],
    ['ends_with_question', {}, 'Είσαι εδώ;', true],
    ['ends_with_question', {}, 'Is it;', false],
    ['asides_exact', { count: 2 }, '天空（很蓝）和 (海)', true],
    ['numbers_exact', { count: 2 }, 'From 1,000.5 to 7', true],
    ['first_word', { word: 'today' }, '  "Today, …', true],
    ['last_phrase', { phrase: 'and so it goes on.' }, 'Yes, and so it goes on. \n', true],
    ['last_phrase', { phrase: 'and so it goes on.' }, 'Yes. And so it goes on', true],
    ['last_phrase', { phrase: 'and so it goes on.' }, 'and so it goes on. Bye.', false],
    ['last_phrase', { phrase: 'and so it goes on.' }, 'and so it goes on!', false],
    ['postscript', {}, 'Text.\n\nP.S. More.', true],
    ['postscript', {}, 'P.S. More.', false],
    ['repeat', { request: 'What is it?' }, 'What is it? A thing.', true],
    ['repeat', { request: 'What is it?' }, 'What is it?', false],
    ['paragraph_start', { paragraph: 2, count: 2, word: 'once' }, 'a\n\nOnce more', true],
    ['acrostic', { word: 'cat' }, 'Come\n- all\n"the"', true],
    ['script', { code: 'zh' }, '今天天气很好。', true],
    ['script', { code: 'zh' }, '今日はいい天気です。', false],
    ['script', { code: 'ja' }, '今日はいい天気です。', true],
    ['script', { code: 'ja' }, '今天天气很好。', false],
    ['script', { code: 'ru' }, 'Это написано по-русски, OK', true],
    ['script', { code: 'ru' }, 'This is English.', false],
  ] as const)('%s %j reads %j as %s', (id, parameters, text, passed) => {
    expect(checkConstraint(text, { id, parameters }).passed).toBe(passed);
  });

  it('tells languages apart by script alone', () => {
    for (const [code, script] of Object.entries(scripts)) {
      for (const [other, { words }] of Object.entries(scripts)) {
        const passed = checkConstraint(words.join(' '), { id: 'script', parameters: { code } }).passed;
        expect(passed, `${words.join(' ')} as ${script.language}`).toBe(code === other);
      }
    }
  });

  it('reads eight loose variants', () => {
    expect(looseVariants('Sure:\n*a*\n*b*\nBye')).toEqual([
      'Sure:\n*a*\n*b*\nBye',
      '*a*\n*b*\nBye',
      'Sure:\n*a*\n*b*',
      '*a*\n*b*',
      'Sure:\na\nb\nBye',
      'a\nb\nBye',
      'Sure:\na\nb',
      'a\nb',
    ]);
  });
});

describe('at their edges, constraints', () => {
  const checked = (id: string, text: string, parameters: ConstraintUse['parameters'] = {}) =>
    constraintOf(id).check(text, parameters);

  it('are known by their id', () => {
    expect(() => constraintOf('haiku')).toThrow('there is no constraint haiku');
  });

  it('find nothing in a text without lines, paragraphs or words', () => {
    expect(checked('title', ' \n')).toEqual({ passed: false, measured: 'first line ""' });
    expect(checked('postscript', '\n')).toEqual({ passed: false, measured: 'last paragraph ""' });
    expect(checked('acrostic', 'Sun\n***\nUnder\nNow', { word: 'sun' })).toEqual({
      passed: true,
      measured: 'spells "sun"',
    });
    expect(checked('acrostic', '***', { word: 'sun' })).toEqual({ passed: false, measured: 'spells ""' });
    expect(checked('sentence_start', 'So. 7 of them.', { letter: 's', count: 1 })).toEqual({
      passed: false,
      measured: '1 of 2 sentences',
    });
    expect(checked('sentence_start', '', { letter: 's', count: 1 }).passed).toBe(false);
  });

  it('that ask for more than fits are kept by no text', () => {
    const words = { id: 'include_words', parameters: { words: ['lamp', 'river', 'stone', 'cloud'] } };
    expect(satisfyingText([words])).not.toBeNull();
    expect(satisfyingText([words, { id: 'words_exact', parameters: { count: 2 } }])).toBeNull();
  });

  it('for a script nobody knows have no words to write with', () => {
    const use = { id: 'script', parameters: { code: 'xx' } };
    expect(checkConstraint('word', use)).toEqual({ passed: false, measured: 'undefined expected' });
    expect(() => satisfyingText([use])).toThrow('empty list');
  });
});
