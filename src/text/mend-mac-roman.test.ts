import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mendMacRoman } from './mend-mac-roman.ts';

/** What Mac Roman makes of the bytes 0x80 to 0xFF. */
const macRoman =
  'ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ';
const misread = (text: string): string =>
  Array.from(Buffer.from(text, 'utf8'), (byte) =>
    byte < 0x80 ? String.fromCharCode(byte) : macRoman[byte - 0x80],
  ).join('');

describe('mendMacRoman', () => {
  it.each([
    ['‚úÖ Tested', '✅ Tested', 1],
    ['‚è≥ Pending', '⏳ Pending', 1],
    ['‚ö†Ô∏è NEEDS WORK', '⚠️ NEEDS WORK', 2],
    ['\uf8ffüéØ **Next Focus:**', '🎯 **Next Focus:**', 1],
  ])('mends %s', (broken, text, mended) => {
    expect(mendMacRoman(broken)).toEqual({ text, mended });
  });

  it('mends whatever was misread once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(mendMacRoman(misread(text)).text).toBe(text);
      }),
    );
  });

  it.each(['plain text', 'größer als 5 °C – “quoted”', '✅ already right', 'naïve café', 'a ‚ alone', 'cut ‚ú'])(
    'leaves %s as it is',
    (text) => {
      expect(mendMacRoman(text)).toEqual({ text, mended: 0 });
    },
  );
});
