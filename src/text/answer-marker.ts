/** A phrase that announces an answer. */
export interface AnswerMarker {
  readonly start: number;
  /** Offset behind the phrase, its punctuation, emphasis and opening mathematics. */
  readonly end: number;
  /** `statement` for "the answer is", `label` for "Answer:" and headings. */
  readonly kind: 'statement' | 'label';
}

const quickMarker = /answer|答案/i;
const marker =
  /(?:answer|答案)(?:\s(?:to|for)\s(?:the|this|your)\s(?:question|problem|puzzle))?(?:\s?\([^()\n]{0,60}\))?["'`*_]{0,3}(?:\s{0,2}(?:((?:is|was|are|equals|will be|would be|should be|must be|comes (?:out )?to)(?![a-z])|=|是|为|→|->)|:)|(?=[ \t]{0,3}(?:\r?\n|[$\\\d])))/gi;
const opening = /(?:[\s:*_#$"'`]|\\[[(])*/y;

/** True when nothing but heading dress stands between the start of the line and the marker. */
const isHeading = (text: string, start: number): boolean => {
  const line = text.slice(Math.max(text.lastIndexOf('\n', start) + 1, start - 40), start);
  return /^[\s#*_>]*(?:(?:the|my|your)\s)?(?:(?:final|correct)\s)?$/i.test(line);
};

/** All phrases that announce an answer ("The answer is", "**Final Answer:**", "ANSWER:", "答案是"), in order; linear. */
export function answerMarkers(text: string): readonly AnswerMarker[] {
  if (!quickMarker.test(text)) return [];
  const found: AnswerMarker[] = [];
  for (const match of text.matchAll(marker)) {
    const start = match.index;
    const verb = match[1];
    const isBare = verb === undefined && !match[0].endsWith(':');
    if (isBare && !isHeading(text, start)) continue;
    opening.lastIndex = start + match[0].length;
    const end = opening.lastIndex + (opening.exec(text) as RegExpExecArray)[0].length;
    found.push({ start, end, kind: verb === undefined ? 'label' : 'statement' });
  }
  return found;
}

const choiceMarker =
  /\b(?:option|choice|selection)["'`*_]{0,3}(?:\s{0,2}(?:(?:is|was|would be|should be|must be)(?![a-z])|=)|\s?:)|\b(?:choose|chose|pick|select|go with|going with)\b\s?:?|选择?|选项/gi;

/** Further phrases that announce a choice ("the correct option is", "I choose"), in order; linear. */
export function choiceMarkers(text: string): readonly AnswerMarker[] {
  if (!/option|choice|choose|chose|pick|select|go(?:ing)? with|选/i.test(text)) return [];
  return Array.from(text.matchAll(choiceMarker), (match) => {
    const from = match.index + match[0].length;
    opening.lastIndex = from;
    return { start: match.index, end: from + (opening.exec(text) as RegExpExecArray)[0].length, kind: 'statement' };
  });
}

/**
 * Of positions in order, the ones a closing remark does not override: those before it, or all when there are none before it.
 */
export const beforeNote = <Item extends { readonly start: number }>(
  items: readonly Item[],
  noteStart: () => number,
): readonly Item[] => {
  // With one item there is nothing to choose from.
  const last = items.length > 1 ? items.at(-1) : undefined;
  if (last === undefined) return items;
  const note = noteStart();
  if (last.start < note) return items;
  const kept = items.filter(({ start }) => start < note);
  return kept.length > 0 ? kept : items;
};
