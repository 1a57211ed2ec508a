import { formatChoiceQuestion, type ChoiceOption } from './choice-question.ts';
import { plainCharacters } from './plain-characters.ts';
import { singleSpaced } from './single-spaced.ts';

/** What a text repeats of a question: a stretch of its words, all of them or more (with the options), or neither. */
export type Repetition = 'stretch' | 'all' | null;

/** Reads what texts (in plain characters) repeat of one question. */
export interface RepeatedQuestion {
  /** The question as it was given. */
  readonly question: string;
  /** What a text consists of, where it is nothing but the question or a part of it. */
  read(text: string): Repetition;
}

/** Shorter texts are answers, whatever the question says. */
const minimalLength = 20;
/** A text that repeats more than a stretch holds this many of the question's first characters. */
const beginLength = 24;

/** Prepares a question for the many responses to it; white space does not matter. */
export function repeatedQuestion(question: string, options: readonly ChoiceOption[]): RepeatedQuestion {
  const plain = plainCharacters(question);
  const begin = plain.trim().slice(0, beginLength);
  const stem = singleSpaced(plain);
  let asked: string | null = null;
  const wholeOf = (): string => (asked ??= singleSpaced(plainCharacters(formatChoiceQuestion(plain, options))));
  return {
    question,
    read(text) {
      if (plain === '' || text.length < minimalLength) return null;
      const isBegun = text.includes(begin);
      if (!isBegun && text.length > plain.length + minimalLength) return null;
      const said = singleSpaced(text);
      if (stem.includes(said)) return said === stem ? 'all' : 'stretch';
      return isBegun && said.includes(stem) && wholeOf().includes(said) ? 'all' : null;
    },
  };
}
