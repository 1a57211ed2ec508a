import type { Instruction, InstructionArguments } from './instruction.ts';

type Breaker = (text: string, given: InstructionArguments) => string;

const escaped = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const without = (text: string, words: readonly string[]): string =>
  words.reduce((rest, word) => rest.replace(new RegExp(escaped(word), 'gi'), ''), text);
const repeated = (piece: string, count = 0): string => piece.repeat(count + 1);
const isUpperBound = (relation: string | undefined): boolean => relation === 'less than';

const breakers: Readonly<Record<string, Breaker>> = {
  'keywords:existence': (text, { keywords = [] }) => without(text, keywords.slice(0, 1)),
  'keywords:frequency': (text, { keyword = '', relation, frequency }) =>
    isUpperBound(relation) ? text + repeated(` ${keyword}`, frequency) : without(text, [keyword]),
  'keywords:forbidden_words': (text, { forbidden_words: words = [] }) => `${text} ${words[0]}`,
  'keywords:letter_frequency': (text, { letter = '', let_relation: relation, let_frequency: count }) =>
    // Upstream counts another letter where a sign is asked for, so every letter goes.
    isUpperBound(relation) ? text + repeated(letter, count) : /^[a-z]$/i.test(letter) ? without(text, [letter]) : '…',
  'language:response_language': () => 'This is a short answer in English and there is nothing else in it.',
  'length_constraints:number_sentences': (text, { relation, num_sentences: count }) =>
    isUpperBound(relation) ? text + repeated(' One more here.', count) : text.replace(/[.?!]/g, ''),
  'length_constraints:number_paragraphs': (text) => `${text}\n***\nOne more.\n***\nAnd another.`,
  'length_constraints:number_words': (text, { relation, num_words: count = 0 }) =>
    isUpperBound(relation)
      ? text + repeated(' more', count)
      : text
          .split(/(?<=\s)/)
          .slice(0, Math.max(1, Math.floor(count / 4)))
          .join(''),
  'length_constraints:nth_paragraph_first_word': (text, { first_word: word = '' }) =>
    text.replace(new RegExp(`(^|\\n)(["']?)${escaped(word)}`, 'gi'), '$1$2other'),
  'detectable_content:number_placeholders': (text) => text.replace(/[[\]]/g, ''),
  'detectable_content:postscript': (text) => text.replace(/p\.\s?(?:p\.\s?)?s/gi, 'also'),
  'detectable_format:number_bullet_lists': (text) => `${text}\n- one more\n- and another`,
  'detectable_format:constrained_response': () => 'I would say maybe.',
  'detectable_format:number_highlighted_sections': (text) => text.replaceAll('*', ''),
  'detectable_format:multiple_sections': (text, { section_spliter: label = '' }) =>
    text.replace(new RegExp(`${escaped(label)}\\s?\\d+`, 'g'), 'next'),
  'detectable_format:json_format': (text) => `Here it is: ${text}`,
  'detectable_format:title': (text) => text.replace(/<<|>>/g, ''),
  'combination:two_responses': (text) => text.replaceAll('******', '\n'),
  'combination:repeat_prompt': (text) => `Sure. ${text}`,
  'startend:end_checker': (text) => `${text} That was it`,
  'startend:quotation': (text) => text.replaceAll('"', ''),
  'change_case:capital_word_frequency': (text, { capital_relation: relation, capital_frequency: count }) =>
    isUpperBound(relation) ? text + repeated(' LOUD', count) : text.toLowerCase(),
  'change_case:english_capital': (text) => `${text} and so`,
  'change_case:english_lowercase': (text) => `${text} And So`,
  'punctuation:no_comma': (text) => `${text}, yes`,
};

/** True of the one instruction that every text follows: at least one sentence. */
const isUnbreakable = ({ id, given }: Instruction): boolean =>
  id === 'length_constraints:number_sentences' && !isUpperBound(given.relation) && (given.num_sentences ?? 0) < 2;

/** A text that followed an instruction, changed so that it does not; null where every text follows it. Throws RangeError for an unknown instruction. */
export function breakInstruction(text: string, instruction: Instruction): string | null {
  const { id, given } = instruction;
  if (isUnbreakable(instruction)) return null;
  const breaker = breakers[id];
  if (!breaker) throw new RangeError(`IFEval has no instruction ${id}`);
  return breaker(text, given);
}
