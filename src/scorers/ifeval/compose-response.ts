import { seededRng, type Rng } from '../../stats/rng.ts';
import { followsInstruction } from './check-instruction.ts';
import type { Instruction, InstructionArguments } from './instruction.ts';

/** Sentences that are told to be of their language by `detectLanguage`; every one is without a comma and ends with a full stop. */
const samples: Readonly<Record<string, readonly [string, string]>> = {
  de: ['Das ist ein kurzer Text über das Leben in der Stadt.', 'Wir haben noch nicht mit der Arbeit begonnen.'],
  it: ['Questo è un testo breve e la vita è bella.', 'Non so come sia la città ma il mare è vicino.'],
  pt: ['Este é um texto curto e não tem muita coisa.', 'Você também pode ver o mar quando a noite cai.'],
  fi: ['Tämä on lyhyt teksti ja se on hyvin selkeä.', 'Hän oli myös mukana kun kaikki alkoi.'],
  vi: ['Đây là một bài viết ngắn và rất đơn giản.', 'Tôi không biết những người này nhưng họ rất tốt.'],
  sw: ['Hii ni habari fupi ya watu wa mji huu.', 'Watu wengi wanapenda kusoma kwa sababu ni nzuri.'],
  ru: ['Это короткий текст и он очень простой.', 'Мы не знали что он был в городе.'],
  bg: ['Това е кратък текст и той не е труден.', 'Тя не беше в града когато започна да вали.'],
  hi: ['यह एक छोटा लेख है और यह बहुत सरल है.', 'वह अपने घर के पास नहीं है.'],
  mr: ['हे एक छोटे लेखन आहे आणि ते सोपे आहे.', 'मी तेथे नाही पण ते सर्व आहेत.'],
  ne: ['यो एक छोटो लेख हो र यो सजिलो छ.', 'उनले भने यस लागि पनि धेरै काम भएको छ.'],
  bn: ['এটি একটি ছোট লেখা.', 'আমরা আজ বাড়ি যাব.'],
  gu: ['આ એક નાનો લેખ છે.', 'અમે આજે ઘરે જઈશું.'],
  pa: ['ਇਹ ਇੱਕ ਛੋਟਾ ਲੇਖ ਹੈ.', 'ਅਸੀਂ ਅੱਜ ਘਰ ਜਾਵਾਂਗੇ.'],
  kn: ['ಇದು ಒಂದು ಚಿಕ್ಕ ಬರಹ.', 'ನಾವು ಇಂದು ಮನೆಗೆ ಹೋಗುತ್ತೇವೆ.'],
  te: ['ఇది ఒక చిన్న వ్యాసం.', 'మేము ఈ రోజు ఇంటికి వెళ్తాము.'],
  ta: ['இது ஒரு சிறிய கட்டுரை.', 'நாங்கள் இன்று வீட்டிற்கு செல்வோம்.'],
  th: ['นี่คือข้อความสั้นๆ ที่เข้าใจง่าย.', 'วันนี้เราจะกลับบ้าน.'],
  ko: ['이것은 짧은 글이다.', '우리는 오늘 집에 간다.'],
  ar: ['هذا نص قصير من أجل هذا الدرس.', 'لا أعرف كل ما كان في هذا البيت.'],
  fa: ['این یک متن کوتاه است و برای شما نوشته شده.', 'ما از این شهر به آن شهر رفتیم و چیزی نگفتیم.'],
  ur: ['یہ ایک مختصر تحریر ہے اور بہت آسان ہے.', 'ہم آج گھر نہیں گئے اور وہ بھی وہاں تھا.'],
};

/** English words without capitals, in several alphabets' worth of letters, for texts in which some letters or words may not appear. */
const pool = (
  'and the of in is it to for on with as at by from this that they we can are was be not all one more new day way man good time long know make people through ' +
  'water after light home small high every near own below country plant last school father keep tree never start city earth eye thought head under story saw left ' +
  'few while along might close something seem next hard open example begin life always those both paper together got group often run important until children side feet ' +
  'car mile night walk white sea began grow took river four carry state once book hear stop without second late miss idea enough eat face watch far real almost'
).split(' ');

