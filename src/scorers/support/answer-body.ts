const specialToken = /<\|(?:im_end|im_start|endoftext|eot_id)\|>|<\/s>/;

/** The answer up to the first end-of-turn token that a server left in the text; the whole answer when there is none. */
export function answerBody(answer: string): string {
  if (!answer.includes('<|') && !answer.includes('</s>')) return answer;
  const at = answer.search(specialToken);
  return at < 0 ? answer : answer.slice(0, at);
}
