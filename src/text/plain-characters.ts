const plainOf: Readonly<Record<string, string>> = {
  '\u2212': '-',
  '\u2010': '-',
  '\u2011': '-',
  '\ufe63': '-',
  '\uff0d': '-',
  '\uff0b': '+',
  '\uff0c': ',',
  '\uff0e': '.',
  '\uff1a': ':',
  '\uff05': '%',
  '\uff04': '$',
  '\uffe5': '\u00a5',
  '\uff08': '(',
  '\uff09': ')',
  '\uff0f': '/',
  '\uff1d': '=',
  '\u2018': "'",
  '\u2019': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u00a0': ' ',
  '\u2007': ' ',
  '\u2009': ' ',
  '\u202f': ' ',
  '\u3000': ' ',
};

const special =
  /[\u00a0\u2007\u2009\u2010\u2011\u2018\u2019\u201c\u201d\u202f\u2212\u3000\ufe63\uff04-\uff3a\uff41-\uff5a\uffe5]/;
const specials = new RegExp(special, 'g');

/**
 * Replaces typographic and full-width variants of digits, letters, signs, quotes and spaces by their ASCII forms.
 * The length stays the same, so that offsets into the result are offsets into the original.
 */
export function plainCharacters(text: string): string {
  if (!special.test(text)) return text;
  return text.replace(specials, (character) => {
    const plain = plainOf[character];
    if (plain !== undefined) return plain;
    const code = character.charCodeAt(0);
    const isAlphanumeric =
      (code >= 0xff10 && code <= 0xff19) || (code >= 0xff21 && code <= 0xff3a) || (code >= 0xff41 && code <= 0xff5a);
    return isAlphanumeric ? String.fromCharCode(code - 0xfee0) : character;
  });
}
