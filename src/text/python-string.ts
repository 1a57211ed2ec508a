/** Python's `str.capitalize` (3.8+): the first character in title case, all the others in lower case. */
export function pythonCapitalize(text: string): string {
  const [first] = text;
  if (first === undefined) return text;
  const upper = first.toUpperCase();
  // Title case differs from upper case where one character becomes several (ß → Ss) and for digraphs (ǆ → ǅ).
  const title = digraphs[upper] ?? (upper.length > first.length ? titleOf(upper) : upper);
  return title + pythonLower(text.slice(first.length), first);
}

const digraphs: Readonly<Record<string, string>> = { Ǆ: 'ǅ', Ǉ: 'ǈ', Ǌ: 'ǋ', Ǳ: 'ǲ' };

const titleOf = (expanded: string): string => {
  const [head = '', ...tail] = expanded;
  return head + tail.join('').toLowerCase();
};

// A capital sigma is final (ς) only after a letter, so the letter before the cut has to be seen by the conversion.
const pythonLower = (rest: string, before: string): string =>
  rest.includes('Σ') ? `${before}${rest}`.toLowerCase().slice(before.toLowerCase().length) : rest.toLowerCase();
