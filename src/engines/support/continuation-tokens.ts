/** A context and a continuation with the white space between them moved to the continuation, where tokenizers attach it. */
export function moveWhiteSpace(
  context: string,
  continuation: string,
): readonly [context: string, continuation: string] {
  const trimmed = context.trimEnd();
  // A context of nothing but white space must stay: there would be nothing left to condition on.
  return trimmed === '' ? [context, continuation] : [trimmed, context.slice(trimmed.length) + continuation];
}

/**
 * Index of the first token of the continuation in the tokens of the whole text: where they part from the tokens of the context alone. A
 * token in which the two merge belongs to the continuation. At least one token is left of a text that has any.
 */
export function continuationStart(context: readonly number[], whole: readonly number[]): number {
  const longest = Math.max(0, Math.min(context.length, whole.length - 1));
  let common = 0;
  while (common < longest && context[common] === whole[common]) common++;
  return common;
}
