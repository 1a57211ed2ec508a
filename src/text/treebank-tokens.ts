import { punktSentences } from './punkt-sentences.ts';

/** Words that are written as one and count as two. */
const contractions =
  /\b(can)(not)\b|\b(gim)(me)\b|\b(gon)(na)\b|\b(got)(ta)\b|\b(lem)(me)\b|\b(wan)(na)\b|\b(d)('ye)\b|\b(mor)('n)\b/gi;

/**
 * Word tokens of English text in the manner of the Penn Treebank tokenizer that IFEval counts capitals with: punctuation and brackets stand
 * alone, contractions are cut (`DON'T` → `DO`, `N'T`), a full stop only at the end of a sentence; asterisks, hyphens and slashes stay inside
 * a word. Linear.
 */
export const treebankTokens = (text: string): readonly string[] => punktSentences(text).flatMap(tokensOf);

function tokensOf(sentence: string): readonly string[] {
  return sentence
    .replace(/([‘’“”"„«»])/g, ' $1 ')
    .replace(/\.\.\./g, ' ... ')
    .replace(/([:,])(?=\D|$)/g, ' $1 ')
    .replace(/([;@#$%&?!])/g, ' $1 ')
    .replace(/([\][(){}<>])/g, ' $1 ')
    .replace(/--/g, ' -- ')
    .replace(/(?<=[^.\s])(\.)(?=[\])}>"'»”’ ]{0,20}$)/, ' $1 ')
    .replace(/(?<=[^'\s])('(?:s|m|d|ll|re|ve)|n't)(?=\s|$|[^\p{L}\p{N}'])/giu, ' $1 ')
    .replace(/(?<=[^'\s])'(?=\s|$)/g, " ' ")
    .replace(contractions, (_, ...parts: readonly (string | undefined)[]) =>
      parts
        .slice(0, 16)
        .filter((part) => typeof part === 'string')
        .join(' '),
    )
    .split(/\s+/)
    .filter((token) => token !== '');
}
