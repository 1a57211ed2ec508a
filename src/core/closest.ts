/** Levenshtein distance in UTF-16 code units. */
function editDistance(a: string, b: string): number {
  // Distances from a beginning of `a` to each beginning of `b`, the empty one first.
  let distances = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 0; row < a.length; row++) {
    let [diagonal, left] = [row, row + 1];
    distances = distances.map((above, column) => {
      if (column > 0) left = Math.min(diagonal + (a[row] === b[column - 1] ? 0 : 1), above + 1, left + 1);
      diagonal = above;
      return left;
    });
  }
  return distances.at(-1) as number;
}

/** The name most like a mistyped one, by edit distance without regard to case; null when none is near (more than a third of its length away). */
export function closest(typed: string, names: readonly string[]): string | null {
  let best: { name: string; distance: number } | null = null;
  for (const name of names) {
    const distance = editDistance(typed.toLowerCase(), name.toLowerCase());
    if (best === null || distance < best.distance) best = { name, distance };
  }
  if (best === null || best.distance > Math.max(1, Math.ceil(Math.max(typed.length, best.name.length) / 3)))
    return null;
  return best.name;
}