interface Plan {
  readonly byType: ReadonlyMap<string, readonly InstructionArguments[]>;
  readonly rng: Rng;
  /** Multiplies how much is written, raised until the counts are met. */
  readonly scale: number;
}

const has = (plan: Plan, id: string): boolean => plan.byType.has(id);
const first = (plan: Plan, id: string): InstructionArguments | null => plan.byType.get(id)?.[0] ?? null;
const all = (plan: Plan, id: string): readonly InstructionArguments[] => plan.byType.get(id) ?? [];

/** Lowest and highest count that some `at least` and `less than` bounds allow. */
function bounds(given: readonly { readonly relation: string | undefined; readonly bound: number }[]): {
  readonly low: number;
  readonly high: number;
} {
  const lows = given.filter(({ relation }) => relation !== 'less than').map(({ bound }) => bound);
  const highs = given.filter(({ relation }) => relation === 'less than').map(({ bound }) => bound - 1);
  return { low: Math.max(0, ...lows), high: Math.min(Number.POSITIVE_INFINITY, ...highs) };
}

/**
 * A text that follows all instructions of a prompt in both modes, built from what each asks for; null when the parts cannot be brought
 * together. `take` asks for another text.
 */
export function composeResponse(instructions: readonly Instruction[], take = 0): string | null {
  const byType = new Map<string, InstructionArguments[]>();
  for (const { id, given } of instructions) byType.set(id, [...(byType.get(id) ?? []), given]);
  for (let attempt = 0; attempt < 24; attempt++) {
    const plan = { byType, rng: seededRng(`ifeval/${take}/${attempt}`), scale: attempt % 8 };
    const text = write(plan);
    if (
      instructions.every(
        (each) => followsInstruction(text, each, 'upstream') && followsInstruction(text, each, 'corrected'),
      )
    )
      return text;
  }
  return null;
}

function write(plan: Plan): string {
  const sentences = makeSentences(plan);
  const body = arrange(plan, sentences);
  const cased = has(plan, 'change_case:english_capital')
    ? body.toUpperCase()
    : has(plan, 'change_case:english_lowercase')
      ? body.toLowerCase()
      : body;
  const opening = [
    ...all(plan, 'combination:repeat_prompt').map(({ prompt_to_repeat: prompt = '' }) => prompt),
    ...(has(plan, 'detectable_format:title') ? [`<<${casedLike(plan, 'short title')}>>`] : []),
  ];
  const ending = [
    ...all(plan, 'detectable_content:postscript').map(({ postscript_marker: marker = 'P.S.' }) =>
      casedLike(plan, `${marker} ${neutral(plan)}`),
    ),
    ...all(plan, 'startend:end_checker').map(({ end_phrase: phrase = '' }) => casedLike(plan, phrase)),
  ];
  const text = [...opening, cased, ...ending]
    .filter((part) => part !== '')
    .join(has(plan, 'length_constraints:nth_paragraph_first_word') ? '\n' : '\n\n');
  const whole = has(plan, 'detectable_format:json_format') ? JSON.stringify({ text }) : text;
  if (!has(plan, 'startend:quotation')) return whole;
  // A quotation mark before the first point of a list would make it no point.
  return has(plan, 'detectable_format:number_bullet_lists') ? `"\n${whole}\n"` : `"${whole}"`;
}

const casedLike = (plan: Plan, text: string): string =>
  has(plan, 'change_case:english_capital')
    ? text.toUpperCase()
    : has(plan, 'change_case:english_lowercase')
      ? text.toLowerCase()
      : text;

