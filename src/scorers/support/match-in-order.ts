/** True when two lists are of one length and every pair of items in the same place matches. */
export function matchInOrder<A, B>(
  left: readonly A[],
  right: readonly B[],
  matches: (item: A, other: B) => boolean,
): boolean {
  if (left.length !== right.length) return false;
  const others = right.values();
  return left.every((item) => {
    const next = others.next();
    return next.done !== true && matches(item, next.value);
  });
}
