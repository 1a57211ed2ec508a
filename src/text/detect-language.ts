import {
  arabicProfiles,
  cyrillicProfiles,
  devanagariProfiles,
  latinProfiles,
  type LanguageProfile,
} from './language-profiles.ts';

/** Scripts that stand for one language, or for those of a profile table. */
const scripts: readonly (readonly [RegExp, string | Readonly<Record<string, LanguageProfile>>])[] = [
  [/\p{Script=Latin}/u, latinProfiles],
  [/\p{Script=Cyrillic}/u, cyrillicProfiles],
  [/\p{Script=Devanagari}/u, devanagariProfiles],
  [/\p{Script=Arabic}/u, arabicProfiles],
  [/\p{Script=Hangul}/u, 'ko'],
  [/\p{Script=Hiragana}|\p{Script=Katakana}/u, 'ja'],
  [/\p{Script=Han}/u, 'zh'],
  [/\p{Script=Thai}/u, 'th'],
  [/\p{Script=Greek}/u, 'el'],
  [/\p{Script=Hebrew}/u, 'he'],
  [/\p{Script=Bengali}/u, 'bn'],
  [/\p{Script=Gujarati}/u, 'gu'],
  [/\p{Script=Gurmukhi}/u, 'pa'],
  [/\p{Script=Kannada}/u, 'kn'],
  [/\p{Script=Malayalam}/u, 'ml'],
  [/\p{Script=Tamil}/u, 'ta'],
  [/\p{Script=Telugu}/u, 'te'],
];

/** Characters that are looked at: longer texts are judged by their beginning. */
const looked = 20_000;

/**
 * Language of a text as an ISO 639-1 code: by the script that has most letters, and within Latin, Cyrillic, Devanagari and Arabic by
 * function words and letters of their own. Null without letters. Deterministic, capitals or not.
 */
export function detectLanguage(text: string): string | null {
  const lower = text.slice(0, looked).toLowerCase();
  const counts = scripts.map(() => 0);
  for (const character of lower) {
    const index = scripts.findIndex(([pattern]) => pattern.test(character));
    if (index >= 0) counts[index] = (counts[index] as number) + 1;
  }
  // Japanese mixes kana with Han characters: any fair share of kana decides.
  const [kana, han] = [counts[5], counts[6]] as [number, number];
  if (kana > 0 && kana * 5 > han) counts[5] = kana + han;
  const most = Math.max(...counts);
  if (most === 0) return null;
  const [, found] = scripts[counts.indexOf(most)] as (typeof scripts)[number];
  return typeof found === 'string' ? found : byProfile(lower, found);
}

function byProfile(text: string, profiles: Readonly<Record<string, LanguageProfile>>): string {
  const words = text.match(/[\p{L}\p{M}'’‌]+/gu) ?? [];
  const scores = Object.entries(profiles).map(([language, { words: known, marks }]) => {
    let score = 0;
    for (const word of words) {
      if (known.has(word)) score += 1;
      if (marks !== null && word.length > 1 && marks.test(`${word} `)) score += 0.5;
    }
    return { language, score };
  });
  // The first language of a table is the commonest one and wins where nothing speaks for any.
  return scores.reduce((best, each) => (each.score > best.score ? each : best)).language;
}
