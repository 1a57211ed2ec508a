/** Numbers the pieces of a text in the order in which they are first seen. */
export interface TokenDictionary {
  encode(text: string): number[];
  decode(ids: readonly number[]): string;
}

/** Opens an empty dictionary over a way to cut text. */
export function tokenDictionary(pieces: (text: string) => readonly string[]): TokenDictionary {
  const ids = new Map<string, number>();
  const texts: string[] = [];
  const idOf = (piece: string): number => {
    const known = ids.get(piece);
    if (known !== undefined) return known;
    ids.set(piece, texts.length);
    return texts.push(piece) - 1;
  };
  return {
    encode: (text) => pieces(text).map(idOf),
    decode: (tokens) => tokens.map((id) => texts[id] ?? '').join(''),
  };
}
