import { pythonFloat, type PythonValue } from './python-value.ts';

/** Literals of the ground truth have at most some hundred characters; longer text is no literal, and the patterns here need not be linear. */
const literalLengthAtMost = 2000;

/** True for text that is too long to be a literal. */
export const isTooLong = (text: string): boolean => text.length > literalLengthAtMost;

/** The number that Python's `int`, or else `float`, reads in a text; undefined when neither reads one. */
export function readPythonNumber(text: string): PythonValue | undefined {
  const word = text.trim();
  if (/^[+-]?\d+(?:_\d+)*$/.test(word)) return Number(word.replaceAll('_', ''));
  if (/^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+)?$/.test(word)) {
    return pythonFloat(Number(word.replaceAll('_', '')));
  }
  const special = /^([+-]?)(?:(inf|infinity)|nan)$/i.exec(word);
  if (special === null) return undefined;
  const size = special[2] === undefined ? Number.NaN : Infinity;
  return pythonFloat(special[1] === '-' ? -size : size);
}
