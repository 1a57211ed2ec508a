/** The numbers of a version: `0.8.5.post1` and `b6325` give 0, 8, 5 and 6325; null when it has none that order releases, as a build from source (`0.1.dev1`). */
function releaseOf(version: string): readonly number[] | null {
  const numbers = /^[vb]?(\d+(?:\.\d+)*)/.exec(version.trim())?.[1]?.split('.').map(Number);
  if (numbers === undefined) return null;
  return numbers[0] === 0 && (numbers[1] ?? 0) <= 1 && /dev/.test(version) ? null : numbers;
}

/** Orders two versions by their numbers: below 0 when the first is older. Candidates and later builds of a release count as that release; null when one of them cannot be ordered. */
export function compareVersions(first: string, second: string): number | null {
  const [a, b] = [releaseOf(first), releaseOf(second)];
  if (a === null || b === null) return null;
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** True when a version is the given one or newer; an unknown version counts as the newest. */
export const isAtLeast = (version: string | null, least: string): boolean =>
  version === null || (compareVersions(version, least) ?? 0) >= 0;
