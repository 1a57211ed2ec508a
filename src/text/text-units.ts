/** Words: runs of letters, marks or digits; apostrophes and hyphens inside a run do not split it. */
export const wordsOf = (text: string): readonly string[] =>
  text.match(/[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu) ?? [];

/**
 * Sentences: pieces that end with a full stop, exclamation mark or question mark of any script (in Greek `;` is the question mark) before
 * white space or the end, or at the end of a line; pieces without a letter or digit do not count.
 */
export const sentencesOf = (text: string): readonly string[] =>
  text
    .split(/(?<=[.!?؟۔।॥\u037e]|\p{Script=Greek};)["”'»)\]*]{0,3}(?=\s|$)|(?<=[。！？])|\n/u)
    .map((piece) => piece.trim())
    .filter((piece) => /[\p{L}\p{N}]/u.test(piece));

/** Paragraphs: blocks of text between blank lines. */
export const paragraphsOf = (text: string): readonly string[] =>
  text
    .replaceAll('\r', '')
    .split(/\n[ \t]*\n/)
    .map((block) => block.trim())
    .filter((block) => block !== '');

/** Lines with something on them, trimmed. */
export const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** How often a word stands in a text as a word of its own, whatever its case. */
export function countWord(text: string, word: string): number {
  const wanted = word.toLowerCase();
  return wordsOf(text).filter((each) => each.toLowerCase() === wanted).length;
}