/** Words that no instruction of the prompt forbids, by whole word or by letter. */
function allowedWords(plan: Plan): readonly string[] {
  const banned = new Set(
    all(plan, 'keywords:forbidden_words').flatMap(({ forbidden_words: words = [] }) =>
      words.map((word) => word.toLowerCase()),
    ),
  );
  const rare = all(plan, 'keywords:letter_frequency')
    .filter(({ let_relation: relation }) => relation === 'less than')
    .map(({ letter = '' }) => letter.toLowerCase());
  const counted = all(plan, 'keywords:frequency').map(({ keyword = '' }) => keyword.toLowerCase());
  const words = pool.filter(
    (word) =>
      !banned.has(word) &&
      !counted.some((each) => word.includes(each)) &&
      !rare.some((letter) => letter !== '' && word.includes(letter)),
  );
  return words.length > 0 ? words : ['it'];
}

const neutral = (plan: Plan): string => plan.rng.sample(allowedWords(plan), 2).join(' ');

/** Words that must appear, each with its count. */
function dueWords(plan: Plan): readonly string[] {
  const keywords = all(plan, 'keywords:existence').flatMap(({ keywords: words = [] }) => words);
  const frequent = all(plan, 'keywords:frequency').flatMap(({ keyword = '', relation, frequency = 0 }) =>
    Array.from({ length: relation === 'less than' ? 0 : frequency }, () => keyword),
  );
  const letters = all(plan, 'keywords:letter_frequency').flatMap((given) => wordsWithLetter(plan, given));
  const capitals = bounds(
    all(plan, 'change_case:capital_word_frequency').map(
      ({ capital_relation: relation, capital_frequency: bound = 0 }) => ({ relation, bound }),
    ),
  ).low;
  const shouted = Array.from({ length: capitals }, () => plan.rng.pick(allowedWords(plan)).toUpperCase());
  const marked = all(plan, 'detectable_format:number_highlighted_sections').flatMap(({ num_highlights: count = 0 }) =>
    Array.from({ length: count }, () => `*${plan.rng.pick(allowedWords(plan))}*`),
  );
  const holders = all(plan, 'detectable_content:number_placeholders').flatMap(({ num_placeholders: count = 0 }) =>
    Array.from({ length: count }, () => `[${plan.rng.pick(allowedWords(plan))}]`),
  );
  return [...keywords, ...frequent, ...letters, ...shouted, ...marked, ...holders];
}

/** As many words with a letter as it must appear, or the letter itself where no word has it. */
function wordsWithLetter(
  plan: Plan,
  { letter = '', let_relation: relation, let_frequency: count = 0 }: InstructionArguments,
): readonly string[] {
  const rich = allowedWords(plan).filter((word) => word.includes(letter.toLowerCase()));
  return Array.from({ length: relation === 'less than' ? 0 : count }, () =>
    rich.length > 0 ? plan.rng.pick(rich) : letter,
  );
}

