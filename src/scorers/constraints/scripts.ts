/** A language that is recognised by the script it is written in. */
export interface Script {
  readonly language: string;
  /** Every letter must match this … */
  readonly letters: RegExp;
  /** … and at least one letter this: Japanese needs kana, Chinese must have none. */
  readonly mark: RegExp;
  readonly words: readonly string[];
}

/** Languages by code; each is told from the others by Unicode script alone. */
export const scripts: Readonly<Record<string, Script>> = {
  zh: {
    language: 'Chinese',
    letters: /\p{Script=Han}/u,
    mark: /\p{Script=Han}/u,
    words: ['天空', '河流', '朋友', '早晨', '花园', '星星', '书本', '音乐', '山谷', '雨水'],
  },
  ja: {
    language: 'Japanese',
    letters: /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|ー/u,
    mark: /\p{Script=Hiragana}|\p{Script=Katakana}/u,
    words: ['そら', 'かわ', 'ともだち', 'あさ', 'にわ', 'ほし', 'ほん', 'おんがく', 'たに', 'あめ'],
  },
  ko: {
    language: 'Korean',
    letters: /\p{Script=Hangul}/u,
    mark: /\p{Script=Hangul}/u,
    words: ['하늘', '강물', '친구', '아침', '정원', '별빛', '책상', '음악', '산골', '빗물'],
  },
  ru: {
    language: 'Russian',
    letters: /\p{Script=Cyrillic}/u,
    mark: /\p{Script=Cyrillic}/u,
    words: ['небо', 'река', 'друг', 'утро', 'сад', 'звезда', 'книга', 'музыка', 'гора', 'дождь'],
  },
  el: {
    language: 'Greek',
    letters: /\p{Script=Greek}/u,
    mark: /\p{Script=Greek}/u,
    words: ['ουρανός', 'ποτάμι', 'φίλος', 'πρωί', 'κήπος', 'αστέρι', 'βιβλίο', 'μουσική', 'βουνό', 'βροχή'],
  },
  ar: {
    language: 'Arabic',
    letters: /\p{Script=Arabic}/u,
    mark: /\p{Script=Arabic}/u,
    words: ['سماء', 'نهر', 'صديق', 'صباح', 'حديقة', 'نجم', 'كتاب', 'موسيقى', 'جبل', 'مطر'],
  },
  he: {
    language: 'Hebrew',
    letters: /\p{Script=Hebrew}/u,
    mark: /\p{Script=Hebrew}/u,
    words: ['שמיים', 'נהר', 'חבר', 'בוקר', 'גן', 'כוכב', 'ספר', 'מוזיקה', 'הר', 'גשם'],
  },
  hi: {
    language: 'Hindi',
    letters: /\p{Script=Devanagari}/u,
    mark: /\p{Script=Devanagari}/u,
    words: ['आकाश', 'नदी', 'मित्र', 'सुबह', 'बगीचा', 'तारा', 'किताब', 'संगीत', 'पहाड़', 'बारिश'],
  },
  th: {
    language: 'Thai',
    letters: /\p{Script=Thai}/u,
    mark: /\p{Script=Thai}/u,
    words: ['ท้องฟ้า', 'แม่น้ำ', 'เพื่อน', 'เช้า', 'สวน', 'ดาว', 'หนังสือ', 'ดนตรี', 'ภูเขา', 'ฝน'],
  },
};

/** True when the text has at least four letters, at least 90 % of them in the script, and the script's own mark among them. */
export function isWrittenIn(text: string, script: Script): boolean {
  let letters = 0;
  let own = 0;
  let hasMark = false;
  for (const character of text) {
    if (!/\p{L}/u.test(character)) continue;
    letters += 1;
    if (script.letters.test(character)) own += 1;
    if (!hasMark && script.mark.test(character)) hasMark = true;
  }
  return letters >= 4 && own >= 0.9 * letters && hasMark;
}
