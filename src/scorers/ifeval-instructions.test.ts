import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../test/support/task-settings.ts';
import { textResponse } from '../text/assistant-turn.ts';
import scorer, { shortName } from './ifeval-instructions.ts';
import type { Instruction } from './ifeval/instruction.ts';

const noComma: Instruction = { id: 'punctuation:no_comma', given: {} };
const shouted: Instruction = { id: 'change_case:english_capital', given: {} };
const whispered: Instruction = { id: 'change_case:english_lowercase', given: {} };

const sampleOf = (...instructions: readonly Instruction[]) => ({
  id: '1',
  category: null,
  cluster: null,
  input: { prompt: 'Write.', instructions },
  target: null,
});

const scored = (text: string | null, ...instructions: readonly Instruction[]) =>
  scorer.score(
    { sample: sampleOf(...instructions), response: textResponse(text), settings: defaultSettings },
    { sandbox: null, judge: null },
  );

describe('instructions of IFEval', () => {
  it.each<[string | null, readonly string[]]>([
    ['a, b', ['if.no_comma']],
    ['', ['gen.empty', 'if.no_comma']],
    [null, ['gen.empty', 'if.no_comma']],
    ['<think>x</think>\n', ['gen.empty_after_think', 'if.no_comma']],
    ["I'm sorry, but I can't help with that.", ['gen.refused', 'if.no_comma']],
    ['a b', []],
  ])('on %j have the codes %j', async (text, codes) => {
    expect(await scored(text, noComma)).toMatchObject({ kind: 'scored', score: codes.length === 0 ? 1 : 0, codes });
  });

  it('count each on its own, by both rules, strictly and loosely', async () => {
    const outcome = await scored('Here, it is:\nALL THE NEWS IS GOOD AND THE SUN IS OUT', noComma, shouted);
    expect(outcome).toMatchObject({
      score: 0,
      codes: ['if.no_comma', 'if.english_capital'],
      explanation: 'punctuation:no_comma {} is not followed; change_case:english_capital {} is not followed',
      measures: {
        instructions: 2,
        prompt_strict: 0,
        prompt_loose: 1,
        instructions_strict: 0,
        instructions_loose: 2,
        corrected_prompt_strict: 0,
        corrected_prompt_loose: 1,
        'type.no_comma': 0,
        'type.english_capital': 0,
      },
    });
  });

  it('make certificates of distinct texts', () => {
    const gold = scorer.gold(sampleOf(noComma), defaultSettings);
    expect(gold.map(({ kind }) => kind).slice(0, 3)).toEqual(['plain', 'other-text-1', 'other-text-2']);
    expect(new Set(gold.slice(0, 3).map(({ response }) => response.text)).size).toBe(3);
  });

  it('that exclude each other have no right answer, and their wrong ones are wrong', async () => {
    const sample = sampleOf(shouted, whispered);
    expect(scorer.gold(sample, defaultSettings)).toEqual([]);
    for (const { response } of scorer.wrong(sample, defaultSettings)) {
      const input = { sample, response, settings: defaultSettings };
      expect(await scorer.score(input, { sandbox: null, judge: null })).toMatchObject({ score: 0 });
    }
  });

  it('are named by the last part of their id', () => {
    expect(shortName('punctuation:no_comma')).toBe('no_comma');
  });
});
