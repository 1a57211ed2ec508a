/**
 * Pairs left nodes with right ones so that as many as possible are paired (augmenting paths): `edges[i]` lists the right nodes that left
 * node i may take. Gives each left node's partner, null where it stays alone.
 */
export function maximumMatching(edges: readonly (readonly number[])[], rightCount: number): readonly (number | null)[] {
  const ownerOf: (number | null)[] = Array.from({ length: rightCount }, () => null);
  const augment = (left: number, visited: Set<number>): boolean =>
    (edges[left] ?? []).some((right) => {
      if (visited.has(right)) return false;
      visited.add(right);
      const owner = ownerOf[right] ?? null;
      if (owner !== null && !augment(owner, visited)) return false;
      ownerOf[right] = left;
      return true;
    });
  for (let left = 0; left < edges.length; left++) augment(left, new Set());
  const partners: (number | null)[] = edges.map(() => null);
  for (const [right, left] of ownerOf.entries()) if (left !== null) partners[left] = right;
  return partners;
}
