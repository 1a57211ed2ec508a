/** A run of white space that is not a single space already: most texts hold few, and are not copied for the spaces they have. */
const otherSpace = /[^\S ]\s*| \s+/g;

/** A text with each run of white space as a single space, those at its ends included. */
export const withSingleSpaces = (text: string): string => text.replaceAll(otherSpace, ' ');

/** A text with each run of white space as a single space, and none at its ends. */
export const singleSpaced = (text: string): string => withSingleSpaces(text).trim();
