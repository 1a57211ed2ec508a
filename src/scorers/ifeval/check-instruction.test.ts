import { describe, expect, it } from 'vitest';
import { breakInstruction } from './break-instruction.ts';
import { followsInstruction, instructionIds } from './check-instruction.ts';
import { composeResponse } from './compose-response.ts';
import type { Instruction, InstructionArguments } from './instruction.ts';

/** One set of arguments a type, or two where `less than` and `at least` differ. */
const examples: Readonly<Record<string, readonly InstructionArguments[]>> = {
  'keywords:existence': [{ keywords: ['ocean', 'red lamp'] }],
  'keywords:frequency': [
    { keyword: 'flame', frequency: 3, relation: 'at least' },
    { keyword: 'flame', frequency: 2, relation: 'less than' },
  ],
  'keywords:forbidden_words': [{ forbidden_words: ['plant', 'the'] }],
  'keywords:letter_frequency': [
    { letter: 'q', let_frequency: 4, let_relation: 'at least' },
    { letter: 't', let_frequency: 2, let_relation: 'less than' },
  ],
  'language:response_language': [
    'de',
    'it',
    'pt',
    'fi',
    'vi',
    'sw',
    'ru',
    'bg',
    'hi',
    'mr',
    'ne',
    'bn',
    'gu',
    'pa',
    'kn',
    'te',
    'ta',
    'th',
    'ko',
    'ar',
    'fa',
    'ur',
  ].map((language) => ({ language })),
  'length_constraints:number_sentences': [
    { num_sentences: 6, relation: 'at least' },
    { num_sentences: 4, relation: 'less than' },
  ],
  'length_constraints:number_paragraphs': [{ num_paragraphs: 4 }],
  'length_constraints:number_words': [
    { num_words: 80, relation: 'at least' },
    { num_words: 30, relation: 'less than' },
  ],
  'length_constraints:nth_paragraph_first_word': [{ num_paragraphs: 4, nth_paragraph: 3, first_word: 'president' }],
  'detectable_content:number_placeholders': [{ num_placeholders: 3 }],
  'detectable_content:postscript': [{ postscript_marker: 'P.S.' }, { postscript_marker: 'P.P.S' }],
  'detectable_format:number_bullet_lists': [{ num_bullets: 3 }],
  'detectable_format:constrained_response': [{}],
  'detectable_format:number_highlighted_sections': [{ num_highlights: 3 }],
  'detectable_format:multiple_sections': [{ section_spliter: 'SECTION', num_sections: 3 }],
  'detectable_format:json_format': [{}],
  'detectable_format:title': [{}],
  'combination:two_responses': [{}],
  'combination:repeat_prompt': [{ prompt_to_repeat: 'Write a tale about a small fish.' }],
  'startend:end_checker': [{ end_phrase: 'Is there anything else I can help with?' }],
  'startend:quotation': [{}],
  'change_case:capital_word_frequency': [
    { capital_frequency: 3, capital_relation: 'at least' },
    { capital_frequency: 2, capital_relation: 'less than' },
  ],
  'change_case:english_capital': [{}],
  'change_case:english_lowercase': [{}],
  'punctuation:no_comma': [{}],
};

const follows = (
  text: string,
  id: string,
  given: InstructionArguments,
  mode: 'upstream' | 'corrected' = 'upstream',
): boolean => followsInstruction(text, { id, given }, mode);

