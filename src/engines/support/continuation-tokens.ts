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
 * Index of the first token of the continuation in the tokens of the whole text: the number of tokens of the context alone, as lm-eval
 * cuts it. Where the two merge so that nothing would be left, the first token that differs from the context's.
 */
export function continuationStart(context: readonly number[], whole: readonly number[]): number {
  if (context.length < whole.length) return context.length;
  let common = 0;
  while (common < whole.length - 1 && context[common] === whole[common]) common++;
  return common;
}
