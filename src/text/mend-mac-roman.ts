/** Characters of the bytes 0x80 to 0xFF in Mac Roman. */
const macRoman =
  'ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ';

const bytes = new Map(Array.from(macRoman, (character, index) => [character, index + 0x80]));

/** Length of the UTF-8 sequence that a byte begins; 0 when it begins none. */
const sequenceLength = (byte: number): number =>
  byte >= 0xc2 && byte <= 0xdf ? 2 : byte >= 0xe0 && byte <= 0xef ? 3 : byte >= 0xf0 && byte <= 0xf4 ? 4 : 0;

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The character that the Mac Roman characters from `start` are as UTF-8, and how many they are; null when they are no UTF-8. */
function readSequence(text: string, start: number): { readonly character: string; readonly length: number } | null {
  const length = sequenceLength(bytes.get(text.charAt(start)) ?? 0);
  if (length === 0) return null;
  const sequence = Array.from({ length }, (_, index) => bytes.get(text.charAt(start + index)) ?? 0);
  try {
    return { character: decoder.decode(Uint8Array.from(sequence)), length };
  } catch {
    return null;
  }
}

/** A text and how many of its characters were mended. */
export interface MendedText {
  readonly text: string;
  readonly mended: number;
}

/** Mends characters that were written as UTF-8 and read as Mac Roman (`‚úÖ` is `✅`); everything else stays as it is. */
export function mendMacRoman(text: string): MendedText {
  const parts: string[] = [];
  let mended = 0;
  for (let index = 0; index < text.length;) {
    const found = readSequence(text, index);
    parts.push(found?.character ?? text.charAt(index));
    if (found) mended += 1;
    index += found?.length ?? 1;
  }
  return { text: parts.join(''), mended };
}
