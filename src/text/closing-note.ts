const tailLength = 1500;
/** One of these stands in every closing remark; most texts have none and are done. */
const hint =
  /note|p\.?\s?s|n\.?\s?b|remark|disclaimer|reference|\(|some |others|one (?:m|c)|alternativ|common|confused|by the way|originally|if\b|had\b/i;
const labelled =
  /(?:^|\n|[.!?)}\]*$]\s{1,3})[\s>*_([-]{0,6}(?:(?:p\.\s?s|n\.\s?b)\.?[\s:,]|(?:side note|note|ps|nb|remark|disclaimer|for reference|footnote)\s?(?:\*{1,2})?\s?(?:[:,—]|- |that\b))/gi;
/** Openings of a last line or paragraph that speaks of other answers than its own. */
const aside =
  /(?:^|\n)[\s>*_([-]{0,6}(?:some (?:people|might|may|would|students|readers|others)|others (?:might|may|get|got|would|say|said)|one (?:might|may|could) (?:also )?(?:think|say|get|argue)|alternatively,|a common (?:mistake|error)|not to be confused|by the way|originally,|(?:if|had)\b[^\n.=]{0,120}\bwould)/gi;
const conditional =
  /\((?=[^()\n]{0,200}\b(?:if|would|otherwise|instead|not|note|some|might|could|although|though)\b)[^()\n]{1,300}\)[\s.!*$]*$/i;
const conclusion = /\b(?:so|therefore|thus|hence|final|in total|altogether)\b/i;

/**
 * Where a remark starts that closes a text after its conclusion (`Note: …`, `P.S. …`, a last parenthesis with "if" or "would");
 * the length of the text when there is none. What stands in it is not the answer as long as something before it is.
 */
export function closingNoteStart(text: string): number {
  const from = Math.max(0, text.length - tailLength);
  const tail = text.slice(from).trimEnd();
  const paragraph = Math.max(0, tail.lastIndexOf('\n\n'));
  const last = tail.slice(paragraph);
  if (!hint.test(last)) return text.length;
  for (const match of last.matchAll(labelled)) {
    const isLoose = match[0].toLowerCase().endsWith('that') && !match[0].includes('(');
    if (!isLoose || !conclusion.test(last.slice(match.index))) return from + paragraph + match.index;
  }
  for (const match of last.matchAll(aside)) {
    if (!conclusion.test(last.slice(match.index))) return from + paragraph + match.index;
  }
  const remark = conditional.exec(last.slice(-400));
  return remark === null ? text.length : from + paragraph + Math.max(0, last.length - 400) + remark.index;
}

/** `closingNoteStart` of a text, computed when it is first asked for. */
export function lazyClosingNote(text: string): () => number {
  let start: number | null = null;
  return () => (start ??= closingNoteStart(text));
}
