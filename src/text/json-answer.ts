/** The value of an `"answer"` member, JSON or nearly so. */
export interface JsonAnswer {
  /** The value without its quotes. */
  readonly content: string;
  readonly start: number;
  readonly end: number;
}

const member =
  /["'](?:(?:final|Final|FINAL)[_ ]?)?(?:[Aa]nswer|ANSWER|[Cc]hoice|CHOICE)["']\s{0,4}:\s{0,4}(?:"((?:[^"\\\n]|\\.){0,4000})"|'([^'\\\n]{0,4000})'|(-?[\w.$][\w.,$%-]{0,40})(?=\s{0,20}(?:[}\],\n]|$)))/g;

const quickMember = /(?:nswer|NSWER|hoice|HOICE)["']/;

/** Every `"answer": …` (also `final_answer`, `choice`) with a string, number or word as its value, in order; linear. */
export function findJsonAnswers(text: string): readonly JsonAnswer[] {
  if (!quickMember.test(text)) return [];
  const found: JsonAnswer[] = [];
  for (const match of text.matchAll(member)) {
    const content = ((match[1] ?? match[2] ?? match[3]) as string).replace(/,$/, '');
    const end = match.index + match[0].length - (match[3] === undefined ? 1 : 0);
    if (content.trim() !== '') found.push({ content, start: end - content.length, end });
  }
  return found;
}