function makeSentences(plan: Plan): readonly string[] {
  if (has(plan, 'detectable_format:constrained_response')) return ['My answer is maybe.'];
  const language = first(plan, 'language:response_language')?.language;
  const due = dueWords(plan);
  const words = bounds(
    all(plan, 'length_constraints:number_words').map(({ relation, num_words: bound = 0 }) => ({ relation, bound })),
  );
  const sentences = bounds(
    all(plan, 'length_constraints:number_sentences').map(({ relation, num_sentences: bound = 0 }) => ({
      relation,
      bound,
    })),
  );
  const isShort = words.high < 40 || sentences.high < 4;
  const count = Math.max(
    1,
    Math.min(sentences.high, Math.max(sentences.low + plan.scale, partCount(plan) + plan.scale, isShort ? 1 : 3)),
  );
  if (language !== undefined && language !== 'en')
    return foreignSentences(plan, { language, due, count, words: words.low });
  const total = Math.max(words.low + 4 * plan.scale, due.length + count * 3, words.low);
  const each = Math.max(3, Math.ceil(total / count));
  const allowed = allowedWords(plan);
  return Array.from({ length: count }, (_, index) => {
    const own = due.filter((_word, at) => at % count === index);
    const fillers = Array.from({ length: Math.max(2, each - own.length) }, () => plan.rng.pick(allowed));
    return `${capitalised([...fillers.slice(0, 1), ...own, ...fillers.slice(1)].join(' '))}.`;
  });
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function foreignSentences(
  plan: Plan,
  how: { readonly language: string; readonly due: readonly string[]; readonly count: number; readonly words: number },
): readonly string[] {
  const [even, odd] = samples[how.language] ?? ['', ''];
  const needed = Math.max(how.count, 2 * how.due.length, Math.ceil(how.words / 3)) + 2 * plan.scale;
  const plain = Array.from({ length: needed }, (_, index) => ((index + plan.scale) % 2 === 0 ? even : odd));
  return how.due.length === 0
    ? plain
    : plain.map((sentence, index) =>
        how.due[index] === undefined ? sentence : `${sentence.slice(0, -1)} ${how.due[index]}.`,
      );
}

/** Parts of a layout, each of which needs a sentence of its own. */
function partCount(plan: Plan): number {
  return Math.max(
    1,
    first(plan, 'length_constraints:number_paragraphs')?.num_paragraphs ?? 0,
    first(plan, 'length_constraints:nth_paragraph_first_word')?.num_paragraphs ?? 0,
    first(plan, 'detectable_format:number_bullet_lists')?.num_bullets ?? 0,
    first(plan, 'detectable_format:multiple_sections')?.num_sections ?? 0,
    has(plan, 'combination:two_responses') ? 2 : 0,
  );
}

/** The sentences as evenly as may be in so many parts. */
function divided(sentences: readonly string[], parts: number): readonly string[] {
  return Array.from({ length: parts }, (_, part) => {
    const own = sentences.filter(
      (_sentence, index) => Math.min(parts - 1, Math.floor((index * parts) / sentences.length)) === part,
    );
    return (own.length > 0 ? own : sentences.slice(0, 1)).join(' ');
  });
}

function arrange(plan: Plan, sentences: readonly string[]): string {
  const bullets = first(plan, 'detectable_format:number_bullet_lists')?.num_bullets ?? null;
  const sections = first(plan, 'detectable_format:multiple_sections');
  const nth = first(plan, 'length_constraints:nth_paragraph_first_word');
  const paragraphs = first(plan, 'length_constraints:number_paragraphs')?.num_paragraphs ?? null;
  const listed = (own: readonly string[], count: number): string =>
    divided(own, count)
      .map((part) => `- ${part}`)
      .join('\n');
  if (has(plan, 'combination:two_responses')) {
    const [one = '', two = ''] = divided(sentences, 2);
    const sectioned = sections ? withSections(plan, sentences, sections) : one;
    return `${sectioned}\n******\n${two === one ? `${two} ${capitalised(neutral(plan))}.` : two}`;
  }
  if (sections) return withSections(plan, sentences, sections);
  if (paragraphs !== null) {
    const parts = divided(sentences, paragraphs);
    return parts
      .map((part, index) => (index === 0 && bullets !== null ? listed(part.split(/(?<=\.) /), bullets) : part))
      .join('\n***\n');
  }
  if (nth) {
    return divided(sentences, nth.num_paragraphs ?? 1)
      .map((part, index) => (index + 1 === nth.nth_paragraph ? `${nth.first_word} ${part}` : part))
      .join('\n\n');
  }
  return bullets === null ? sentences.join(' ') : listed(sentences, bullets);
}

function withSections(
  plan: Plan,
  sentences: readonly string[],
  { section_spliter: label = 'Section', num_sections: count = 1 }: InstructionArguments,
): string {
  const bullets = first(plan, 'detectable_format:number_bullet_lists')?.num_bullets ?? null;
  const parts = divided(sentences, count);
  const body = parts.map((part, index) => `${label} ${index + 1}\n${part}`).join('\n\n');
  return bullets === null
    ? body
    : `${body}\n\n${divided(sentences, bullets)
        .map((part) => `- ${part}`)
        .join('\n')}`;
}
