import { plainMath } from './numeric-expression.ts';

/** Lists of words longer than this are no answer. */
const maximalWords = 200;

/**
 * Canonical spelling of a list of words: lower case, single spaces, without list marks, commas and a full stop. Null when it is empty or
 * when a sentence goes with it (`wanted` holds the words that the list is made of, in lower case).
 */
export function wordListSpelling(stretch: string, wanted: ReadonlySet<string>): string | null {
  const plain = plainMath(stretch)
    .replaceAll(/[*_`$]|\\[()[\]]/g, ' ')
    .toLowerCase();
  // "The sorted list is: …" announces the list.
  const list = plain.slice(plain.lastIndexOf(':') + 1);
  const words = list
    .replaceAll(/^\s*(?:[-*•]|\d{1,3}[.)])\s+/gm, ' ')
    .split(/(?:[\s,;:→>]|->)+/)
    .map((word) => word.replaceAll(/^["'([]+|["')\].]+$/g, ''))
    .filter((word) => word !== '' && word !== 'and');
  if (words.length === 0 || words.length > maximalWords) return null;
  const own = words.filter((word) => wanted.has(word));
  return own.length * 2 > words.length || own.length === wanted.size ? words.join(' ') : null;
}

const brackets = /^[\s()[\]{}<>,]+$/;

/** Canonical spelling of a sequence of brackets: no white space and no commas; null when anything else stands in it. */
export function bracketSpelling(stretch: string): string | null {
  const plain = stretch
    .replaceAll(/[*_`$\\]/g, ' ')
    .trim()
    .replace(/^["']|["'.]+$/g, '');
  if (!brackets.test(plain) || plain.trim() === '') return null;
  return plain.replaceAll(/[\s,]/g, '');
}
