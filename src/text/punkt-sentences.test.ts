import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { punktSentences } from './punkt-sentences.ts';
import { treebankTokens } from './treebank-tokens.ts';

describe('punktSentences', () => {
  // Expected values are those of NLTK 3.9.1 with the English Punkt parameters.
  it.each<[string, readonly string[]]>([
    ['One. Two! Three?', ['One.', 'Two!', 'Three?']],
    ['Dr. Smith met Mr. Jones at 5 p.m. on Monday.', ['Dr. Smith met Mr. Jones at 5 p.m. on Monday.']],
    ['He lives in the U.S. The house is big.', ['He lives in the U.S.', 'The house is big.']],
    ['J. R. Tolkien wrote it.', ['J. R. Tolkien wrote it.']],
    ['Apples, pears etc. and more.', ['Apples, pears etc.', 'and more.']],
    ['It cost 3.50 dollars. Cheap.', ['It cost 3.50 dollars.', 'Cheap.']],
    ['1. Apples\n2. Pears', ['1.', 'Apples\n2.', 'Pears']],
    ['Number 5. follows here.', ['Number 5. follows here.']],
    ['He said "Hello." and left.', ['He said "Hello."', 'and left.']],
    ['(It rained.) We left.', ['(It rained.)', 'We left.']],
    ['Very bad!!! I promise.', ['Very bad!!!', 'I promise.']],
    ['Wow !!! Yes it is.', ['Wow !', '!!', 'Yes it is.']],
    ['Wow !!!', ['Wow !', '!', '!']],
    ['What?! Yes.', ['What?!', 'Yes.']],
    ['Wait... what is it', ['Wait... what is it']],
    ['Wait... The end', ['Wait...', 'The end']],
    ['Some words... And more.', ['Some words... And more.']],
    ['I have a plan... You will see.', ['I have a plan... You will see.']],
    ['Kim sleeps until 10 p.m. She walks.', ['Kim sleeps until 10 p.m. She walks.']],
    ['It was plan B. Another one failed.', ['It was plan B.', 'Another one failed.']],
    ['“All over?” he said.', ['“All over?” he said.']],
    ['no stop at all\nand a new line', ['no stop at all\nand a new line']],
    ['', []],
    ['He left.) We stayed.', ['He left.)', 'We stayed.']],
    [`It ends.${' '.repeat(401)}Then`, ['It ends.', 'Then']],
  ])('%j', (text, expected) => {
    expect(punktSentences(text)).toEqual(expected);
  });

  it('loses nothing but white space', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'Bc', '.', '!', '?', ' ', '\n', '"', ')', 'Mr.', '3', '...')),
        (pieces) => {
          const text = pieces.join('');
          expect(punktSentences(text).join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
        },
      ),
    );
  });
});

describe('treebankTokens', () => {
  it.each<[string, readonly string[]]>([
    ["I CAN'T go to the U.S. today.", ['I', 'CA', "N'T", 'go', 'to', 'the', 'U.S.', 'today', '.']],
    ['NASA’s plan: "GO, now!" (OK)', ['NASA', '’', 's', 'plan', ':', '"', 'GO', ',', 'now', '!', '"', '(', 'OK', ')']],
    ['**LOUD** TOP-SECRET A/B', ['**LOUD**', 'TOP-SECRET', 'A/B']],
    [
      'You cannot; gonna pay 1,000 $5 -- yes...',
      ['You', 'can', 'not', ';', 'gon', 'na', 'pay', '1,000', '$', '5', '--', 'yes', '...'],
    ],
    ["the dogs' food", ['the', 'dogs', "'", 'food']],
  ])('%j', (text, expected) => {
    expect(treebankTokens(text)).toEqual(expected);
  });
});