describe('IFEval instructions', () => {
  it('are 25', () => {
    expect(instructionIds).toHaveLength(25);
    expect(Object.keys(examples).toSorted()).toEqual(instructionIds.toSorted());
  });

  for (const [id, list] of Object.entries(examples)) {
    it(`${id}: built texts follow it in both modes, broken and empty ones do not`, () => {
      for (const given of list) {
        const instruction: Instruction = { id, given };
        for (let take = 0; take < 10; take++) {
          const text = composeResponse([instruction], take);
          if (text === null) throw new Error(`nothing can be built for ${JSON.stringify(instruction)}`);
          const broken = breakInstruction(text, instruction) ?? 'nothing breaks it';
          for (const mode of ['upstream', 'corrected'] as const) {
            expect(followsInstruction(text, instruction, mode), `${mode} ${text}`).toBe(true);
            expect(followsInstruction(broken, instruction, mode), `${mode} ${JSON.stringify(given)} ${broken}`).toBe(
              false,
            );
            expect(followsInstruction(' \n', instruction, mode)).toBe(false);
          }
        }
      }
    });
  }

  it('knows that nothing breaks the wish for one sentence', () => {
    const given = { num_sentences: 1, relation: 'at least' } as const;
    expect(breakInstruction('One.', { id: 'length_constraints:number_sentences', given })).toBeNull();
    expect(breakInstruction('One.', { id: 'length_constraints:number_sentences', given: {} })).toBeNull();
  });

  it('refuses an instruction it does not know', () => {
    expect(() => follows('x', 'style:witty', {})).toThrow('no instruction style:witty');
    expect(() => breakInstruction('x', { id: 'style:witty', given: {} })).toThrow('no instruction style:witty');
  });

  it.each<[string, InstructionArguments, string, boolean, boolean]>([
    // id, arguments, text, upstream, corrected
    ['keywords:existence', { keywords: ['cat'] }, 'concatenate', true, true],
    ['keywords:frequency', { keyword: 'rock', frequency: 2, relation: 'at least' }, 'rocks and rockets', true, false],
    ['keywords:frequency', { keyword: 'rock', frequency: 2 }, 'Rock, ROCK', true, true],
    ['keywords:forbidden_words', { forbidden_words: ['art'] }, 'a party', true, true],
    ['keywords:forbidden_words', { forbidden_words: ['art'] }, 'fine Art.', false, false],
    ['keywords:letter_frequency', { letter: '#', let_frequency: 2, let_relation: 'at least' }, '# # ', false, true],
    [
      'length_constraints:number_sentences',
      { num_sentences: 3, relation: 'at least' },
      'Mr. Smith came. He saw! Why?',
      true,
      true,
    ],
    [
      'length_constraints:number_sentences',
      { num_sentences: 4, relation: 'at least' },
      'Mr. Smith came. He saw! Why?',
      false,
      false,
    ],
    ['length_constraints:number_words', { num_words: 3, relation: 'less than' }, 'well-known', true, true],
    ['length_constraints:number_paragraphs', { num_paragraphs: 2 }, '***\na\n***\nb\n***', true, true],
    ['length_constraints:number_paragraphs', { num_paragraphs: 2 }, 'a\n***\n\n***\nb', false, false],
    [
      'length_constraints:nth_paragraph_first_word',
      { num_paragraphs: 2, nth_paragraph: 2, first_word: 'elm' },
      'a\n\n\n\nElm, b',
      false,
      true,
    ],
    [
      'length_constraints:nth_paragraph_first_word',
      { num_paragraphs: 2, nth_paragraph: 2, first_word: 'elm' },
      'a\n\n"Elm." b',
      true,
      true,
    ],
    [
      'length_constraints:nth_paragraph_first_word',
      { num_paragraphs: 3, nth_paragraph: 3, first_word: 'elm' },
      'a\n\nelm',
      false,
      false,
    ],
    ['detectable_content:number_placeholders', { num_placeholders: 2 }, '[a] [b [c] d', true, true],
    ['detectable_content:number_placeholders', { num_placeholders: 1 }, '[a\nb]', false, false],
    ['detectable_content:postscript', { postscript_marker: 'P.S.' }, 'He said p. s. once', true, false],
    ['detectable_content:postscript', { postscript_marker: 'P.P.S' }, 'x\n**P.P.S.** y', true, true],
    ['detectable_content:postscript', { postscript_marker: 'N.B.' }, 'x\nN.B. y', true, true],
    ['detectable_format:number_bullet_lists', { num_bullets: 2 }, '- a\n---\n* b', false, true],
    ['detectable_format:number_bullet_lists', { num_bullets: 2 }, '- a\n**b**\n  -c', true, true],
    ['detectable_format:number_bullet_lists', { num_bullets: 1 }, '*\n* b', true, true],
    ['detectable_format:number_highlighted_sections', { num_highlights: 2 }, '*a* **b** ** **', true, true],
    ['detectable_format:multiple_sections', { section_spliter: 'Day', num_sections: 2 }, 'Day 1 x Day2', true, true],
    ['detectable_format:json_format', {}, '```json\n{"a": 1}\n```', true, true],
    ['detectable_format:json_format', {}, '{"a": 1,}', false, false],
    ['detectable_format:title', {}, 'a << >>', false, false],
    ['detectable_format:title', {}, '<<<Title>>>', true, true],
    ['detectable_format:title', {}, '<<\n>>', false, false],
    ['combination:two_responses', {}, 'a ****** a', false, false],
    ['combination:two_responses', {}, '******a******b', true, true],
    ['combination:two_responses', {}, 'a************b', false, false],
    ['combination:repeat_prompt', { prompt_to_repeat: ' Say it. ' }, '\nSAY IT. Yes', true, true],
    ['startend:end_checker', { end_phrase: 'Bye.' }, 'so "bye."', true, true],
    ['startend:quotation', {}, '“Yes”', false, true],
    ['startend:quotation', {}, '"', false, false],
    [
      'change_case:capital_word_frequency',
      { capital_frequency: 3, capital_relation: 'at least' },
      "I CAN'T go.",
      true,
      true,
    ],
    ['change_case:english_capital', {}, 'THE CAT IS ON THE MAT', true, true],
    ['change_case:english_capital', {}, 'DER HUND IST NICHT IN DER STADT', false, false],
    ['change_case:english_lowercase', {}, '123', false, false],
    ['punctuation:no_comma', {}, 'a，b', true, true],
    ['language:response_language', { language: 'hi' }, '123', true, true],
    // A star alone takes the line below with it, whatever stands there.
    ['detectable_format:number_bullet_lists', { num_bullets: 3 }, '*\n- a\n- b', true, false],
    ['detectable_format:number_bullet_lists', { num_bullets: 2 }, '*\n- a\n- b', false, true],
    ['detectable_format:number_bullet_lists', { num_bullets: 2 }, '*\n* a\n* b', true, true],
    ['detectable_format:number_bullet_lists', { num_bullets: 1 }, '*\nNo point at all', true, false],
    ['detectable_format:json_format', {}, '[NaN, -Infinity, "NaN"]', true, false],
    ['detectable_format:json_format', {}, '[-NaN]', false, false],
    ['detectable_format:json_format', {}, '[1.NaN]', false, false],
    ['change_case:english_capital', {}, 'THE HOUSE IS AT Nº 5 OF THE ROAD', false, false],
    ['change_case:english_lowercase', {}, 'the house is at nº 5 of the road', true, true],
    ['detectable_format:number_bullet_lists', { num_bullets: 1 }, '- a\n*', true, true],
    ['startend:quotation', {}, '"a\nb"', true, true],
    ['startend:quotation', {}, '"a" b', false, false],
    ['startend:quotation', {}, '„Ja”', false, true],
    ['length_constraints:nth_paragraph_first_word', { num_paragraphs: 1, first_word: 'elm' }, 'Elm tree', true, true],
    [
      'length_constraints:nth_paragraph_first_word',
      { num_paragraphs: 1, nth_paragraph: 0, first_word: 'elm' },
      'Elm',
      false,
      false,
    ],
    [
      'length_constraints:nth_paragraph_first_word',
      { num_paragraphs: 1, nth_paragraph: 1, first_word: 'elm' },
      `'"Elm!"'\ntree`,
      true,
      true,
    ],
    ['length_constraints:nth_paragraph_first_word', { num_paragraphs: 1 }, '... so', true, true],
    // What an instruction does not say, it does not ask for.
    ['keywords:frequency', {}, 'x', true, true],
    ['keywords:frequency', { relation: 'less than' }, 'x', false, false],
    ['keywords:letter_frequency', {}, 'xyz', true, true],
    ['length_constraints:number_words', {}, 'x', true, true],
    ['detectable_content:number_placeholders', {}, 'x', true, true],
  ])('%s %j on %j: upstream %s, corrected %s', (id, given, text, upstream, corrected) => {
    expect({ upstream: follows(text, id, given), corrected: follows(text, id, given, 'corrected') }).toEqual({
      upstream,
      corrected,
    });
  });

  it.each<[string, readonly Instruction[], string | null]>([
    [
      'one word is left that has no forbidden letter',
      [
        ...['a', 'e', 'o', 'u'].map((letter): Instruction => ({
          id: 'keywords:letter_frequency',
          given: { letter, let_frequency: 1, let_relation: 'less than' },
        })),
        {
          id: 'keywords:letter_frequency',
          given: { letter: 'i', let_frequency: 99, let_relation: 'less than' },
        },
        { id: 'keywords:forbidden_words', given: { forbidden_words: ['by'] } },
      ],
      'It it it. It it it. It it it.',
    ],
    [
      'both answers are the same sentence',
      [
        { id: 'combination:two_responses', given: {} },
        { id: 'detectable_format:constrained_response', given: {} },
      ],
      expect.stringMatching(/^My answer is maybe\.\n\*{6}\nMy answer is maybe\. [A-Z]\w* \w+\.$/),
    ],
    ['nobody knows the language', [{ id: 'language:response_language', given: { language: 'xx' } }], null],
    [
      'it is not said how many paragraphs there are',
      [{ id: 'length_constraints:nth_paragraph_first_word', given: { nth_paragraph: 1, first_word: 'elm' } }],
      null,
    ],
  ])('are followed by a built text where %s', (_, instructions, text) => {
    expect(composeResponse(instructions)).toEqual(text);
  });

  it('are followed in another language with the words that are due', () => {
    const text = composeResponse([
      { id: 'language:response_language', given: { language: 'it' } },
      { id: 'keywords:existence', given: { keywords: ['acqua'] } },
    ]);
    expect(text).toContain('vita è bella acqua.');
    expect(text).toContain('il mare è vicino.');
  });

  it('is linear in hostile texts', () => {
    const pieces = [
      '[',
      '<<',
      '*',
      '- ',
      '\n',
      ' *',
      '***',
      '"',
      '.',
      '. ',
      'a.b.',
      "n't ",
      '{',
      '<<>>',
      '\n\n',
      'P. ',
    ];
    for (const piece of pieces) {
      const text = piece.repeat(Math.ceil(400_000 / piece.length));
      for (const [id, [given]] of Object.entries(examples)) {
        const start = process.hrtime.bigint();
        follows(text, id, given ?? {}, 'corrected');
        // A quadratic check would need minutes for this.
        expect(Number(process.hrtime.bigint() - start) / 1e6, `${id} on ${JSON.stringify(piece)}`).toBeLessThan(8_000);
      }
    }
  }, 300_000);
});
